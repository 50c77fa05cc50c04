package dev.cultivar.objective;

import dev.cultivar.batch.Batch;
import dev.cultivar.evaluate.Direction;
import dev.cultivar.evaluate.Metric;
import dev.cultivar.nn.CriticHead;
import dev.cultivar.nn.HeldBuffers;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.LatentPictures;
import dev.cultivar.nn.Meaning;
import dev.cultivar.nn.Mode;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.NoGradient;
import dev.cultivar.nn.Pooling;
import dev.cultivar.nn.RowClassifier;
import dev.cultivar.recipe.PictureObjectiveRecipe;
import dev.cultivar.recipe.PictureObjectiveRecipe.CriticLoss;
import dev.cultivar.recipe.RecipeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/// The critic's turn of a GAN (Goodfellow et al., 2014): the backbone learns to tell pictures of the data from drawn ones, while the generator is
/// held fixed. So what it learns can be reused as that of any backbone.
///
/// Where it is a classifier as well (Salimans et al., 2016), rows with a label are told apart, and all of them from drawn ones; where the batch brings
/// other pictures without labels along, those from drawn ones instead: the few with labels would soon be known by heart.
///
/// Batches: `pixels` (B, C, H, W) and `noise` (B, Z); with Wasserstein's loss `mix` (B, 1); `labels` (B) where it reads classes, -100 where a row
/// has none, and `unlabelled` (U, C, H, W) where there are pictures without labels.
final class GanCritic implements Objective {
    private static final String REAL = "real";
    private static final String FAKE = "fake";
    private static final String PENALTY = "penalty";
    private static final String CLASSES = "classification";
    static final String UNLABELLED = "unlabelled";
    static final String FIRST = "the turn with gan_generator builds the generator before a step is made";

    private final Model model;
    private final PictureObjectiveRecipe.GanCritic recipe;
    private final Normalizing normalizing;
    private final Judge judge;
    private final PictureLabels told;
    private final Optional<Classification> classification;

    GanCritic(Model model, PictureObjectiveRecipe.GanCritic recipe, LabelFacts facts, double headDeviation) {
        this.model = model;
        this.recipe = recipe;
        this.normalizing = new Normalizing(facts.pictures());
        this.told = new PictureLabels(recipe.conditional(), "a GAN");
        if (recipe.classes()) {
            var classifier = RowClassifier.of(model, Pooling.CLS, Meaning.ONE_CLASS, facts.labels().size(), headDeviation);
            judge = new Judge.Classes(classifier);
            classification = Optional.of(new Classification(classifier, 0, new float[0], 0, facts.labels()));
        } else {
            judge = new Judge.Scored(model.backbone(), CriticHead.of(model, recipe.conditional() ? facts.labels().size() : 0));
            classification = Optional.empty();
        }
        requireOwnSlopes();
    }

    private void requireOwnSlopes() {
        Optional<String> together = model.backbone().indivisible(0);
        if (recipe.loss() instanceof CriticLoss.Wasserstein && together.isPresent()) {
            throw new RecipeException("objective gan_critic: the loss wasserstein keeps the slope of each picture's score at a length of 1, and this backbone's"
                    + " scores depend on the other pictures of the batch: " + together.get() + ". Give another backbone, or the loss hinge");
        }
    }

    private LatentPictures generator() {
        return LatentPictures.built(model, LatentPictures.Kind.GAN, FIRST);
    }

    /// Pictures that the generator draws, as the backbone reads them: (B, C, H, W). No gradient flows back, and its running statistics stay.
    private Tensor drawn(Inputs inputs, Optional<Tensor> labels, Mode mode) {
        try (var without = new NoGradient(); var held = new HeldBuffers(model.weights(), LatentPictures.Kind.GAN::owns)) {
            return normalizing.values(generator().pictures(inputs.tensor("noise"), labels, mode));
        }
    }

    private Tensor unlabelled(Inputs inputs) {
        return normalizing.values(inputs.tensor(UNLABELLED));
    }

    private Tensor scores(Inputs inputs, Tensor values, Optional<Tensor> labels, Mode mode) {
        return judge.scores(inputs.with(Normalizing.VALUES, values), labels, mode);
    }

    @Override
    public Denominators denominators(Batch batch) {
        long real = batch.has(UNLABELLED) ? batch.field(UNLABELLED).shape()[0] : batch.rows();
        Denominators per = Denominators.of(REAL, real).plus(Denominators.of(FAKE, batch.rows()));
        if (recipe.loss() instanceof CriticLoss.Wasserstein) {
            per = per.plus(Denominators.of(PENALTY, batch.rows()));
        }
        return recipe.classes() ? per.plus(Denominators.of(CLASSES, labelled(batch))) : per;
    }

    private static long labelled(Batch batch) {
        return IntStream.of(batch.ints("labels").values()).filter(label -> label != CrossEntropy.IGNORED).count();
    }

    @Override
    public Loss loss(Model whole, Inputs inputs, Mode mode) {
        Optional<Tensor> labels = told.of(inputs);
        Tensor real = normalizing.values(inputs.tensor(Normalizing.PIXELS));
        Tensor fake = drawn(inputs, labels, mode);
        List<Loss.Term> terms = new ArrayList<>();
        Tensor ofReal;
        if (judge instanceof Judge.Classes(RowClassifier classifier)) { // one pass for both terms
            Tensor all = inputs.has(UNLABELLED) ? torch.cat(new TensorVector(real, unlabelled(inputs)), 0) : real; // (B + U, C, H, W)
            Tensor logits = classifier.logits(inputs.with(Normalizing.VALUES, all), mode); // (B + U, K)
            Tensor labelled = logits.narrow(0, 0, real.size(0)); // (B, K)
            terms.add(new Loss.Term(CLASSES, CrossEntropy.sum(labelled, inputs.tensor("labels"), 0), 1));
            long others = logits.size(0) - real.size(0);
            ofReal = Judge.Classes.scores(others > 0 ? logits.narrow(0, real.size(0), others) : labelled);
        } else {
            ofReal = scores(inputs, real, labels, mode);
        }
        terms.add(new Loss.Term(REAL, GanLosses.real(recipe.loss().game(), ofReal).sum(), 1));
        terms.add(new Loss.Term(FAKE, GanLosses.fake(recipe.loss().game(), scores(inputs, fake, labels, mode)).sum(), 1));
        if (recipe.loss() instanceof CriticLoss.Wasserstein(double penalty)) {
            Tensor mix = inputs.tensor("mix").reshape(-1, 1, 1, 1); // (B, 1) -> (B, 1, 1, 1)
            Tensor between = real.add(fake.sub(real).mul(mix)).detach().requires_grad_(true);
            terms.add(new Loss.Term(PENALTY, GanLosses.penalty(between, scores(inputs, between, labels, mode)).sum(), penalty));
        }
        return new Loss(terms);
    }

    @Override
    public Optional<String> indivisible() {
        return GanGenerator.indivisible(generator());
    }

    @Override
    public boolean concurrent() {
        return true;
    }

    /// All but the generator's.
    @Override
    public boolean moves(String parameter) {
        return !LatentPictures.Kind.GAN.owns(parameter);
    }

    @Override
    public Measurement measurement(Model whole) {
        return new Scores(classification.map(each -> each.measurement(whole)));
    }

    /// How well it tells pictures of the data from drawn ones; before that, where it tells classes, how well it does so.
    private final class Scores implements Measurement {
        private final Optional<Measurement> ofClasses;
        private final GanScores halves = new GanScores();

        Scores(Optional<Measurement> ofClasses) {
            this.ofClasses = ofClasses;
        }

        @Override
        public void add(Inputs inputs) {
            ofClasses.ifPresent(classes -> classes.add(inputs));
            Optional<Tensor> labels = told.of(inputs);
            Tensor real = normalizing.values(inputs.tensor(Normalizing.PIXELS));
            halves.add(
                    scores(inputs, real, labels, Mode.INFERENCE),
                    scores(inputs, drawn(inputs, labels, Mode.INFERENCE), labels, Mode.INFERENCE),
                    inputs.batch().rows());
        }

        @Override
        public List<Metric> metrics() {
            List<Metric> metrics = new ArrayList<>(ofClasses.map(Measurement::metrics).orElse(List.of()));
            metrics.addAll(halves.metrics(recipe.loss().game(), Direction.HIGHER));
            return metrics;
        }

        @Override
        public Optional<Answers> classified() {
            return ofClasses.flatMap(Measurement::classified);
        }
    }
}

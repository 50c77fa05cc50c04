package dev.cultivar.objective;

import dev.cultivar.batch.Batch;
import dev.cultivar.evaluate.Direction;
import dev.cultivar.evaluate.Metric;
import dev.cultivar.nn.HeldBuffers;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.LatentPictures;
import dev.cultivar.nn.Mode;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.NoGradient;
import dev.cultivar.nn.PictureDrawing;
import dev.cultivar.recipe.PictureObjectiveRecipe;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/// The generator's turn of a GAN (Goodfellow et al., 2014): a network learns to draw pictures from noise that the critic, which is held fixed,
/// takes for pictures of the data.
///
/// Batches: `noise` (B, Z); `labels` (B) where pictures are drawn of a class; `pixels` (B, C, H, W) where it learns from the critic's features, and
/// to be measured; `unlabelled` (U, C, H, W) where a critic with classes learns from pictures without labels, whose features are met then.
final class GanGenerator implements Objective {
    private static final String SCORE = "generator";
    private static final String FEATURES = "features";
    private static final double LEAK = 0.2; // Radford et al., 2016, section 3

    private final Model model;
    private final LatentPictures generator;
    private final Normalizing normalizing;
    private final PictureLabels told;
    private final PictureObjectiveRecipe.GanGenerator recipe;

    GanGenerator(Model model, PictureObjectiveRecipe.GanGenerator recipe, LabelFacts facts) {
        this.model = model;
        this.recipe = recipe;
        this.normalizing = new Normalizing(facts.pictures());
        this.told = new PictureLabels(recipe.conditional(), "a GAN");
        PictureDrawing drawing = switch (recipe.generator()) {
            case PictureObjectiveRecipe.Drawing.Mlp(var hidden) -> new PictureDrawing.Dense(hidden, LEAK);
            case PictureObjectiveRecipe.Drawing.Dcgan(var channels) -> new PictureDrawing.Dcgan(channels);
        };
        this.generator = LatentPictures.of(model, new LatentPictures.Settings(
                LatentPictures.Kind.GAN, recipe.latent(), recipe.conditional() ? facts.labels().size() : 0, drawing, facts.pictures().shape(), true));
    }

    static Optional<String> indivisible(LatentPictures generator) {
        return generator.dependsOnBatch()
                ? Optional.of("the generator's batch norm computes with all pictures that are drawn at once")
                : Optional.empty();
    }

    @Override
    public Denominators denominators(Batch batch) {
        return recipe.features() ? Denominators.of(FEATURES, 1) : Denominators.of(SCORE, batch.rows());
    }

    @Override
    public Loss loss(Model whole, Inputs inputs, Mode mode) {
        Optional<Tensor> labels = told.of(inputs);
        Tensor fake = generator.pictures(inputs.tensor("noise"), labels, mode);
        Inputs drawn = normalizing.inputs(inputs, fake);
        Judge judge = Judge.built(model);
        try (var held = new HeldBuffers(model.weights(), name -> !LatentPictures.Kind.GAN.owns(name))) {
            return Loss.of(recipe.features()
                    ? new Loss.Term(FEATURES, features(judge, inputs, drawn, mode), 1)
                    : new Loss.Term(SCORE, GanLosses.drawn(recipe.loss(), judge.scores(drawn, labels, mode)).sum(), 1));
        }
    }

    /// The squared distance of the mean features of drawn pictures to those of pictures of the data (Salimans et al., 2016, section 3.1), a feature.
    private Tensor features(Judge judge, Inputs inputs, Inputs drawn, Mode mode) {
        Tensor real;
        try (var without = new NoGradient()) {
            Tensor pictures = inputs.tensor(inputs.has(GanCritic.UNLABELLED) ? GanCritic.UNLABELLED : Normalizing.PIXELS);
            real = judge.features(normalizing.inputs(inputs, pictures), mode).mean(0); // (B, F) -> (F)
        }
        return judge.features(drawn, mode).mean(0).sub(real).square().mean();
    }

    @Override
    public Optional<String> indivisible() {
        return recipe.features()
                ? Optional.of("the mean of the features over all pictures is compared")
                : indivisible(generator);
    }

    @Override
    public boolean concurrent() {
        return true;
    }

    /// The generator's alone.
    @Override
    public boolean moves(String parameter) {
        return LatentPictures.Kind.GAN.owns(parameter);
    }

    @Override
    public Measurement measurement(Model whole) {
        return new Scores();
    }

    /// How often the critic is fooled.
    private final class Scores implements Measurement {
        private final GanScores halves = new GanScores();

        @Override
        public void add(Inputs inputs) {
            Optional<Tensor> labels = told.of(inputs);
            Judge judge = Judge.built(model);
            Tensor fake = generator.pictures(inputs.tensor("noise"), labels, Mode.INFERENCE);
            halves.add(
                    judge.scores(normalizing.inputs(inputs, inputs.tensor(Normalizing.PIXELS)), labels, Mode.INFERENCE),
                    judge.scores(normalizing.inputs(inputs, fake), labels, Mode.INFERENCE),
                    inputs.batch().rows());
        }

        @Override
        public List<Metric> metrics() {
            return halves.metrics(recipe.loss(), Direction.LOWER);
        }
    }
}

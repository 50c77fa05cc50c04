package dev.cultivar.objective;

import dev.cultivar.batch.Batch;
import dev.cultivar.evaluate.ClassificationScores;
import dev.cultivar.evaluate.Metric;
import dev.cultivar.evaluate.Probabilities;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.LatentPictures;
import dev.cultivar.nn.Mode;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.PictureLikelihood;
import dev.cultivar.nn.VariationalEncoder;
import dev.cultivar.recipe.PictureObjectiveRecipe;
import dev.cultivar.torch.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/// A variational autoencoder (Kingma and Welling, 2014, equation 10): a picture becomes a distribution over a latent space, and a point that is
/// drawn from it becomes the picture again. The loss is a bound on how unlikely the picture is: what the drawing costs, and how far the
/// distribution is from the standard normal one, times beta (Higgins et al., 2017, equation 4).
///
/// Where it is conditional, both halves are told the picture's class (Kingma et al., 2014). The bound under each class then says how likely the
/// picture is as one of that class: with all classes alike beforehand, that makes a classifier of it.
///
/// Batches: `pixel_values` and `pixels` (B, C, H, W), `noise` (B, Z) and, where it is conditional, `labels` (B).
final class VariationalAutoencoder implements Objective {
    static final String RECONSTRUCTION = "reconstruction";
    static final String DIVERGENCE = "kl";

    private final VariationalEncoder encoder;
    private final LatentPictures decoder;
    private final PictureLikelihood likelihood;
    private final double beta;
    private final List<String> labels;
    private final PictureLabels classes;

    /// @param facts of the pictures and, where the model is conditional, of their labels
    VariationalAutoencoder(Model model, PictureObjectiveRecipe.Vae recipe, LabelFacts facts) {
        labels = recipe.conditional() ? facts.labels() : List.of();
        beta = recipe.beta();
        classes = new PictureLabels(recipe.conditional(), "a VAE");
        encoder = VariationalEncoder.of(model, recipe.latent(), labels.size());
        decoder = LatentPictures.of(model, new LatentPictures.Settings(
                LatentPictures.Kind.VAE, recipe.latent(), labels.size(), Autoencoder.drawing(model.backbone()), facts.pictures().shape(), true));
        likelihood = switch (recipe.likelihood()) {
            case BERNOULLI -> new PictureLikelihood.Bernoulli();
            case GAUSSIAN -> PictureLikelihood.Gaussian.of(model);
        };
    }

    /// The two parts of the bound.
    ///
    /// @param posterior of each picture
    /// @param logits    of what was drawn, (B, C, H, W)
    /// @param cost      of drawing, (B)
    /// @param kl        (B)
    record Bound(VariationalEncoder.Posterior posterior, Tensor logits, Tensor cost, Tensor kl) {
        /// What is above the negative logarithm of each picture's likelihood, (B)
        Tensor sum() {
            return cost.add(kl);
        }
    }

    /// @param noise (B, Z)
    Bound bound(Inputs inputs, Tensor features, Optional<Tensor> labelled, Tensor noise, Mode mode) {
        VariationalEncoder.Posterior posterior = encoder.posterior(features, labelled);
        Tensor logits = decoder.logits(posterior.sample(noise), labelled, mode);
        return new Bound(posterior, logits, likelihood.cost(logits, inputs.tensor(Normalizing.PIXELS)), posterior.divergence());
    }

    Bound bound(Inputs inputs, Mode mode) {
        return bound(inputs, encoder.features(inputs, mode), classes.of(inputs), inputs.tensor("noise"), mode);
    }

    @Override
    public Denominators denominators(Batch batch) {
        return Denominators.of(RECONSTRUCTION, batch.rows()).plus(Denominators.of(DIVERGENCE, batch.rows()));
    }

    @Override
    public Loss loss(Model model, Inputs inputs, Mode mode) {
        Bound bound = bound(inputs, mode);
        return Loss.of(new Loss.Term(RECONSTRUCTION, bound.cost().sum(), 1), new Loss.Term(DIVERGENCE, bound.kl().sum(), beta));
    }

    @Override
    public double headFlops(Model model) {
        return decoder.flops();
    }

    @Override
    public boolean concurrent() {
        return true;
    }

    /// How likely each picture is as one of each class: the bound's negative, (B, K). It is taken at the noise that the batch has; where it has
    /// none, at the middle of each picture's distribution.
    Tensor evidence(Inputs inputs) {
        Tensor features = encoder.features(inputs, Mode.INFERENCE);
        Tensor noise = noise(inputs, features.size(0));
        List<Tensor> each = new ArrayList<>();
        for (int label = 0; label < labels.size(); label++) {
            int[] same = new int[Math.toIntExact(features.size(0))];
            java.util.Arrays.fill(same, label);
            Optional<Tensor> asked = Optional.of(Tensors.ofInts(same, same.length));
            each.add(bound(inputs, features, asked, noise, Mode.INFERENCE).sum().neg());
        }
        return torch.stack(new TensorVector(each.toArray(new Tensor[0])), 1);
    }

    private Tensor noise(Inputs inputs, long rows) {
        return inputs.has("noise")
                ? inputs.tensor("noise")
                : Tensors.ofFloats(new float[Math.toIntExact(rows) * encoder.latent()], rows, encoder.latent());
    }

    @Override
    public Measurement measurement(Model model) {
        return new Scores();
    }

    /// The bound itself, with beta 1, and its parts, a picture; where the model is conditional and pictures have labels, also what it is worth
    /// as a classifier.
    private final class Scores implements Measurement {
        private final RowLosses bounds = new RowLosses("negative_elbo");
        private final RowLosses costs = new RowLosses("reconstruction");
        private final RowLosses divergences = new RowLosses("kl");
        private final List<Integer> gold = new ArrayList<>();
        private final List<Long> origins = new ArrayList<>();
        private final RowNumbers chances = new RowNumbers(Math.max(1, labels.size()));

        @Override
        public void add(Inputs inputs) {
            Tensor features = encoder.features(inputs, Mode.INFERENCE);
            Bound bound = bound(inputs, features, classes.of(inputs), noise(inputs, features.size(0)), Mode.INFERENCE);
            float[] cost = Tensors.floats(bound.cost());
            float[] kl = Tensors.floats(bound.kl());
            int rows = inputs.batch().rows();
            for (int row = 0; row < rows; row++) {
                costs.add(cost[row], 1);
                divergences.add(kl[row], 1);
                bounds.add((double) cost[row] + kl[row], 1);
            }
            if (!labels.isEmpty()) {
                int[] labelled = inputs.batch().ints("labels").values();
                for (int row = 0; row < rows; row++) {
                    gold.add(labelled[row]);
                    origins.add(inputs.batch().origin()[row]);
                }
                chances.add(Tensors.floats(torch.softmax(evidence(inputs), 1)), rows);
            }
        }

        @Override
        public List<Metric> metrics() {
            List<Metric> metrics = new ArrayList<>();
            for (RowLosses each : List.of(bounds, costs, divergences)) {
                metrics.add(each.scores().loss());
            }
            if (!labels.isEmpty()) {
                metrics.addAll(ClassificationScores.of(gold.stream().mapToInt(Integer::intValue).toArray(), chances.all(), labels).metrics());
            }
            return metrics;
        }

        /// By the bound under each class.
        @Override
        public Optional<Answers> classified() {
            if (labels.isEmpty()) {
                return Optional.empty();
            }
            var each = new Probabilities(labels.size(), chances.all());
            return Optional.of(new Answers(
                    labels,
                    gold.stream().mapToInt(Integer::intValue).toArray(),
                    IntStream.range(0, each.rows()).map(each::top).toArray(),
                    each,
                    origins.stream().mapToLong(Long::longValue).toArray()));
        }
    }
}

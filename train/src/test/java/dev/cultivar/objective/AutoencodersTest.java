package dev.cultivar.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cultivar.batch.Batch;
import dev.cultivar.batch.DataException;
import dev.cultivar.batch.PictureFacts;
import dev.cultivar.evaluate.Metric;
import dev.cultivar.loop.Evaluations;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.LatentPictures;
import dev.cultivar.nn.Mode;
import dev.cultivar.recipe.ObjectiveRecipe;
import dev.cultivar.recipe.PictureObjectiveRecipe;
import dev.cultivar.recipe.PictureObjectiveRecipe.Corruption;
import dev.cultivar.recipe.PictureObjectiveRecipe.Likelihood;
import dev.cultivar.recipe.PictureObjectiveRecipe.Reconstruction;
import dev.cultivar.recipe.RecipeException;
import dev.cultivar.torch.Scope;
import dev.cultivar.torch.Tensors;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What autoencoders see, draw and pay, beside plain computations of the same.
class AutoencodersTest {
    private static final int ROWS = 6;
    private static final int LATENT = 3;

    private static PictureObjectiveRecipe.Autoencoder plain(Corruption corruption, Reconstruction loss) {
        return new PictureObjectiveRecipe.Autoencoder(corruption, loss);
    }

    private static PictureObjectiveRecipe.Vae vae(double beta, boolean conditional, Likelihood likelihood) {
        return new PictureObjectiveRecipe.Vae(LATENT, beta, conditional, likelihood);
    }

    private static Batch noisy(int from, int to) {
        return PictureTrial.pictures(from, to).floats("noise", PictureTrial.numbers("noise", from, to, LATENT, true), to - from, LATENT).build();
    }

    private static double total(PictureTrial trial, Batch batch) {
        try (var scope = Scope.open()) {
            return trial.objective().loss(trial.model(), Inputs.of(batch), Mode.INFERENCE).over(trial.objective().denominators(batch));
        }
    }

    private static float[] drawn(PictureTrial trial, Batch batch) {
        try (var scope = Scope.open()) {
            return Tensors.floats(((Autoencoder) trial.objective()).reconstruction(Inputs.of(batch), Mode.INFERENCE));
        }
    }

    private static double mean(float[] drawn, float[] pixels, boolean square) {
        return IntStream.range(0, drawn.length)
                .mapToDouble(i -> square
                        ? Math.pow(drawn[i] - pixels[i], 2)
                        : -pixels[i] * Math.log(drawn[i]) - (1 - pixels[i]) * Math.log(1 - drawn[i]))
                .average()
                .orElseThrow();
    }

    @ParameterizedTest
    @EnumSource(Reconstruction.class)
    void aDifferenceCostsWhatTheFormulaSays(Reconstruction loss) {
        Batch batch = PictureTrial.pictures(0, ROWS).build();
        for (Map<String, Object> backbone : List.of(PictureTrial.encoder(3, 4), PictureTrial.mlp(16), PictureTrial.config("cnn", "filters", List.of(4), "kernel_size", 3))) {
            try (var trial = PictureTrial.of(backbone, PictureTrial.LABELLED, plain(new Corruption.None(), loss))) {
                float[] drawn = drawn(trial, batch);
                assertThat(drawn).hasSize(ROWS * 64);
                double expected = mean(drawn, batch.floats("pixels").values(), loss == Reconstruction.MSE);
                assertThat(total(trial, batch)).isCloseTo(expected, within(1e-5));
                List<Metric> metrics = Evaluations.measure(trial.objective().measurement(trial.model()), List.of(batch));
                assertThat(metrics.getFirst().name()).isEqualTo("reconstruction_error");
                assertThat(metrics.getFirst().value()).isCloseTo(mean(drawn, batch.floats("pixels").values(), true), within(1e-5));
                assertThat(metrics.getFirst().low()).isLessThan(metrics.getFirst().value());
                assertThat(metrics).hasSize(loss == Reconstruction.BCE ? 2 : 1);
            }
        }
    }

    /// The backbone sees the spoilt picture; what it is compared with is the sound one.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aSpoiltPictureIsSeenAndTheSoundOneIsDrawn(boolean mask) {
        int values = ROWS * 64;
        float[] corruption = PictureTrial.numbers("corruption", 0, ROWS, 64, true);
        Batch clean = PictureTrial.pictures(0, ROWS).build();
        float[] pixels = clean.floats("pixels").values();
        float[] spoilt = new float[values];
        for (int i = 0; i < values; i++) {
            corruption[i] = mask ? (corruption[i] > 0.5 ? 1 : 0) : corruption[i];
            spoilt[i] = mask ? pixels[i] * (1 - corruption[i]) : pixels[i] + 0.3f * corruption[i];
        }
        Batch batch = PictureTrial.pictures(0, ROWS).floats("corruption", corruption, ROWS, 1, 8, 8).build();
        Batch seen = PictureTrial.pictures(0, ROWS).floats("pixel_values", PictureTrial.normalized(spoilt), ROWS, 1, 8, 8).build();
        Corruption how = mask ? new Corruption.Mask(0.3) : new Corruption.Gaussian(0.3);
        try (var denoising = PictureTrial.of(PictureTrial.encoder(3, 4), PictureTrial.LABELLED, plain(how, Reconstruction.MSE));
                var same = PictureTrial.of(PictureTrial.encoder(3, 4), PictureTrial.LABELLED, plain(new Corruption.None(), Reconstruction.MSE))) {
            assertThat(total(denoising, batch)).isCloseTo(total(same, seen), within(1e-6));
            assertThat(total(denoising, batch)).isNotCloseTo(total(same, clean), within(1e-6));
        }
    }

    /// Sizes that halve to odd ones come back as they were.
    @Test
    void picturesOfAnySizeAreDrawnInTheirOwn() {
        int[][] sizes = {{1, 7, 5}, {3, 9, 12}, {2, 1, 3}};
        for (int[] size : sizes) {
            var shape = new dev.cultivar.batch.PictureShape(size[0], size[1], size[2]);
            var facts = LabelFacts.NONE.with(PictureFacts.plain(shape));
            float[] pixels = new float[2 * shape.values()];
            Batch batch = Batch.of(0, 1).floats("pixels", pixels, 2, size[0], size[1], size[2])
                    .floats("pixel_values", pixels, 2, size[0], size[1], size[2]).build();
            for (Map<String, Object> backbone : List.of(
                    PictureTrial.config("conv_encoder", "channels", List.of(2, 3, 4), "num_channels", size[0], "image_size", List.of(size[1], size[2])),
                    PictureTrial.config("cnn", "filters", List.of(2), "pool_size", 1, "kernel_size", 3, "num_channels", size[0], "image_size", List.of(size[1], size[2])))) {
                try (var trial = PictureTrial.of(backbone, facts, plain(new Corruption.None(), Reconstruction.MSE))) {
                    assertThat(drawn(trial, batch)).hasSize(pixels.length);
                }
            }
        }
    }

    @Test
    void stepsMeanTheSameHoweverTheirRowsAreCut() {
        for (ObjectiveRecipe recipe : List.of(
                plain(new Corruption.None(), Reconstruction.MSE), vae(2, false, Likelihood.BERNOULLI), vae(1, true, Likelihood.GAUSSIAN))) {
            PictureTrial.Outcome whole = outcome(recipe, 1, noisy(0, ROWS));
            assertThat(whole.losses()).hasSize(3);
            assertThat(whole.losses().getLast().get("loss")).isLessThan(whole.losses().getFirst().get("loss"));
            assertThat(outcome(recipe, 1, noisy(0, 1), noisy(1, ROWS)).from(whole)).isLessThan(1e-3);
            assertThat(outcome(recipe, 2, noisy(0, ROWS)).from(whole)).isLessThan(1e-3);
        }
    }

    private static PictureTrial.Outcome outcome(ObjectiveRecipe recipe, int replicas, Batch... micro) {
        try (var trial = PictureTrial.of(PictureTrial.encoder(3, 4), PictureTrial.LABELLED, recipe)) {
            return trial.steps(3, 1e-3, replicas, micro);
        }
    }

    /// The two terms of equation 10, and beta.
    @ParameterizedTest
    @EnumSource(Likelihood.class)
    void aVaesTermsAreThoseOfTheFormula(Likelihood likelihood) {
        Batch batch = noisy(0, ROWS);
        try (var trial = PictureTrial.of(PictureTrial.encoder(3, 4), PictureTrial.LABELLED, vae(0.25, false, likelihood)); var scope = Scope.open()) {
            var objective = (VariationalAutoencoder) trial.objective();
            VariationalAutoencoder.Bound bound = objective.bound(Inputs.of(batch), Mode.INFERENCE);
            float[] mean = Tensors.floats(bound.posterior().mean());
            float[] logVariance = Tensors.floats(bound.posterior().logVariance());
            float[] logits = Tensors.floats(bound.logits());
            float[] pixels = batch.floats("pixels").values();
            double kl = 0;
            for (int i = 0; i < mean.length; i++) {
                kl -= 0.5 * (1 + logVariance[i] - mean[i] * mean[i] - Math.exp(logVariance[i]));
            }
            double cost = 0;
            for (int i = 0; i < logits.length; i++) {
                double drawn = 1 / (1 + Math.exp(-logits[i]));
                cost += likelihood == Likelihood.BERNOULLI
                        ? -pixels[i] * Math.log(drawn) - (1 - pixels[i]) * Math.log(1 - drawn)
                        : 0.5 * Math.pow((drawn - pixels[i]) / Math.exp(-1), 2) - 1 + 0.5 * Math.log(2 * Math.PI); // log of the first deviation is -1
            }
            Loss loss = objective.loss(trial.model(), Inputs.of(batch), Mode.INFERENCE);
            assertThat(loss.terms()).extracting(Loss.Term::name).containsExactly("reconstruction", "kl");
            assertThat(Tensors.item(loss.terms().get(0).sum())).isCloseTo(cost, within(1e-2));
            assertThat(Tensors.item(loss.terms().get(1).sum())).isCloseTo(kl, within(1e-4));
            assertThat(loss.over(objective.denominators(batch))).isCloseTo((cost + 0.25 * kl) / ROWS, within(1e-3));
        }
    }

    /// Of a row that is told its own class, the evidence is the bound that training pays, turned around.
    @Test
    void theEvidenceUnderARowsOwnClassIsItsBound() {
        Batch batch = noisy(0, ROWS);
        try (var trial = PictureTrial.of(PictureTrial.encoder(3, 4), PictureTrial.LABELLED, vae(1, true, Likelihood.BERNOULLI)); var scope = Scope.open()) {
            var objective = (VariationalAutoencoder) trial.objective();
            float[] evidence = Tensors.floats(objective.evidence(Inputs.of(batch))); // (B, K)
            float[] bound = Tensors.floats(objective.bound(Inputs.of(batch), Mode.INFERENCE).sum());
            for (int row = 0; row < ROWS; row++) {
                assertThat(evidence[row * 3 + row % 3]).isCloseTo(-bound[row], within(1e-3f));
                assertThat(evidence[row * 3 + (row + 1) % 3]).isNotCloseTo(-bound[row], within(1e-3f));
            }
        }
    }

    @Test
    void aConditionalVaeIsMeasuredAsAClassifier() {
        Batch batch = PictureTrial.pictures(0, 30).build(); // no noise: the middle of each distribution
        try (var trial = PictureTrial.of(PictureTrial.mlp(12), PictureTrial.LABELLED, vae(1, true, Likelihood.BERNOULLI))) {
            List<Metric> metrics = Evaluations.measure(trial.objective().measurement(trial.model()), List.of(batch));
            assertThat(metrics).extracting(Metric::name).startsWith("negative_elbo", "reconstruction", "kl").contains("accuracy", "macro_f1");
            Metric accuracy = metrics.stream().filter(metric -> metric.name().equals("accuracy")).findFirst().orElseThrow();
            assertThat(accuracy.low()).isLessThan(accuracy.value());
            assertThat(accuracy.high()).isGreaterThan(accuracy.value());
        }
        try (var trial = PictureTrial.of(PictureTrial.mlp(12), PictureTrial.LABELLED, vae(1, false, Likelihood.BERNOULLI))) {
            assertThat(Evaluations.measure(trial.objective().measurement(trial.model()), List.of(batch)))
                    .extracting(Metric::name)
                    .containsExactly("negative_elbo", "reconstruction", "kl");
        }
    }

    /// It learns which class is which: after a few steps on pictures whose brightness is their class, it tells them.
    @Test
    void aConditionalVaeLearnsToTellClasses() {
        Batch.Builder batch = PictureTrial.pictures(0, 30);
        float[] pixels = new float[30 * 64];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = 0.1f + 0.4f * (i / 64 % 3);
        }
        Batch bright = batch.floats("pixels", pixels, 30, 1, 8, 8).floats("pixel_values", PictureTrial.normalized(pixels), 30, 1, 8, 8)
                .floats("noise", PictureTrial.numbers("noise", 0, 30, LATENT, true), 30, LATENT).build();
        try (var trial = PictureTrial.of(PictureTrial.mlp(12), PictureTrial.LABELLED, vae(1, true, Likelihood.BERNOULLI))) {
            trial.steps(1000, 4e-3, 1, bright);
            Metric accuracy = Evaluations.measure(trial.objective().measurement(trial.model()), List.of(bright)).stream()
                    .filter(metric -> metric.name().equals("accuracy"))
                    .findFirst()
                    .orElseThrow();
            assertThat(accuracy.value()).isGreaterThan(0.8);
        }
    }

    @Test
    void aConditionalOneNeedsALabelForEachRow() {
        Batch batch = PictureTrial.pictures(0, 2).ints("labels", new int[] {1, -100}, 2)
                .floats("noise", new float[2 * LATENT], 2, LATENT).build();
        try (var trial = PictureTrial.of(PictureTrial.encoder(2), PictureTrial.LABELLED, vae(1, true, Likelihood.BERNOULLI))) {
            assertThatThrownBy(() -> total(trial, batch)).isInstanceOf(DataException.class).hasMessageContaining("row 1 has no label");
        }
        assertThatThrownBy(() -> PictureTrial.of(
                        PictureTrial.encoder(2), LabelFacts.NONE.with(PictureTrial.FACTS), vae(1, true, Likelihood.BERNOULLI)))
                .isInstanceOf(RecipeException.class)
                .hasMessageContaining("the data name none");
    }

    @Test
    void dataWithoutPicturesAreRefused() {
        assertThatThrownBy(() -> PictureTrial.of(PictureTrial.encoder(2), LabelFacts.NONE, plain(new Corruption.None(), Reconstruction.MSE)))
                .isInstanceOf(RecipeException.class)
                .hasMessageContaining("give data of kind images");
    }

    /// What draws is asked for a class exactly where it knows some.
    @Test
    void aClassIsAskedForWhereThereAreSome() {
        try (var trial = PictureTrial.of(PictureTrial.encoder(2), PictureTrial.LABELLED, vae(1, true, Likelihood.BERNOULLI)); var scope = Scope.open()) {
            LatentPictures decoder = LatentPictures.built(trial.model(), LatentPictures.Kind.VAE, "");
            assertThatThrownBy(() -> decoder.pictures(Tensors.ofFloats(new float[LATENT], 1, LATENT), Optional.empty(), Mode.INFERENCE))
                    .hasMessageContaining("must be asked for a class of 3");
            float[] a = Tensors.floats(decoder.pictures(Tensors.ofFloats(new float[LATENT], 1, LATENT), Optional.of(Tensors.ofInts(new int[] {0}, 1)), Mode.INFERENCE));
            float[] b = Tensors.floats(decoder.pictures(Tensors.ofFloats(new float[LATENT], 1, LATENT), Optional.of(Tensors.ofInts(new int[] {1}, 1)), Mode.INFERENCE));
            assertThat(a).hasSize(64).isNotEqualTo(b);
            for (float value : a) {
                assertThat(value).isBetween(0f, 1f);
            }
        }
    }
}

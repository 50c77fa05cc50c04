package dev.cultivar.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cultivar.batch.Batch;
import dev.cultivar.batch.Draw;
import dev.cultivar.batch.PictureFacts;
import dev.cultivar.batch.PictureShape;
import dev.cultivar.evaluate.Metric;
import dev.cultivar.loop.Evaluations;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.Mode;
import dev.cultivar.nn.PatchPainter;
import dev.cultivar.recipe.ObjectiveRecipe;
import dev.cultivar.recipe.PictureObjectiveRecipe;
import dev.cultivar.recipe.RecipeException;
import dev.cultivar.torch.Scope;
import dev.cultivar.torch.Tensors;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Tasks that pictures set themselves, and few labels with many pictures: each beside a plain computation of the same.
class PictureTasksTest {
    private static final int ROWS = 6;
    private static final Map<String, Object> VIT = PictureTrial.config(
            "vit", "patch_size", 2, "hidden_size", 12, "num_hidden_layers", 2, "num_attention_heads", 2, "intermediate_size", 16);

    private static PictureTrial trial(ObjectiveRecipe recipe) {
        return PictureTrial.of(recipe instanceof PictureObjectiveRecipe.MaskedPatches ? VIT : PictureTrial.encoder(3, 4), PictureTrial.LABELLED, recipe);
    }

    private static double total(PictureTrial trial, Batch batch) {
        try (var scope = Scope.open()) {
            return trial.objective().loss(trial.model(), Inputs.of(batch), Mode.INFERENCE).over(trial.objective().denominators(batch));
        }
    }

    // SimCLR

    private static final PictureObjectiveRecipe.SimClr VIEWS = new PictureObjectiveRecipe.SimClr(0.2, 7);

    private static Batch views(int from, int to) {
        return PictureTrial.pictures(from, to)
                .floats("second_view", PictureTrial.numbers("view", from, to, 64, true), to - from, 1, 8, 8)
                .build();
    }

    /// Equation 1 of the paper, in float64: views 2i and 2i + 1 belong together.
    private static double[] crossEntropies(float[] vectors, int width, double temperature) {
        int views = vectors.length / width;
        double[] costs = new double[views];
        for (int i = 0; i < views; i++) {
            double sum = 0;
            double right = 0;
            for (int j = 0; j < views; j++) {
                double cosine = 0;
                for (int d = 0; d < width; d++) {
                    cosine += (double) vectors[i * width + d] * vectors[j * width + d];
                }
                sum += j == i ? 0 : Math.exp(cosine / temperature);
                right = j == (i ^ 1) ? cosine / temperature : right;
            }
            costs[i] = Math.log(sum) - right;
        }
        return costs;
    }

    @Test
    void twoViewsPayWhatTheFormulaSays() {
        try (var trial = trial(VIEWS); var scope = Scope.open()) {
            float[] vectors = trial.objective().together().orElseThrow().see(trial.model(), Inputs.of(views(0, ROWS)), Mode.INFERENCE);
            assertThat(vectors).hasSize(ROWS * 2 * 7);
            double length = IntStream.range(0, 7).mapToDouble(d -> vectors[d] * vectors[d]).sum();
            assertThat(length).isCloseTo(1, within(1e-5));
            double[] costs = crossEntropies(vectors, 7, 0.2);
            assertThat(total(trial, views(0, ROWS))).isCloseTo(IntStream.range(0, costs.length).mapToDouble(i -> costs[i]).average().orElseThrow(), within(1e-5));
        }
    }

    /// Views of all micro-batches are one another's negatives: the step of one large batch, by micro-batches and by replicas.
    @Test
    void viewsOfAllMicroBatchesAreCompared() {
        PictureTrial.Outcome whole = outcome(VIEWS, 0.05, 1, views(0, ROWS));
        assertThat(whole.losses().getLast().get("loss")).isLessThan(whole.losses().getFirst().get("loss"));
        assertThat(outcome(VIEWS, 0.05, 1, views(0, 2), views(2, 3), views(3, ROWS)).from(whole)).isLessThan(5e-5);
        assertThat(outcome(VIEWS, 0.05, 2, views(0, ROWS)).from(whole)).isLessThan(5e-5);
        double half = outcome(VIEWS, 0.05, 1, views(0, 3)).loss();
        assertThat(whole.loss()).isGreaterThan(half + 0.1);
    }

    private static PictureTrial.Outcome outcome(ObjectiveRecipe recipe, double rate, int replicas, Batch... micro) {
        try (var trial = trial(recipe)) {
            return trial.steps(3, rate, replicas, micro);
        }
    }

    @Test
    void viewsThatAreTheSameAreFound() {
        Batch.Builder same = PictureTrial.pictures(0, 20);
        Batch alike = same.floats("second_view", PictureTrial.pictures(0, 20).build().floats("pixel_values").values(), 20, 1, 8, 8).build();
        try (var trial = trial(VIEWS)) {
            assertThat(accuracy(trial, alike, "view_accuracy").value()).isEqualTo(1);
            Metric strangers = accuracy(trial, views(0, 20), "view_accuracy");
            assertThat(strangers.value()).isLessThan(0.5);
            assertThat(strangers.high()).isGreaterThan(strangers.value());
        }
    }

    private static Metric accuracy(PictureTrial trial, Batch batch, String name) {
        return Evaluations.measure(trial.objective().measurement(trial.model()), List.of(batch)).stream()
                .filter(metric -> metric.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whichPicturesAreMeasuredTogetherMovesNoScore() {
        try (var trial = trial(VIEWS)) {
            List<Metric> whole = Evaluations.measure(trial.objective().measurement(trial.model()), List.of(views(0, 40)));
            List<Batch> alone = IntStream.range(0, 40).mapToObj(row -> views(row, row + 1)).toList();
            List<Metric> each = Evaluations.measure(trial.objective().measurement(trial.model()), alone);
            assertThat(each.getFirst().value()).isEqualTo(whole.getFirst().value()).isLessThan(0.5);
            assertThat(each.getLast().value()).isCloseTo(whole.getLast().value(), within(1e-5));
            float[] vectors;
            try (var scope = Scope.open()) {
                vectors = trial.objective().together().orElseThrow().see(trial.model(), Inputs.of(views(0, 32)), Mode.INFERENCE);
            }
            try (var first = trial(VIEWS)) {
                List<Metric> thirtyTwo = Evaluations.measure(first.objective().measurement(first.model()), List.of(views(0, 32)));
                double[] costs = crossEntropies(vectors, 7, 0.2);
                assertThat(thirtyTwo.getLast().value()).isCloseTo(IntStream.range(0, 64).mapToDouble(i -> costs[i]).average().orElseThrow(), within(1e-5));
            }
        }
    }

    /// In bfloat16 losses are what they are in float32, as nearly as that can say.
    @Test
    void everyObjectiveComputesInBfloat16() {
        var none = new PictureObjectiveRecipe.Corruption.None();
        Batch every = PictureTrial.pictures(0, ROWS)
                .field("second_view", views(0, ROWS).field("second_view"))
                .field("weak", mixed(0, ROWS).field("weak"))
                .field("strong", mixed(0, ROWS).field("strong"))
                .field("masked", masked(0, ROWS).field("masked"))
                .floats("noise", PictureTrial.numbers("noise", 0, ROWS, 5, true), ROWS, 5)
                .floats("mix", PictureTrial.numbers("mix", 0, ROWS, 1, false), ROWS, 1)
                .build();
        List<ObjectiveRecipe[]> all = List.of(
                one(new PictureObjectiveRecipe.Autoencoder(none, PictureObjectiveRecipe.Reconstruction.BCE)),
                one(new PictureObjectiveRecipe.Vae(5, 1, true, PictureObjectiveRecipe.Likelihood.GAUSSIAN)),
                one(VIEWS), one(new PictureObjectiveRecipe.Rotation()), one(few(0.3, 1)), one(PATCHES),
                new ObjectiveRecipe[] {
                    new PictureObjectiveRecipe.GanCritic(new PictureObjectiveRecipe.CriticLoss.Wasserstein(10), true, false),
                    new PictureObjectiveRecipe.GanGenerator(new PictureObjectiveRecipe.Drawing.Dcgan(List.of(6, 4)), 5, PictureObjectiveRecipe.Game.WASSERSTEIN, true, false)
                });
        for (ObjectiveRecipe[] recipes : all) {
            Map<String, Object> backbone = recipes[0] == PATCHES ? VIT : PictureTrial.encoder(3, 4);
            try (var exact = PictureTrial.of(backbone, PictureTrial.LABELLED, recipes); var reduced = PictureTrial.of(backbone, PictureTrial.LABELLED, recipes)) {
                Map<String, Double> expected = exact.steps(1, 1e-4, 1, false, every).losses().getFirst();
                Map<String, Double> got = reduced.steps(1, 1e-4, 1, true, every).losses().getFirst();
                assertThat(got.keySet()).isEqualTo(expected.keySet());
                expected.forEach((term, value) -> assertThat(got.get(term)).as(term).isCloseTo(value, within(0.03 * Math.max(1, Math.abs(value)))));
            }
        }
    }

    private static ObjectiveRecipe[] one(ObjectiveRecipe recipe) {
        return new ObjectiveRecipe[] {recipe};
    }

    // rotation

    /// A quarter turns the upper right corner to the upper left.
    @Test
    void picturesAreTurnedByQuarters() {
        try (var scope = Scope.open()) {
            Tensor turned = Rotation.turned(Tensors.ofFloats(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, 2, 1, 2, 2));
            assertThat(Tensors.floats(turned)).containsExactly(
                    1, 2, 3, 4, 5, 6, 7, 8,
                    2, 4, 1, 3, 6, 8, 5, 7,
                    4, 3, 2, 1, 8, 7, 6, 5,
                    3, 1, 4, 2, 7, 5, 8, 6);
            assertThat(Rotation.quarters(2)).containsExactly(0, 0, 1, 1, 2, 2, 3, 3);
        }
    }

    /// Pictures with a bright corner tell how they were turned.
    @Test
    void aCornerTellsTheQuarter() {
        float[] pixels = PictureTrial.numbers("pixels", 0, 12, 64, false);
        for (int i = 0; i < pixels.length; i++) {
            int at = i % 64;
            pixels[i] = 0.1f * pixels[i] + (at / 8 < 3 && at % 8 < 3 ? 0.9f : 0);
        }
        Batch batch = PictureTrial.pictures(0, 12).floats("pixel_values", PictureTrial.normalized(pixels), 12, 1, 8, 8).build();
        try (var trial = trial(new PictureObjectiveRecipe.Rotation())) {
            assertThat(trial.objective().denominators(batch).of("rotation")).isEqualTo(48);
            Metric before = accuracy(trial, batch, "rotation_accuracy");
            assertThat(before.value()).isLessThan(0.8);
            trial.steps(60, 0.2, 1, batch);
            Metric after = accuracy(trial, batch, "rotation_accuracy");
            assertThat(after.value()).isEqualTo(1);
            assertThat(after.low()).isBetween(0.7, 0.8); // twelve pictures, as Wilson has it
        }
        PictureTrial.Outcome whole = outcome(new PictureObjectiveRecipe.Rotation(), 0.1, 1, PictureTrial.pictures(0, ROWS).build());
        assertThat(outcome(new PictureObjectiveRecipe.Rotation(), 0.1, 1, PictureTrial.pictures(0, 2).build(), PictureTrial.pictures(2, ROWS).build()).from(whole))
                .isLessThan(1e-5);
    }

    @Test
    void picturesThatAreNotSquareAreNotTurned() {
        var facts = LabelFacts.NONE.with(PictureFacts.plain(new PictureShape(1, 8, 6)));
        assertThatThrownBy(() -> PictureTrial.of(
                        PictureTrial.config("conv_encoder", "channels", List.of(2), "image_size", List.of(8, 6)), facts, new PictureObjectiveRecipe.Rotation()))
                .isInstanceOf(RecipeException.class)
                .hasMessageContaining("as high as wide");
    }

    // FixMatch

    private static PictureObjectiveRecipe.FixMatch few(double threshold, double weight) {
        return new PictureObjectiveRecipe.FixMatch(threshold, weight, 2, ObjectiveRecipe.Head.AUTO);
    }

    private static Batch mixed(int from, int to) {
        int unlabelled = 2 * (to - from);
        return PictureTrial.pictures(from, to)
                .floats("weak", PictureTrial.numbers("weak", 2 * from, 2 * to, 64, true), unlabelled, 1, 8, 8)
                .floats("strong", PictureTrial.numbers("strong", 2 * from, 2 * to, 64, true), unlabelled, 1, 8, 8)
                .build();
    }

    @Test
    void onlyWhatIsSaidSurelyIsTakenForALabel() {
        try (var trial = trial(few(0.7, 1)); var scope = Scope.open()) {
            var objective = (FixMatch) trial.objective();
            Tensor said = Tensors.ofFloats(new float[] {0.8f, 0.1f, 0.1f, 0.5f, 0.3f, 0.2f, 0.1f, 0.2f, 0.7f}, 3, 3);
            Tensor strong = Tensors.ofFloats(new float[] {1, 2, 3, 4, 5, 6, 0, 0, 1}, 3, 3);
            float[] cost = Tensors.floats(objective.consistency(said, strong));
            assertThat((double) cost[0]).isCloseTo(Math.log(Math.exp(1) + Math.exp(2) + Math.exp(3)) - 1, within(1e-5));
            assertThat(cost[1]).isZero();
            assertThat((double) cost[2]).isCloseTo(Math.log(2 + Math.E) - 1, within(1e-5));
        }
    }

    /// Pictures that nothing is sure of count in the mean, and labels of -100 do not.
    @ParameterizedTest
    @ValueSource(doubles = {0.34, 0.6, 0.999999})
    void bothTermsAreThoseOfTheFormulas(double threshold) {
        Batch batch = PictureTrial.pictures(0, ROWS).ints("labels", new int[] {0, 1, -100, 2, -100, 1}, ROWS)
                .field("weak", mixed(0, ROWS).field("weak")).field("strong", mixed(0, ROWS).field("strong")).build();
        try (var trial = trial(few(threshold, 3)); var scope = Scope.open()) {
            Objective objective = trial.objective();
            trial.model().weights().set("classifier.weight", Tensors.ofFloats(PictureTrial.numbers("head", 0, 3, 16, true), 3, 16)); // surer than at first
            assertThat(objective.denominators(batch).counts()).containsOnly(Map.entry("classification", 4.0), Map.entry("consistency", 12.0));
            float[] labelled = chances(trial, batch, "pixel_values");
            float[] weak = chances(trial, batch, "weak");
            float[] strong = chances(trial, batch, "strong");
            double classification = 0;
            for (int row = 0; row < ROWS; row++) {
                int label = batch.ints("labels").values()[row];
                classification -= label < 0 ? 0 : Math.log(labelled[row * 3 + label]) / 4;
            }
            double consistency = 0;
            int sure = 0;
            for (int row = 0; row < 12; row++) {
                int top = row * 3;
                for (int k = 1; k < 3; k++) {
                    top = weak[row * 3 + k] > weak[top] ? row * 3 + k : top;
                }
                sure += weak[top] >= threshold ? 1 : 0;
                consistency -= weak[top] >= threshold ? Math.log(strong[top]) / 12 : 0;
            }
            assertThat(total(trial, batch)).isCloseTo(classification + 3 * consistency, within(1e-4));
            assertThat(sure).isBetween(threshold < 0.5 ? 12 : threshold < 0.9 ? 1 : 0, threshold < 0.5 ? 12 : threshold < 0.9 ? 11 : 0);
        }
    }

    private static float[] chances(PictureTrial trial, Batch batch, String field) {
        Inputs inputs = Inputs.of(batch);
        return ((FixMatch) trial.objective()).network().probabilities(inputs.with("pixel_values", inputs.tensor(field)));
    }

    @Test
    void labelsAndPicturesWithoutAreDividedByTheirOwnNumbers() {
        PictureTrial.Outcome whole = outcome(few(0.3, 2), 0.05, 1, mixed(0, ROWS));
        assertThat(outcome(few(0.3, 2), 0.05, 1, mixed(0, 1), mixed(1, ROWS)).from(whole)).isLessThan(1e-5);
        try (var trial = trial(few(0.9, 1))) {
            assertThat(accuracy(trial, PictureTrial.pictures(0, 30).build(), "accuracy").value()).isBetween(0.0, 1.0);
        }
    }

    // masked patches

    private static final PictureObjectiveRecipe.MaskedPatches PATCHES =
            new PictureObjectiveRecipe.MaskedPatches(0.75, new PictureObjectiveRecipe.Decoder(1, 8, 2), false);

    /// Twelve of sixteen patches are hidden, others in each row.
    private static int[] masks(int from, int to) {
        int[] masked = new int[(to - from) * 16];
        for (int row = from; row < to; row++) {
            for (int i = 0; i < 12; i++) {
                masked[(row - from) * 16 + (int) Draw.permute(i, 16, Draw.bits(1, row))] = 1;
            }
        }
        return masked;
    }

    private static Batch masked(int from, int to) {
        return PictureTrial.pictures(from, to).ints("masked", masks(from, to), to - from, 16).build();
    }

    /// What is drawn comes from the shown patches alone, and only hidden ones count: changed values of the one kind and of the other.
    @Test
    void onlyHiddenPatchesCountAndOnlyShownOnesAreSeen() {
        Batch batch = masked(0, 2);
        int[] masked = masks(0, 2);
        int hidden = IntStream.range(0, 16).filter(i -> masked[i] == 1).findFirst().orElseThrow();
        int shown = IntStream.range(0, 16).filter(i -> masked[i] == 0).findFirst().orElseThrow();
        try (var trial = trial(PATCHES); var scope = Scope.open()) {
            PatchPainter painter = (PatchPainter) trial.model().networks().get(PatchPainter.NAME);
            float[] drawn = paint(painter, batch, masked);
            assertThat(drawn).hasSize(2 * 12 * 4);
            assertThat(paint(painter, changed(batch, hidden), masked)).isEqualTo(drawn);
            assertThat(paint(painter, changed(batch, shown), masked)).isNotEqualTo(drawn);
            double expected = 0;
            int at = 0;
            float[] values = batch.floats("pixel_values").values();
            for (int row = 0; row < 2; row++) {
                for (int i = 0; i < 16; i++) {
                    for (int p = 0; masked[row * 16 + i] == 1 && p < 4; p++) {
                        expected += Math.pow(drawn[at++] - values[row * 64 + (i / 4 * 2 + p / 2) * 8 + i % 4 * 2 + p % 2], 2) / (4 * 24);
                    }
                }
            }
            assertThat(total(trial, batch)).isCloseTo(expected, within(1e-5));
            assertThat(trial.objective().denominators(batch).of("masked_patches")).isEqualTo(24);
            assertThat(accuracy(trial, batch, "masked_patch_loss").value()).isCloseTo(expected, within(1e-5));
        }
    }

    private static float[] paint(PatchPainter painter, Batch batch, int[] masked) {
        return Tensors.floats(painter.paint(Inputs.of(batch), PatchPainter.Split.of(masked, 2), Mode.INFERENCE));
    }

    /// Another value in a patch of the first row.
    private static Batch changed(Batch batch, int patch) {
        float[] values = batch.floats("pixel_values").values().clone();
        values[patch / 4 * 16 + patch % 4 * 2] += 1;
        return PictureTrial.pictures(0, 2).floats("pixel_values", values, 2, 1, 8, 8).build();
    }

    /// A patch of one colour is nothing but its mean.
    @Test
    void patchesMayBeNormalized() {
        float[] values = new float[64];
        for (int i = 0; i < 64; i++) {
            values[i] = i < 16 ? 5 : i % 2; // the first row of patches is of one colour
        }
        Batch batch = Batch.of(0).floats("pixel_values", values, 1, 1, 8, 8).build();
        int[] all = new int[16];
        java.util.Arrays.fill(all, 1);
        try (var trial = trial(PATCHES); var scope = Scope.open()) {
            PatchPainter painter = (PatchPainter) trial.model().networks().get(PatchPainter.NAME);
            float[] targets = Tensors.floats(painter.hidden(Inputs.of(batch), PatchPainter.Split.of(all, 1), true));
            assertThat(targets[0]).isZero();
            assertThat((double) targets[63]).isCloseTo(0.5 / Math.sqrt(1.0 / 3 + 1e-6), within(1e-5)); // 0, 1, 0, 1: variance 1/3
        }
    }

    @Test
    void patchesOfAllMicroBatchesMakeTheSameStep() {
        PictureTrial.Outcome whole = outcome(PATCHES, 0.1, 1, masked(0, ROWS));
        assertThat(whole.losses().getLast().get("loss")).isLessThan(whole.losses().getFirst().get("loss"));
        assertThat(outcome(PATCHES, 0.1, 1, masked(0, 2), masked(2, ROWS)).from(whole)).isLessThan(1e-5);
        assertThat(outcome(PATCHES, 0.1, 2, masked(0, ROWS)).from(whole)).isLessThan(1e-5);
    }

    @Test
    void aBackboneWithoutPatchesAndRaggedMasksAreRefused() {
        assertThatThrownBy(() -> PictureTrial.of(PictureTrial.encoder(2), PictureTrial.LABELLED, PATCHES))
                .isInstanceOf(RecipeException.class)
                .hasMessageContaining("one of kind vit");
        assertThatThrownBy(() -> PatchPainter.Split.of(new int[] {1, 0, 1, 1}, 2)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PatchPainter.Split.of(new int[] {1, 0, 2, 0}, 2)).isInstanceOf(IllegalArgumentException.class);
    }
}

package dev.cultivar.nn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cultivar.batch.Batch;
import dev.cultivar.torch.Scope;
import dev.cultivar.torch.Tensors;
import java.util.Arrays;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.assertj.core.data.Offset;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Maps of what speaks for a class, held against differences of scores.
class AttributionTest {
    private static final Set<ImageBackbonesTest.Kind> WITHOUT =
            Set.of(ImageBackbonesTest.Kind.MLP, ImageBackbonesTest.Kind.VIT, ImageBackbonesTest.Kind.VIT_UNBIASED);
    private static final int LABEL = 1;

    private static RowClassifier classifier(Model model) {
        return RowClassifier.of(model, Pooling.CLS, 3, 0.3);
    }

    private static float[] scores(RowClassifier network, Inputs inputs) {
        try (var scope = Scope.open(); var without = new NoGradient()) {
            return Tensors.floats(network.logits(inputs, Mode.INFERENCE).select(1, LABEL));
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatStandsAboveTheMapsGoesOnFromThem(ImageBackbonesTest.Kind kind) {
        try (var model = kind.model(); var scope = Scope.open(); var without = new NoGradient()) {
            RowClassifier network = classifier(model);
            Inputs inputs = Inputs.of(kind.batch());
            assertThat(model.backbone().featureMaps().isEmpty()).isEqualTo(WITHOUT.contains(kind));
            model.backbone().featureMaps().ifPresent(of -> assertThat(scores(network, inputs.from(of.above(of.maps(inputs, Mode.INFERENCE)))))
                    .containsExactly(scores(network, inputs)));
        }
    }

    /// Whatever pools comes after the maps.
    @Test
    void mapsAreThoseBeforeThePool() {
        assertThat(maps(ImageBackbonesTest.Kind.CNN)).containsExactly(2, 6, 20, 18);
        assertThat(maps(ImageBackbonesTest.Kind.CNN_POOLED)).containsExactly(2, 5, 3, 3);
        assertThat(maps(ImageBackbonesTest.Kind.LENET)).containsExactly(2, 16, 6, 4);
        assertThat(maps(ImageBackbonesTest.Kind.RESNET)).containsExactly(2, 12, 4, 4);
        assertThat(maps(ImageBackbonesTest.Kind.VGG)).containsExactly(2, 6, 2, 2);
    }

    private static long[] maps(ImageBackbonesTest.Kind kind) {
        try (var model = kind.model(); var scope = Scope.open(); var without = new NoGradient()) {
            return Weights.shape(model.backbone().featureMaps().orElseThrow().maps(Inputs.of(kind.batch()), Mode.INFERENCE));
        }
    }

    /// A map's weight is what the score gains where all of the map rises a little, over its places.
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = {"MLP", "VIT", "VIT_UNBIASED"})
    void weightsOfMapsAreDifferencesOfScores(ImageBackbonesTest.Kind kind) {
        try (var model = kind.model(); var scope = Scope.open(); var without = new NoGradient()) {
            RowClassifier network = classifier(model);
            FeatureMaps of = model.backbone().featureMaps().orElseThrow();
            Inputs inputs = Inputs.of(kind.batch());
            Tensor maps = of.maps(inputs, Mode.INFERENCE);
            int rows = (int) maps.size(0);
            int channels = (int) maps.size(1);
            int places = (int) (maps.size(2) * maps.size(3));
            float[] values = Tensors.floats(maps);
            float step = 2e-3f * maps.abs().max().item_float(); // so small that few of what it reaches change sides
            double[] expected = new double[rows * places];
            for (int c = 0; c < channels; c++) {
                int channel = c;
                float[] up = scores(network, inputs.from(of.above(raised(maps, channel, step))));
                float[] down = scores(network, inputs.from(of.above(raised(maps, channel, -step))));
                for (int row = 0; row < rows; row++) {
                    double weight = (up[row] - down[row]) / (2 * step) / places;
                    for (int i = 0; i < places; i++) {
                        expected[row * places + i] += weight * values[(row * channels + channel) * places + i];
                    }
                }
            }
            float[] map = Tensors.floats(Attribution.gradCam(network, of, inputs, LABEL));
            double most = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
            for (int i = 0; i < expected.length; i++) {
                assertThat((double) map[i]).as("place " + i).isCloseTo(Math.max(0, expected[i]), Offset.offset(0.02 * most + 1e-6));
            }
        }
    }

    /// (B, C, h, w), one map of each row raised
    private static Tensor raised(Tensor maps, int channel, float by) {
        Tensor changed = maps.clone();
        changed.select(1, channel).add_(new org.bytedeco.pytorch.Scalar(by));
        return changed;
    }

    @ParameterizedTest
    @EnumSource(names = {"MLP", "VIT", "VIT_UNBIASED"})
    void gradientsOfPixelsAreDifferencesOfScores(ImageBackbonesTest.Kind kind) {
        float step = 1e-2f;
        try (var model = kind.model(); var scope = Scope.open(); var without = new NoGradient()) {
            RowClassifier network = classifier(model);
            Batch batch = kind.batch();
            Batch.Field.Floats pixels = batch.floats(ImageShape.PIXELS);
            int rows = (int) pixels.shape()[0];
            int channels = (int) pixels.shape()[1];
            int places = pixels.values().length / rows / channels;
            float[] units = new float[channels];
            for (int c = 0; c < channels; c++) {
                units[c] = c + 2;
            }
            float[] map = Tensors.floats(Attribution.inputGradient(network, Inputs.of(batch), LABEL, Tensors.ofFloats(units, channels)));
            assertThat(map).hasSize(rows * places);
            for (int place : new int[] {0, places / 2, places - 1}) {
                double[] largest = new double[rows];
                for (int c = 0; c < channels; c++) {
                    float[] up = scores(network, Inputs.of(changed(batch, c, place, step)));
                    float[] down = scores(network, Inputs.of(changed(batch, c, place, -step)));
                    for (int row = 0; row < rows; row++) {
                        largest[row] = Math.max(largest[row], units[c] * Math.abs(up[row] - down[row]) / (2 * step));
                    }
                }
                for (int row = 0; row < rows; row++) {
                    assertThat((double) map[row * places + place]).isCloseTo(largest[row], Offset.offset(0.03 * largest[row] + 1e-4));
                }
            }
        }
    }

    private static Batch changed(Batch batch, int channel, int place, float by) {
        Batch.Field.Floats pixels = batch.floats(ImageShape.PIXELS);
        int rows = (int) pixels.shape()[0];
        int channels = (int) pixels.shape()[1];
        int places = pixels.values().length / rows / channels;
        float[] values = pixels.values().clone();
        for (int row = 0; row < rows; row++) {
            values[(row * channels + channel) * places + place] += by;
        }
        return Batch.of(batch.origin()).floats(ImageShape.PIXELS, values, pixels.shape()).build();
    }

    @Test
    void noParameterHasAGradientAfterwards() {
        try (var model = ImageBackbonesTest.Kind.CNN.model(); var scope = Scope.open()) {
            RowClassifier network = classifier(model);
            UnaryOperator<Tensor> trained = each -> each.requires_grad_(true);
            model.weights().parameters().forEach(name -> trained.apply(model.weights().get(name)));
            Attribution.gradCam(network, model.backbone().featureMaps().orElseThrow(), Inputs.of(ImageBackbonesTest.Kind.CNN.batch()), LABEL);
            assertThat(model.weights().parameters()).noneMatch(name -> model.weights().get(name).grad().defined());
        }
    }

    /// As of a backbone of somebody's own that reads another field.
    @Test
    void whatNoScoreDependsOnSpeaksForNothing() {
        try (var model = ImageBackbonesTest.Kind.MLP.model(); var scope = Scope.open()) {
            RowHead deaf = new RowHead() {
                @Override
                public int outputs() {
                    return 3;
                }

                @Override
                public Tensor logits(Hidden hidden, Inputs inputs, Mode mode) {
                    return Tensors.ofFloats(new float[6], 2, 3);
                }
            };
            Batch batch = ImageBackbonesTest.Kind.MLP.batch();
            Tensor map = Attribution.inputGradient(new RowClassifier(model, deaf, Meaning.ONE_CLASS), Inputs.of(batch), LABEL, Tensors.ofFloats(new float[] {1}, 1));
            assertThat(Tensors.floats(map)).hasSize(60).containsOnly(0f);
        }
    }

    /// The chance of a class of an order, whatever the thresholds.
    @Test
    void classesOfAnOrderSpeakByTheirChance() {
        try (var scope = Scope.open()) {
            Tensor scores = Tensors.ofFloats(new float[] {1.5f, -0.5f}, 1, 2);
            float[] chances = Meaning.RANK.numbers(scores);
            for (int label = 0; label < 3; label++) {
                assertThat(Tensors.floats(Meaning.RANK.score(scores, label))[0]).isCloseTo(chances[label], Offset.offset(1e-6f));
            }
            assertThat(Tensors.floats(Meaning.ONE_CLASS.score(scores, 1))).containsExactly(-0.5f);
        }
    }
}

package dev.cultivar.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cultivar.batch.PictureFacts;
import dev.cultivar.image.Picture;
import dev.cultivar.nn.Backbones;
import dev.cultivar.nn.CnnConfig;
import dev.cultivar.nn.ConfigFile;
import dev.cultivar.nn.ImageShape;
import dev.cultivar.nn.MlpConfig;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.ModelFolder;
import dev.cultivar.nn.Pooling;
import dev.cultivar.nn.RowClassifier;
import dev.cultivar.nn.Weights;
import dev.cultivar.torch.Scope;
import dev.cultivar.torch.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Networks of which it is known what they look at.
class SaliencyTest {
    private static final int SIDE = 8;
    private static final List<String> LABELS = List.of("bright", "dark");
    private static final Offset<Float> CLOSE = Offset.offset(1e-6f);

    @TempDir
    private Path folder;

    /// @param values of each parameter
    private Path written(Map<String, Object> json, float mean, float deviation, Map<String, float[]> values) throws IOException {
        Path place = Files.createTempDirectory(folder, "model");
        try (var weights = new Weights(3, Weights.Stored.NONE); var scope = Scope.open()) {
            var model = new Model(weights, Backbones.build(ConfigFile.of("config.json", json), weights, false, Backbones.Custom.NONE));
            RowClassifier.of(model, Pooling.CLS, 2, 0.3);
            assertThat(values.keySet()).containsExactlyInAnyOrderElementsOf(weights.parameters());
            values.forEach((name, each) -> weights.set(name, Tensors.ofFloats(each, weights.shape(name))));
            var facts = new PictureFacts(1, SIDE, SIDE, new float[] {mean}, new float[] {deviation});
            ModelFolder.write(place, model, LABELS, Map.of("pictures", facts.json()));
        }
        return place;
    }

    /// A map of what is bright and one of what is dark; each class reads one of them, in the upper left quarter alone.
    private Path convolutions() throws IOException {
        float[] kernels = new float[2 * 9];
        kernels[4] = 1;
        kernels[9 + 4] = -1;
        float[] head = new float[2 * 8]; // (2 labels, 2 maps of 2 x 2)
        head[0] = 1;
        head[8 + 4] = 1;
        return written(
                new CnnConfig(new ImageShape(1, SIDE, SIDE), List.of(2), 3, 4, CnnConfig.Pooled.LAST).json(),
                0,
                1,
                Map.of("features.0.weight", kernels, "features.0.bias", new float[] {0, 1}, "classifier.weight", head, "classifier.bias", new float[2]));
    }

    /// The first class rises with the four pixels of the corner, by 1, 2, 3 and 4, the second falls.
    private Path dense() throws IOException {
        float[] read = new float[SIDE * SIDE];
        read[0] = 1;
        read[1] = 2;
        read[SIDE] = 3;
        read[SIDE + 1] = 4;
        return written(
                new MlpConfig(new ImageShape(1, SIDE, SIDE), List.of(1), "leaky_relu", 0).json(),
                0.25f,
                0.5f,
                Map.of("net.0.weight", read, "net.0.bias", new float[] {20}, "net.2.weight", new float[] {1, -1}, "net.2.bias", new float[2]));
    }

    private static Picture corner() {
        byte[] pixels = new byte[SIDE * SIDE];
        java.util.Arrays.fill(pixels, (byte) 51);
        for (int i : new int[] {0, 1, SIDE, SIDE + 1}) {
            pixels[i] = (byte) 255;
        }
        return new Picture(SIDE, SIDE, 1, pixels);
    }

    @Test
    void gradCamPeaksWhereTheClassReads() throws IOException {
        try (var model = PictureClassifier.open(convolutions())) {
            assertThat(model.predict(corner()).label()).isEqualTo("bright");
            Saliency bright = model.saliency(corner());
            assertThat(bright.label()).isEqualTo("bright");
            assertThat(bright.method()).isEqualTo(Saliency.Method.GRAD_CAM);
            assertThat(bright.height()).isEqualTo(SIDE);
            assertThat(bright.width()).isEqualTo(SIDE);
            Saliency dark = model.saliency(corner(), "dark");
            for (int y = 0; y < SIDE; y++) {
                for (int x = 0; x < SIDE; x++) {
                    float value = y < 2 && x < 2 ? 1 : 0.2f;
                    // One place in 64 has the whole gradient, so each map's weight is 1 / 64.
                    assertThat(bright.at(y, x)).isCloseTo(value / 64, CLOSE);
                    assertThat(dark.at(y, x)).isCloseTo((1 - value) / 64, CLOSE);
                }
            }
        }
    }

    @Test
    void theGradientIsThereWhereTheClassReadsAndNowhereElse() throws IOException {
        try (var model = PictureClassifier.open(dense())) {
            for (Saliency map : model.saliency(corner(), LABELS)) {
                assertThat(map.method()).isEqualTo(Saliency.Method.INPUT_GRADIENT);
                float[] expected = new float[SIDE * SIDE];
                expected[0] = 2; // a value's unit is two of what the network reads: the deviation is a half
                expected[1] = 4;
                expected[SIDE] = 6;
                expected[SIDE + 1] = 8;
                assertThat(map.values()).as(map.label()).containsExactly(expected, CLOSE);
                assertThat(map.highest()).isEqualTo(8);
            }
        }
    }

    @Test
    void whoeverAsksGetsTheSameMapAndPredictionsStay() throws Exception {
        try (var model = PictureClassifier.open(convolutions()); var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Prediction before = model.predict(corner());
            List<Saliency> maps = model.saliency(corner(), LABELS);
            List<Callable<List<Saliency>>> work = IntStream.range(0, 8).<Callable<List<Saliency>>>mapToObj(_ -> () -> model.saliency(corner(), LABELS)).toList();
            for (Future<List<Saliency>> each : threads.invokeAll(work)) {
                assertThat(each.get()).isEqualTo(maps);
            }
            assertThat(model.predict(corner())).isEqualTo(before);
        }
    }

    @Test
    void aPictureOfAnotherFormIsSeenAsTheModelSeesIt() throws IOException {
        try (var model = PictureClassifier.open(convolutions())) {
            Picture large = corner().withChannels(3).fitted(3 * SIDE, 3 * SIDE, dev.cultivar.image.Fit.STRETCH);
            Picture seen = model.seen(large);
            assertThat(List.of(seen.height(), seen.width(), seen.channels())).containsExactly(SIDE, SIDE, 1);
            assertThat(model.saliency(large)).isEqualTo(model.saliency(seen));
        }
    }

    @Test
    void anUnknownClassIsRefused() throws IOException {
        try (var model = PictureClassifier.open(dense())) {
            assertThatThrownBy(() -> model.saliency(corner(), "grey")).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("[bright, dark]");
        }
    }

    @Test
    void aMapIsLaidOverAPicture() {
        var map = new Saliency("a", Saliency.Method.GRAD_CAM, 2, 2, new float[] {0, 4, 2, 0});
        List<Float> wide = new ArrayList<>();
        for (float each : map.over(2, 4)) {
            wide.add(each);
        }
        assertThat(wide).containsExactly(0f, 0.25f, 0.75f, 1f, 0.5f, 0.375f, 0.125f, 0f);
        assertThat(map.over(2, 2)).containsExactly(0, 1, 0.5f, 0);
        assertThat(map.over(6, 6)).contains(1, 0);
        assertThat(new Saliency("a", Saliency.Method.GRAD_CAM, 1, 1, new float[1]).over(2, 1)).containsExactly(0, 0);
        assertThatThrownBy(() -> new Saliency("a", Saliency.Method.GRAD_CAM, 2, 2, new float[3])).isInstanceOf(IllegalArgumentException.class);
    }
}

package dev.cultivar.precompute;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cultivar.nn.Bert;
import dev.cultivar.nn.BertConfig;
import dev.cultivar.nn.Weights;
import dev.cultivar.torch.Torch;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A row's place in its canonical batch, and who stands beside it, do not change its bits.
class FrozenLayersTest {
    private static final int THREADS = Runtime.getRuntime().availableProcessors();
    private static final List<String> NAMES = List.of("input_ids", "attention_mask", "token_type_ids");

    @AfterEach
    void threads() {
        Torch.threads(THREADS);
    }

    @ParameterizedTest
    @CsvSource({"64,4", "96,4", "128,4", "384,12"})
    void aRowsPlaceDoesNotMatter(int width, int heads) {
        for (int threads : new int[] {1, 2}) {
            Torch.threads(threads);
            try (var weights = new Weights(1, Weights.Stored.NONE)) {
                var bert = new Bert(weights, new BertConfig(200, width, 1, heads, 4 * width, 80, 2, "gelu", 0, 0, 1e-12, 0.2, 0), false);
                for (Form form : Form.values()) {
                    for (int length : form == Form.STATES ? new int[] {13, 24, 60, 79} : new int[] {20}) {
                        everywhere(new FrozenLayers(bert, 1, form, ScalarType.Float, threads), length);
                    }
                }
            }
        }
    }

    /// One row in all places, among rows of other lengths that are others each time.
    private static void everywhere(FrozenLayers layers, int length) {
        var random = new Random(length);
        Row row = row(random, length);
        int width = layers.width(row);
        int height = layers.height(width, row);
        assertThat(height).isIn(width % FrozenLayers.MULTIPLE == 0 ? List.of(FrozenLayers.HEIGHT) : List.of(1, FrozenLayers.HEIGHT)); // the last is cut off at 80
        List<float[]> seen = new ArrayList<>();
        for (int place = 0; place < height; place++) {
            List<Row> rows = new ArrayList<>(Collections.nCopies(height, row));
            for (int other = 0; other < height; other++) {
                if (other != place) {
                    rows.set(other, row(random, width - random.nextInt(width / 2)));
                }
            }
            int at = place;
            layers.compute(rows, width, height, (i, values) -> {
                if (i == at) {
                    seen.add(values.toArray(ValueLayout.JAVA_FLOAT_UNALIGNED));
                }
            });
        }
        layers.compute(List.of(row), width, height, (i, values) -> seen.add(values.toArray(ValueLayout.JAVA_FLOAT_UNALIGNED)));
        assertThat(seen).hasSize(height + 1).allMatch(values -> Arrays.equals(values, seen.getFirst()));
        assertThat(seen.getFirst()[0]).isNotZero();
    }

    private static Row row(Random random, int length) {
        int[] ids = random.ints(length, 1, 200).toArray();
        int[] mask = new int[length];
        Arrays.fill(mask, 1);
        int[] types = new int[length];
        Arrays.fill(types, length / 2, length, 1);
        return new Row(NAMES, List.of(ids, mask, types), length);
    }
}

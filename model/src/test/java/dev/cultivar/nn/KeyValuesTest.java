package dev.cultivar.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cultivar.batch.Batch;
import dev.cultivar.torch.Scope;
import dev.cultivar.torch.Tensors;
import java.util.Arrays;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A model that goes on from what it has read says what it would say if it read all anew.
class KeyValuesTest {
    private static final Offset<Float> CLOSE = Offset.offset(2e-5f);
    private static final int ROWS = 2;
    private static final int LENGTH = 9;
    private static final int[] MASK = {0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};

    /// Columns `from` to `to` of both rows; the first row starts with padding.
    private static Batch columns(int from, int to) {
        int[] ids = new int[ROWS * (to - from)];
        int[] mask = new int[ids.length];
        for (int row = 0; row < ROWS; row++) {
            for (int i = from; i < to; i++) {
                int at = row * (to - from) + i - from;
                mask[at] = MASK[row * LENGTH + i];
                ids[at] = mask[at] * (1 + (7 * row + 3 * i) % 20);
            }
        }
        return Batch.of(0, 1).ints("input_ids", ids, ROWS, to - from).ints("attention_mask", mask, ROWS, to - from).build();
    }

    @ParameterizedTest
    @EnumSource
    void piecesAreTheWhole(DecodersTest.Kind kind) {
        try (var model = kind.model(); var scope = Scope.open(); var without = new NoGradient(); var past = new KeyValues(ROWS, LENGTH)) {
            int[] positions = {0, 0, 0, 1, 2, 3, 4, 5, 6, 0, 1, 2, 3, 4, 5, 6, 7, 8};
            Batch all = columns(0, LENGTH);
            all = Batch.of(0, 1)
                    .ints("input_ids", all.ints("input_ids").values(), ROWS, LENGTH)
                    .ints("attention_mask", MASK, ROWS, LENGTH)
                    .ints("position_ids", positions, ROWS, LENGTH)
                    .build();
            float[] whole = Tensors.floats(model.backbone().forward(Inputs.of(all), Mode.INFERENCE).states());
            int width = model.backbone().width();
            int[] cuts = {0, 4, 5, 8, 9};
            for (int c = 0; c + 1 < cuts.length; c++) {
                float[] part = Tensors.floats(model.backbone()
                        .forward(Inputs.of(columns(cuts[c], cuts[c + 1])).after(past), Mode.INFERENCE)
                        .states());
                assertThat(past.length()).isEqualTo(cuts[c + 1]);
                int each = (cuts[c + 1] - cuts[c]) * width;
                for (int row = 0; row < ROWS; row++) {
                    int padding = row == 0 && c == 0 ? 2 * width : 0; // what a padding token becomes means nothing
                    float[] got = Arrays.copyOfRange(part, row * each + padding, (row + 1) * each);
                    int from = (row * LENGTH + cuts[c]) * width + padding;
                    assertThat(got).containsExactly(Arrays.copyOfRange(whole, from, from + got.length), CLOSE);
                }
            }
        }
    }

    @Test
    void whatCannotFollowIsRefused() {
        try (var model = DecodersTest.Kind.GPT2.model(); var scope = Scope.open(); var past = new KeyValues(ROWS, 4)) {
            assertThatThrownBy(() -> model.backbone().forward(Inputs.of(columns(0, 5)).after(past), Mode.INFERENCE))
                    .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("room for 4");
            Batch one = Batch.of(0).ints("input_ids", new int[] {1}, 1, 1).build();
            assertThatThrownBy(() -> model.backbone().forward(Inputs.of(one).after(past), Mode.INFERENCE))
                    .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("2 rows");
            model.weights().pack(model.weights().parameters(), false, 1);
            assertThatThrownBy(() -> model.backbone().forward(Inputs.of(columns(0, 3)).after(past), Mode.INFERENCE))
                    .isInstanceOf(IllegalStateException.class).hasMessageContaining("without gradients");
        }
    }
}

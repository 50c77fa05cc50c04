package dev.cultivar.nn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cultivar.batch.Batch;
import dev.cultivar.batch.Draw;
import dev.cultivar.torch.Scope;
import dev.cultivar.torch.Tensors;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Text families in bfloat16: what their masks hide stays hidden, and hides no number.
class ReducedPrecisionTest {
    private static final int LENGTH = 9;

    /// Of three rows one is whole, one ends in padding, and one begins with it, as where texts are gone on with.
    private static Batch batch() {
        int[] ids = new int[3 * LENGTH];
        int[] mask = new int[3 * LENGTH];
        for (int i = 0; i < ids.length; i++) {
            boolean padding = i / LENGTH == 1 && i % LENGTH > 5 || i / LENGTH == 2 && i % LENGTH < 4;
            ids[i] = padding ? 0 : 3 + (int) (Draw.unit(3, i) * 27);
            mask[i] = padding ? 0 : 1;
        }
        return Batch.of(0, 1, 2).ints("input_ids", ids, 3, LENGTH).ints("attention_mask", mask, 3, LENGTH).build();
    }

    private static Batch targets() {
        int[] ids = new int[3 * 4];
        int[] mask = new int[3 * 4];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = 3 + (int) (Draw.unit(5, i) * 27);
            mask[i] = 1;
        }
        return Batch.of(0, 1, 2).ints("input_ids", ids, 3, 4).ints("attention_mask", mask, 3, 4).build();
    }

    private static Tensor states(Model model, Mode mode) {
        var inputs = Inputs.of(batch());
        return model.backbone().encoderDecoder()
                .map(halves -> halves.decode(inputs, halves.encode(inputs, mode).states(), Inputs.of(targets()), mode))
                .orElseGet(() -> model.backbone().forward(inputs, mode))
                .states()
                .to(ScalarType.Float);
    }

    /// The states of tokens that are read, of padding 0.
    private static float[] read(Model model, boolean decoder) {
        Tensor states = states(model, Mode.INFERENCE);
        return Tensors.floats(decoder ? states : states.mul(Inputs.of(batch()).tensor("attention_mask").unsqueeze(-1)));
    }

    @ParameterizedTest
    @EnumSource
    void statesAreThoseOfFloat32AsNearlyAsItCanSay(AttentionListenerTest.Kind kind) {
        try (var scope = Scope.open(); var whole = kind.model(); var reduced = kind.model()) {
            boolean decoder = whole.backbone().encoderDecoder().isPresent();
            reduced.weights().pack(reduced.weights().parameters(), true, 1);
            float[] expected = read(whole, decoder);
            float[] found = read(reduced, decoder);
            double far = 0;
            double size = 0;
            for (int i = 0; i < expected.length; i++) {
                assertThat(found[i]).isFinite();
                far += (expected[i] - found[i]) * (expected[i] - found[i]);
                size += expected[i] * expected[i];
            }
            assertThat(Math.sqrt(far / size)).isBetween(1e-6, 0.05); // 0 would be float32 itself
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyGradientIsANumber(AttentionListenerTest.Kind kind) {
        try (var scope = Scope.open(); var model = kind.model()) {
            Weights weights = model.weights();
            FlatGroup group = weights.pack(weights.parameters(), true, 1);
            Tensor states = states(model, Mode.INFERENCE);
            states.mul(states).sum().backward();
            group.collect(0);
            assertThat(group.gradient().abs().sum().item_double()).isFinite().isPositive();
        }
    }
}

package dev.cultivar.optim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cultivar.nn.FlatGroup;
import dev.cultivar.nn.Initial;
import dev.cultivar.nn.NoGradient;
import dev.cultivar.nn.Weights;
import dev.cultivar.torch.Scope;
import dev.cultivar.torch.Tensors;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class OnePassTest {
    private static final int ELEMENTS = 4_096;
    private static final int TOUCHED = 1_500;

    /// Pieces whose gradient and state are zeros are not written back, and come out as they would be.
    @Test
    void piecesOfZerosComeOutAsAllOthers() {
        try (var scope = Scope.open(); var weights = new Weights(3, Weights.Stored.NONE); var without = new NoGradient()) {
            weights.parameter("table", new Initial.Normal(1), ELEMENTS);
            FlatGroup group = weights.pack(List.of("table"), false, 1);
            Segment segment = new Segment(group, 0, 0, 0, 1, true);
            Tensor state = torch.zeros(new long[] {ELEMENTS});
            float[] w = Tensors.floats(group.data());
            float[] s = new float[ELEMENTS];
            for (int step = 0; step < 3; step++) {
                if (step == 1) {
                    group.gradient().narrow(0, TOUCHED, 1).fill_(new Scalar(8.0));
                }
                OnePass.over(segment, List.of(state), 0.5, OnePassTest::formula);
                float[] g = new float[ELEMENTS];
                g[TOUCHED] = step == 1 ? 4 : 0;
                formula(w, g, new float[][] {s}, ELEMENTS);
                assertThat(Tensors.floats(group.data())).isEqualTo(w);
                assertThat(Tensors.floats(state)).isEqualTo(s);
                assertThat(Tensors.floats(group.gradient())).containsOnly(0);
            }
            assertThat(s[TOUCHED]).isNotZero();
        }
    }

    private static void formula(float[] w, float[] g, float[][] state, int count) {
        for (int i = 0; i < count; i++) {
            state[0][i] = state[0][i] * 0.5f + g[i];
            w[i] = w[i] * 0.75f - state[0][i];
        }
    }
}

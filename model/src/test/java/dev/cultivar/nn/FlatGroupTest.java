package dev.cultivar.nn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cultivar.torch.Scope;
import dev.cultivar.torch.Tensors;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.junit.jupiter.api.Test;

class FlatGroupTest {

    /// A group that is longer than what is added at a time: 1 + 1/256 has too many bits for bfloat16, so the sum is made in float32.
    @Test
    void gradientsInBfloat16AreAddedUpInFloat32AndForgotten() {
        int size = 600_001;
        try (var weights = new Weights(1, Weights.Stored.NONE); var scope = Scope.open()) {
            weights.parameter("w", new Initial.Constant(0), size);
            FlatGroup group = weights.pack(List.of("w"), true, 2);
            for (double gradient : new double[] {1, 1 / 256.0}) {
                group.reduced().orElseThrow().gradients().get(1).fill_(new Scalar(gradient));
                group.collect(1);
            }
            assertThat(Tensors.floats(group.gradients().get(1))).hasSizeGreaterThanOrEqualTo(size).containsOnly(1 + 1 / 256f);
            assertThat(Tensors.floats(group.reduced().orElseThrow().gradients().get(1))).containsOnly(0f);
            assertThat(Tensors.floats(group.gradient())).containsOnly(0f);
        }
    }
}

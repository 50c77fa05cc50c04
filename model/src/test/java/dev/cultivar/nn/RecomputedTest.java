package dev.cultivar.nn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cultivar.torch.Scope;
import dev.cultivar.torch.Tensors;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class RecomputedTest {
    /// More blocks than there might be native callbacks at a time.
    private static final int BLOCKS = 40;

    /// @param leaf whether what the first block reads has a gradient too
    private static Map<String, float[]> gradients(boolean recompute, boolean leaf) {
        Map<String, float[]> all = new LinkedHashMap<>();
        try (var scope = Scope.open()) {
            var draws = torch.make_generator_cpu(5);
            var mode = new Mode(true, 0, draws);
            Tensor w = Tensors.ofFloats(new float[] {0.5f, -1, 2, 0.25f}, 2, 2).requires_grad_(true);
            Tensor start = Tensors.ofFloats(new float[] {1, 2, 3, 4, 5, 6}, 3, 2).requires_grad_(leaf);
            UnaryOperator<Tensor> block = in -> in.add(Layers.dropout(torch.tanh(torch.matmul(in, w)), 0.4, mode, 1));
            Tensor x = leaf ? start.mul(start) : start;
            for (int i = 0; i < BLOCKS; i++) {
                x = recompute ? Recomputed.apply(x, mode, block) : block.apply(x);
            }
            all.put("value", Tensors.floats(x));
            Layers.dropout(x, 0.5, mode, 1).sum().backward();
            all.put("draws", Tensors.floats(torch.empty(new long[] {4}).bernoulli_(0.5, new GeneratorOptional(draws))));
            all.put("w", Tensors.floats(w.grad()));
            if (leaf) {
                all.put("start", Tensors.floats(start.grad()));
            }
        }
        return all;
    }

    @Test
    void gradientsAndDrawsAreTheSameToTheBit() {
        for (boolean leaf : new boolean[] {true, false}) {
            Map<String, float[]> kept = gradients(false, leaf);
            Map<String, float[]> again = gradients(true, leaf);
            assertThat(again.keySet()).isEqualTo(kept.keySet());
            kept.forEach((name, values) -> assertThat(again.get(name)).as(name).isEqualTo(values));
        }
    }
}

package dev.cultivar.nn;

import dev.cultivar.torch.GradientHook;
import dev.cultivar.torch.Scope;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;

/// Gradient checkpointing (Chen et al., 2016, "Training deep nets with sublinear memory cost"): a block's inner states are not kept for
/// the backward pass but computed once more there, with the same draws, so the gradient is the same to the bit.
final class Recomputed {
    private Recomputed() {}

    /// What the block of a depth makes of `x`, kept or computed twice. A block that is not trained keeps nothing either way.
    static Tensor where(boolean asked, int depth, Tensor x, Mode mode, UnaryOperator<Tensor> block) {
        UnaryOperator<Tensor> drawing = Adapters.drawing(mode, depth, block);
        return asked && mode.training(depth) ? apply(x, mode, drawing) : drawing.apply(x);
    }

    /// What the block makes of `x`, of the same shape.
    ///
    /// The result is a copy of `x` for the recorded graph, with the block's values put in: its gradient would pass on to `x` as
    /// it is, and on the way is replaced by that of the block.
    static Tensor apply(Tensor x, Mode mode, UnaryOperator<Tensor> block) {
        Tensor from = x.requires_grad() ? x : x.detach().requires_grad_(true);
        Tensor before = mode.draws() == null ? null : mode.draws().get_state();
        Tensor result = from.clone();
        try (var without = new NoGradient()) {
            result.set_data(block.apply(from));
        }
        GradientHook.on(result, gradient -> {
            var passed = new Tensor(); // born outside of the scope, so that it outlives it
            try (var scope = Scope.open()) {
                Tensor again = from.detach().requires_grad_(true);
                Generator draws = mode.draws();
                Tensor after = null;
                if (draws != null && before != null) {
                    after = draws.get_state();
                    draws.set_state(before);
                }
                var recorded = new AutoGradMode(true);
                try {
                    block.apply(again).backward(gradient, new BoolOptional(), false, new TensorArrayRefOptional());
                } finally {
                    recorded.deallocate();
                }
                if (draws != null && after != null) {
                    draws.set_state(after);
                }
                passed.put(again.grad());
            }
            return passed;
        });
        return result;
    }
}

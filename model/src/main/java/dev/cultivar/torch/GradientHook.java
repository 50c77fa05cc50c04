package dev.cultivar.torch;

import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorBase;
import org.bytedeco.pytorch.TensorTensorHook;

/// Called when the backward pass brings a tensor's gradient, and gives another one instead; lives as long as the scope it was made in.
public final class GradientHook extends TensorTensorHook {
    private final UnaryOperator<Tensor> instead;

    private GradientHook(UnaryOperator<Tensor> instead) {
        this.instead = instead;
    }

    /// @param tensor  that some operation made, with gradients recorded
    /// @param instead the gradient that came to the one that goes on, which must outlive the call
    public static void on(Tensor tensor, UnaryOperator<Tensor> instead) {
        tensor.register_hook(new GradientHook(instead));
    }

    @Override
    public TensorBase call(TensorBase gradient) {
        return instead.apply(new Tensor(gradient));
    }
}

package dev.cultivar.nn;

import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/// Root mean square normalisation over the last dimension (Zhang and Sennrich, 2019): like layer normalisation without the mean.
final class RmsNorm {
    private RmsNorm() {}

    static void declare(Weights weights, String name, long width) {
        weights.parameter(name + ".weight", new Initial.Constant(1), width);
    }

    /// (..., C) -> (..., C)
    static Tensor apply(Weights weights, String name, Tensor x, double epsilon) {
        Tensor scale = weights.get(name + ".weight");
        return torch.rms_norm(x, new long[] {scale.numel()}, new TensorOptional(scale), new DoubleOptional(epsilon));
    }
}

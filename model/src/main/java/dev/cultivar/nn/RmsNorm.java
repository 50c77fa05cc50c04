package dev.cultivar.nn;

import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/// Root mean square normalisation over the last dimension (Zhang and Sennrich, 2019): like layer normalisation without the mean.
final class RmsNorm {
    private RmsNorm() {}

    /// What a norm multiplies by.
    enum Form {
        WEIGHT,
        /// Gemma's: a new norm's weight is 0.
        ONE_PLUS_WEIGHT
    }

    static void declare(Weights weights, String name, long width, Form form) {
        weights.parameter(name + ".weight", new Initial.Constant(form == Form.WEIGHT ? 1 : 0), width);
    }

    /// (..., C) -> (..., C)
    static Tensor apply(Weights weights, String name, Tensor x, double epsilon, Form form) {
        return switch (form) {
            case WEIGHT -> apply(weights, name, x, epsilon);
            case ONE_PLUS_WEIGHT -> {
                // in float32: near one, bfloat16 would keep little of a weight
                Tensor scale = weights.get(name + ".weight").to(ScalarType.Float).add(new Scalar(1));
                yield normed(x.to(ScalarType.Float), scale, epsilon).to(x.scalar_type());
            }
        };
    }

    static void declare(Weights weights, String name, long width) {
        weights.parameter(name + ".weight", new Initial.Constant(1), width);
    }

    /// (..., C) -> (..., C)
    static Tensor apply(Weights weights, String name, Tensor x, double epsilon) {
        return normed(x, weights.get(name + ".weight"), epsilon);
    }

    private static Tensor normed(Tensor x, Tensor scale, double epsilon) {
        return torch.rms_norm(x, new long[] {scale.numel()}, new TensorOptional(scale), new DoubleOptional(epsilon));
    }
}

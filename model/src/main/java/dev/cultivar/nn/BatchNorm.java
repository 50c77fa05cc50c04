package dev.cultivar.nn;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/// Batch normalisation (Ioffe and Szegedy, 2015, algorithm 1): in training each channel's mean and variance are those of the batch, and
/// running averages of them, which are buffers, stand in for them otherwise. Names and numbers are those of PyTorch's BatchNorm2d.
final class BatchNorm {
    private static final double EPSILON = 1e-5;
    /// Share of the newest batch in the running averages.
    private static final double MOMENTUM = 0.1;

    private BatchNorm() {}

    static void declare(Weights weights, String name, int channels) {
        Layers.declareNorm(weights, name, channels);
        weights.buffer(name + ".running_mean", new Initial.Constant(0), channels);
        weights.buffer(name + ".running_var", new Initial.Constant(1), channels);
        weights.counter(name + ".num_batches_tracked");
    }

    /// (B, C, H, W) -> (B, C, H, W)
    ///
    /// @param training whether the batch's own statistics count, and move the running ones
    static Tensor apply(Weights weights, String name, Tensor x, boolean training) {
        if (training) {
            requireSeveral(x);
            try (var without = new NoGradient()) {
                weights.get(name + ".num_batches_tracked").add_(new Scalar(1));
            }
        }
        // In bfloat16 only the maps are reduced: libtorch wants all four of the others alike, and running averages need their bits.
        return torch.batch_norm(
                x,
                new TensorOptional(weights.get(name + ".weight").to(ScalarType.Float)),
                new TensorOptional(weights.get(name + ".bias").to(ScalarType.Float)),
                new TensorOptional(weights.get(name + ".running_mean")),
                new TensorOptional(weights.get(name + ".running_var")),
                training,
                MOMENTUM,
                EPSILON,
                false);
    }

    /// One value has no variance; libtorch would make the running one NaN without a word.
    private static void requireSeveral(Tensor x) {
        if (x.numel() / x.size(1) < 2) {
            throw new IllegalArgumentException("batch normalisation in training needs more than one value of each channel, got one row with a map of 1 x 1;"
                    + " give batching.rows of 2 or more, larger images, or freeze these layers");
        }
    }
}

package dev.cultivar.objective;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/// Cross entropy as a sum over rows, in float32 whatever the logits are.
public final class CrossEntropy {
    /// PyTorch's code for a sum.
    private static final long SUM = 2;
    private static final long NONE = 0;
    /// The label that counts for nothing.
    public static final int IGNORED = -100;

    private CrossEntropy() {}

    /// (N, K) and (N) -> one number.
    ///
    /// @param smoothing share of the target spread over all K (Szegedy et al., 2016)
    public static Tensor sum(Tensor logits, Tensor labels, double smoothing) {
        return torch.cross_entropy_loss(logits.to(torch.ScalarType.Float), labels, new TensorOptional(), SUM, IGNORED, smoothing);
    }

    /// (N, K) and (N) -> (N)
    public static Tensor each(Tensor logits, Tensor labels) {
        return torch.cross_entropy_loss(logits.to(torch.ScalarType.Float), labels, new TensorOptional(), NONE, IGNORED, 0);
    }
}

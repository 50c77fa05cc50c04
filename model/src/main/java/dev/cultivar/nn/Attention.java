package dev.cultivar.nn;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/// Scaled dot-product attention (Vaswani et al., 2017, equation 1) as two matrix products.
///
/// libtorch's fused kernel is slower on processors for the lengths that are trained here, and in bfloat16 by an order
/// of magnitude; ARCHITECTURE.md has the figures.
final class Attention {
    private Attention() {}

    /// @param q    (B, H, T, C/H)
    /// @param k    (B, H, S, C/H)
    /// @param v    (B, H, S, C/H)
    /// @param mask added to the scores, broadcastable to (B, H, T, S); null where every key is seen
    /// @param drop share of probabilities dropped where the mode trains the layer at this depth
    /// @return (B, H, T, C/H)
    static Tensor apply(Tensor q, Tensor k, Tensor v, @Nullable Tensor mask, double drop, Mode mode, int depth) {
        return apply(q, k, v, mask, 1 / Math.sqrt(q.size(-1)), drop, mode, depth);
    }

    /// @param scale of the scores
    static Tensor apply(Tensor q, Tensor k, Tensor v, @Nullable Tensor mask, double scale, double drop, Mode mode, int depth) {
        Tensor scores = torch.matmul(q.mul(new Scalar(scale)), k.transpose(-2, -1)); // (B, H, T, S)
        if (mask != null) {
            scores = scores.add(mask);
        }
        Tensor probabilities = Layers.dropout(torch.softmax(scores, -1), drop, mode, depth);
        return torch.matmul(probabilities, v); // (B, H, T, C/H)
    }
}

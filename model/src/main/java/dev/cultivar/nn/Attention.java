package dev.cultivar.nn;

import java.util.Optional;
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

    /// @param q    (B, H, T, d)
    /// @param k    (B, G, S, d): as many heads, or fewer that are shared (Ainslie et al., 2023, grouped-query attention)
    /// @param v    (B, G, S, d)
    /// @param mask added to the scores, broadcastable to (B, H, T, S); null where every key is seen
    /// @param drop share of probabilities dropped where the mode trains the layer at this depth
    /// @return (B, H, T, d)
    static Tensor apply(Tensor q, Tensor k, Tensor v, @Nullable Tensor mask, double drop, Mode mode, int depth) {
        return apply(q, k, v, mask, 1 / Math.sqrt(q.size(-1)), drop, mode, depth);
    }

    /// @param scale of the scores
    static Tensor apply(Tensor q, Tensor k, Tensor v, @Nullable Tensor mask, double scale, double drop, Mode mode, int depth) {
        return apply(q, k, v, mask, scale, Optional.empty(), drop, mode, depth);
    }

    /// @param cap of the scaled scores, before the mask
    static Tensor apply(
            Tensor q, Tensor k, Tensor v, @Nullable Tensor mask, double scale, Optional<SoftCap> cap, double drop, Mode mode, int depth) {
        long group = q.size(1) / k.size(1); // heads of queries that share one of keys and values: their tokens stand below each other
        Tensor scaled = below(q.mul(new Scalar(scale)), group);
        Tensor scores = beside(torch.matmul(scaled, k.transpose(-2, -1)), group); // (B, H, T, S)
        if (cap.isPresent()) {
            scores = cap.get().apply(scores);
        }
        if (mask != null) {
            scores = scores.add(mask);
        }
        Tensor probabilities = torch.softmax(scores, -1);
        AttentionListener listener = mode.attention();
        if (listener != null) {
            listener.heard(depth, probabilities);
        }
        Tensor kept = Layers.dropout(probabilities, drop, mode, depth);
        return beside(torch.matmul(below(kept, group), v), group); // (B, H, T, d)
    }

    /// (B, H, T, N) -> (B, H / group, group T, N)
    private static Tensor below(Tensor x, long group) {
        return group == 1 ? x : x.reshape(x.size(0), x.size(1) / group, group * x.size(2), x.size(3));
    }

    /// (B, G, group T, N) -> (B, G group, T, N)
    private static Tensor beside(Tensor x, long group) {
        return group == 1 ? x : x.view(x.size(0), x.size(1) * group, x.size(2) / group, x.size(3));
    }
}

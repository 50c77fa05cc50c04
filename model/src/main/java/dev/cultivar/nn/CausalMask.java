package dev.cultivar.nn;

import dev.cultivar.torch.Tensors;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/// Which tokens a token sees: itself and those before it, padding left out and, where a row is packed, only those of its own segment.
///
/// What is not seen gets the smallest finite number added to its score, never minus infinity: a row that sees nothing must
/// not become NaN, backward neither.
final class CausalMask {
    private CausalMask() {}

    /// To add to the scores, with T tokens that ask and S that are asked, which are more where some were read before:
    /// (1, 1, T, S) where all rows see alike, else (B, 1, T, S); null where everything is seen.
    static @Nullable Tensor of(Inputs inputs, ScalarType type, int rows, int length) {
        int before = inputs.past().map(KeyValues::length).orElse(0);
        int all = before + length;
        int[] real = inputs.past().isPresent()
                ? inputs.past().get().mask(inputs, length)
                : inputs.has("attention_mask") ? inputs.batch().ints("attention_mask").values() : new int[0];
        boolean padded = hidesBefore(real, all);
        boolean packed = inputs.has("segment_ids") && packed(inputs.batch().ints("segment_ids").values(), length);
        if (!padded && !packed) {
            return length == 1 ? null : causal(type, length, before).view(1, 1, length, all);
        }
        Tensor mask = causal(type, length, before).view(1, length, all);
        var hidden = new Scalar(lowest(type));
        if (packed) {
            Tensor segments = inputs.tensor("segment_ids");
            Tensor apart = segments.view(rows, length, 1).ne(segments.view(rows, 1, length)); // (B, T, T)
            mask = mask.masked_fill(apart, hidden);
        }
        if (padded) {
            mask = mask.masked_fill(Tensors.ofInts(real, rows, 1, all).eq(new Scalar(0)), hidden);
        }
        return mask.view(rows, 1, length, all);
    }

    /// (T, S)
    private static Tensor causal(ScalarType type, int length, int before) {
        return torch.full(new long[] {length, before + length}, new Scalar(lowest(type)), new TensorOptions(type)).triu(before + 1);
    }

    private static double lowest(ScalarType type) {
        return type == ScalarType.BFloat16 ? -0x1.fep127 : -Float.MAX_VALUE;
    }

    /// Whether padding stands before a token of its row. Padding after all tokens hides itself: no token looks ahead.
    private static boolean hidesBefore(int[] mask, int length) {
        for (int i = 1; i < mask.length; i++) {
            if (i % length != 0 && mask[i] != 0 && mask[i - 1] == 0) {
                return true;
            }
        }
        return false;
    }

    /// Whether a row holds a second segment; padding after the last one is none.
    private static boolean packed(int[] segments, int length) {
        for (int i = 1; i < segments.length; i++) {
            if (i % length != 0 && segments[i] != segments[i - 1] && segments[i] != 0) {
                return true;
            }
        }
        return false;
    }
}

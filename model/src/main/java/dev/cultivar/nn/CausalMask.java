package dev.cultivar.nn;

import dev.cultivar.torch.Tensors;
import java.util.OptionalInt;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/// Which tokens a token sees: itself and those before it, all or the last few of them, padding left out and, where a row is packed, only
/// those of its own segment.
///
/// What is not seen gets the smallest finite number added to its score, never minus infinity: a row that sees nothing must
/// not become NaN, backward neither.
final class CausalMask {
    private CausalMask() {}

    /// To add to the scores, with T tokens that ask and S that are asked, which are more where some were read before:
    /// (1, 1, T, S) where all rows see alike, else (B, 1, T, S); null where everything is seen.
    ///
    /// @param window how many tokens a token sees, itself included, counted along the row; empty for all before it
    static @Nullable Tensor of(Inputs inputs, ScalarType type, int rows, int length, OptionalInt window) {
        int before = inputs.past().map(KeyValues::length).orElse(inputs.virtualKeys());
        int all = before + length;
        int[] real = inputs.past().isPresent()
                ? inputs.past().get().mask(inputs, length)
                : inputs.has("attention_mask") ? inputs.seen(inputs.batch().ints("attention_mask").values(), rows) : new int[0];
        boolean padded = hidesBefore(real, all);
        boolean packed = inputs.has("segment_ids") && packed(inputs.batch().ints("segment_ids").values(), length);
        if (!padded && !packed) {
            boolean everything = length == 1 && window.orElse(all) >= all;
            return everything ? null : causal(type, length, before, window).view(1, 1, length, all);
        }
        Tensor mask = causal(type, length, before, window).view(1, length, all);
        var hidden = new Scalar(PaddingMask.lowest(type));
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
    private static Tensor causal(ScalarType type, int length, int before, OptionalInt window) {
        Tensor hidden = torch.full(new long[] {length, before + length}, new Scalar(PaddingMask.lowest(type)), new TensorOptions(type));
        Tensor ahead = hidden.triu(before + 1);
        return window.isPresent() && window.getAsInt() < before + length ? ahead.add(hidden.tril(before - window.getAsInt())) : ahead;
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

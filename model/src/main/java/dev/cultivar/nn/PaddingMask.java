package dev.cultivar.nn;

import dev.cultivar.batch.Batch;
import dev.cultivar.torch.Tensors;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/// Which tokens a token of an encoder sees: all that are no padding.
///
/// What is not seen gets the smallest finite number added to its score, not minus infinity: a row without any key must not become NaN.
final class PaddingMask {
    private PaddingMask() {}

    /// (B, T) of ones and zeros -> (B, 1, 1, P + T) to add to the scores, with P keys of a prefix; null where nothing is padding.
    static @Nullable Tensor of(Inputs inputs, ScalarType type, long rows, long length) {
        if (!inputs.has("attention_mask")) {
            return null;
        }
        Batch.Field.Ints mask = inputs.batch().ints("attention_mask");
        boolean full = true;
        for (int one : mask.values()) {
            full &= one != 0;
        }
        return full
                ? null
                : inputs.seen(Tensors.of(mask)) // its own copy: inputs that are read token after token outlive the scope of each
                        .view(rows, 1, 1, inputs.virtualKeys() + length)
                        .eq(new Scalar(0))
                        .to(type)
                        .mul(new Scalar(lowest(type)));
    }

    /// The smallest finite number.
    ///
    /// @param type as a tensor says it, which is another object than the constant until it is interned
    static double lowest(ScalarType type) {
        return type.intern() == ScalarType.BFloat16 ? -0x1.fep127 : -Float.MAX_VALUE;
    }
}

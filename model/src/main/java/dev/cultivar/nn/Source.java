package dev.cultivar.nn;

import dev.cultivar.torch.Tensors;
import java.util.Optional;
import java.util.function.Supplier;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/// What a decoder's cross-attention looks at: the encoder's states, and which of them are padding.
///
/// @param states (B, S, C)
/// @param mask   to add to the scores, (B, 1, 1, S); null where nothing is padding
/// @param past   where the keys are kept that are the same for every token; empty where all tokens are there at once
record Source(Tensor states, @Nullable Tensor mask, Optional<KeyValues> past) {

    /// @param inputs of the text that is read
    /// @param target of the text that is written
    static Source of(Inputs inputs, Tensor states, Inputs target) {
        return new Source(states, padding(inputs, states.scalar_type()), target.past());
    }

    /// A layer's keys and values, made once where they are kept.
    KeyValues.Layer keys(int layer, Supplier<KeyValues.Layer> make) {
        return past.map(kept -> kept.once(layer, make)).orElseGet(make);
    }

    /// `attention_mask` (B, S) of ones and zeros -> (B, 1, 1, S) to add to scores: the smallest finite number, not minus infinity, where
    /// padding stands; null where none does.
    static @Nullable Tensor padding(Inputs inputs, ScalarType type) {
        if (!inputs.has("attention_mask")) {
            return null;
        }
        var mask = inputs.batch().ints("attention_mask");
        boolean full = true;
        for (int one : mask.values()) {
            full &= one != 0;
        }
        if (full) {
            return null;
        }
        double lowest = type == ScalarType.BFloat16 ? -0x1.fep127 : -Float.MAX_VALUE;
        return Tensors.of(mask).view(mask.shape()[0], 1, 1, mask.shape()[1]).eq(new Scalar(0)).to(type).mul(new Scalar(lowest));
    }
}

package dev.cultivar.nn;

import java.util.Optional;
import java.util.function.Supplier;
import org.bytedeco.pytorch.Tensor;
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
        return new Source(states, PaddingMask.of(inputs, states.scalar_type(), states.size(0), states.size(1)), target.past());
    }

    /// A layer's keys and values, made once where they are kept.
    KeyValues.Layer keys(int layer, Supplier<KeyValues.Layer> make) {
        return past.map(kept -> kept.once(layer, make)).orElseGet(make);
    }
}

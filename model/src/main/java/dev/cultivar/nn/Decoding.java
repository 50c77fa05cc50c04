package dev.cultivar.nn;

import dev.cultivar.batch.Batch;
import java.util.OptionalInt;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/// What all layers of a decoder's forward pass share: the batch's size, where its tokens stand, what they see, what was read before.
///
/// @param rows      B
/// @param length    T
/// @param positions of the tokens
/// @param mask      to add to the scores, see [CausalMask]; null where everything is seen
/// @param type      of the hidden states
record Decoding(Inputs inputs, int rows, int length, Positions positions, @Nullable Tensor mask, ScalarType type) {

    /// @param type of the hidden states
    static Decoding of(Inputs inputs, ScalarType type) {
        Batch.Field.Ints ids = inputs.batch().ints("input_ids");
        int rows = Math.toIntExact(ids.shape()[0]);
        int length = Math.toIntExact(ids.shape()[1]);
        inputs.past().ifPresent(past -> past.require(inputs, rows, length));
        return new Decoding(inputs, rows, length, Positions.of(inputs, length), CausalMask.of(inputs, type, rows, length, OptionalInt.empty()), type);
    }

    /// The mask of layers whose tokens see no further back than a window.
    @Nullable Tensor mask(OptionalInt window) {
        return window.isEmpty() ? mask : CausalMask.of(inputs, type, rows, length, window);
    }

    /// The keys and values that a layer attends to: the new ones, after those that were read before.
    KeyValues.Layer seen(int layer, Tensor keys, Tensor values) {
        return inputs.past().map(past -> past.add(layer, keys, values)).orElseGet(() -> inputs.behindPrefix(layer, keys, values));
    }

    /// Counts the batch as read.
    void done() {
        inputs.past().ifPresent(past -> past.advance(inputs, length));
    }
}

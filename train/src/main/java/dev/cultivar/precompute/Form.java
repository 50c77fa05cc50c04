package dev.cultivar.precompute;

import dev.cultivar.nn.Backbone;
import dev.cultivar.nn.Hidden;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.Mode;
import dev.cultivar.nn.Pooling;
import org.bytedeco.pytorch.Tensor;

/// How much of what the layers below a cut make of a row is kept: as little as what stands above can do with.
public enum Form {
    /// Every token's state: (T, C) a row.
    STATES {
        @Override
        Tensor of(Backbone backbone, Hidden hidden, int cut, Inputs inputs) {
            return hidden.layers().get(cut); // (B, T, C)
        }

        @Override
        int tokens(int length) {
            return length;
        }

        @Override
        long[] shape(int rows, int tokens, long width) {
            return new long[] {rows, tokens, width};
        }
    },
    /// The first token's state, where nothing else is read of the last layer: (1, C) a row.
    FIRST {
        @Override
        Tensor of(Backbone backbone, Hidden hidden, int cut, Inputs inputs) {
            return hidden.layers().get(cut).narrow(1, 0, 1); // (B, T, C) -> (B, 1, C)
        }

        @Override
        int tokens(int length) {
            return 1;
        }

        @Override
        long[] shape(int rows, int tokens, long width) {
            return new long[] {rows, 1, width};
        }
    },
    /// The mean of the last layer's states: (C) a row.
    MEAN {
        @Override
        Tensor of(Backbone backbone, Hidden hidden, int cut, Inputs inputs) {
            return Pooling.MEAN.apply(backbone, hidden, inputs, Mode.INFERENCE); // (B, C)
        }

        @Override
        int tokens(int length) {
            return 1;
        }

        @Override
        long[] shape(int rows, int tokens, long width) {
            return new long[] {rows, width};
        }
    };

    /// The rows' values, from the hidden states of a batch that was computed up to the cut.
    abstract Tensor of(Backbone backbone, Hidden hidden, int cut, Inputs inputs);

    /// How many vectors are kept of a row of so many tokens.
    abstract int tokens(int length);

    /// The shape of what a model gets for a batch.
    ///
    /// @param tokens the length of the batch's rows
    abstract long[] shape(int rows, int tokens, long width);
}

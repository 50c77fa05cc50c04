package dev.cultivar.nn;

import org.bytedeco.pytorch.Tensor;

/// Hidden states to two scores of every token, of being the first and the last of an answer: transformers' `qa_outputs`.
public final class SpanHead {
    public static final String NAME = "qa_outputs";

    private final Weights weights;

    /// @param deviation of the initial weights
    SpanHead(Weights weights, int width, double deviation) {
        this.weights = weights;
        Layers.declareLinear(weights, NAME, deviation, width, 2);
    }

    /// (B, T, C) -> (B, T, 2)
    public Tensor logits(Tensor states) {
        return Layers.linear(weights, NAME, states);
    }
}

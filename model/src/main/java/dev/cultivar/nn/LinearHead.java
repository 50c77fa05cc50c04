package dev.cultivar.nn;

import org.bytedeco.pytorch.Tensor;

/// One linear layer from a vector to scores: a classifier, or next-sentence prediction.
public final class LinearHead implements VectorHead {
    public static final String CLASSIFIER = "classifier";
    public static final String NEXT_SENTENCE = "cls.seq_relationship";

    private final Weights weights;
    private final String name;
    private final int outputs;

    /// @param name      `NAME.weight` and `NAME.bias` are its parameters
    /// @param deviation of the initial weights
    public LinearHead(Weights weights, String name, int width, int outputs, double deviation) {
        this.weights = weights;
        this.name = name;
        this.outputs = outputs;
        Layers.declareLinear(weights, name, deviation, width, outputs);
    }

    @Override
    public int outputs() {
        return outputs;
    }

    @Override
    public Tensor logits(Tensor vectors) {
        return Layers.linear(weights, name, vectors);
    }
}

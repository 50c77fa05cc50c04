package dev.cultivar.nn;

import org.bytedeco.pytorch.Tensor;

/// DistilBERT's head over labels: the first token, a dense layer, relu, dropout, a linear layer.
final class DistilBertClassificationHead implements RowHead {
    static final String DENSE = "pre_classifier";

    private final Weights weights;
    private final double drop;
    private final int outputs;

    /// @param drop      share that is dropped
    /// @param deviation of the initial weights
    DistilBertClassificationHead(Weights weights, int width, double drop, int outputs, double deviation) {
        this.weights = weights;
        this.drop = drop;
        this.outputs = outputs;
        Layers.declareLinear(weights, DENSE, deviation, width, width);
        Layers.declareLinear(weights, LinearHead.CLASSIFIER, deviation, width, outputs);
    }

    @Override
    public int outputs() {
        return outputs;
    }

    @Override
    public Tensor logits(Hidden hidden, Inputs inputs, Mode mode) {
        Tensor inner = Layers.activation("relu", Layers.linear(weights, DENSE, hidden.states().select(1, 0))); // (B, C)
        return Layers.linear(weights, LinearHead.CLASSIFIER, Layers.dropout(inner, drop, mode, DenseClassificationHead.TOP));
    }
}

package dev.cultivar.nn;

import org.bytedeco.pytorch.Tensor;

/// The head over labels that ELECTRA and RoBERTa have: the first token, a dense layer, its activation, a linear layer; dropout before
/// each of the two.
final class DenseClassificationHead implements RowHead {
    private static final String DENSE = LinearHead.CLASSIFIER + ".dense";
    static final String OUT = LinearHead.CLASSIFIER + ".out_proj";
    /// A head lies above every layer and is never frozen.
    static final int TOP = Integer.MAX_VALUE;

    private final Weights weights;
    private final String activation;
    private final double drop;
    private final int outputs;

    /// @param activation after the dense layer
    /// @param drop       share that is dropped
    /// @param deviation  of the initial weights
    DenseClassificationHead(Weights weights, int width, String activation, double drop, int outputs, double deviation) {
        this.weights = weights;
        this.activation = activation;
        this.drop = drop;
        this.outputs = outputs;
        Layers.declareLinear(weights, DENSE, deviation, width, width);
        Layers.declareLinear(weights, OUT, deviation, width, outputs);
    }

    @Override
    public int outputs() {
        return outputs;
    }

    @Override
    public Tensor logits(Hidden hidden, Inputs inputs, Mode mode) {
        Tensor first = Layers.dropout(hidden.states().select(1, 0), drop, mode, TOP); // (B, C)
        Tensor inner = Layers.activation(activation, Layers.linear(weights, DENSE, first));
        return Layers.linear(weights, OUT, Layers.dropout(inner, drop, mode, TOP));
    }
}

package dev.cultivar.nn;

import org.bytedeco.pytorch.Tensor;

/// ELECTRA's head over labels: the first token, a dense layer, gelu, a linear layer; dropout before each of the two.
public final class ElectraClassificationHead implements RowHead {
    private static final String DENSE = LinearHead.CLASSIFIER + ".dense";
    static final String OUT = LinearHead.CLASSIFIER + ".out_proj";
    /// A head lies above every layer and is never frozen.
    private static final int TOP = Integer.MAX_VALUE;

    private final Weights weights;
    private final ElectraConfig config;
    private final int outputs;

    /// @param deviation of the initial weights
    ElectraClassificationHead(Weights weights, ElectraConfig config, int outputs, double deviation) {
        this.weights = weights;
        this.config = config;
        this.outputs = outputs;
        int width = config.encoder().width();
        Layers.declareLinear(weights, DENSE, deviation, width, width);
        Layers.declareLinear(weights, OUT, deviation, width, outputs);
    }

    @Override
    public int outputs() {
        return outputs;
    }

    @Override
    public Tensor logits(Hidden hidden, Inputs inputs, Mode mode) {
        double drop = config.classifierDropout();
        Tensor first = Layers.dropout(hidden.states().select(1, 0), drop, mode, TOP); // (B, C)
        Tensor inner = Layers.activation("gelu", Layers.linear(weights, DENSE, first));
        return Layers.linear(weights, OUT, Layers.dropout(inner, drop, mode, TOP));
    }
}

package dev.cultivar.nn;

import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/// The last layer of a network over images: scores of what the backbone pools, under the name that the family's files give the layer.
final class OutputHead implements RowHead {
    private final Weights weights;
    private final Backbone backbone;
    private final String name;
    private final double drop;
    private final int outputs;

    /// @param name      `NAME.weight` and `NAME.bias` are its parameters
    /// @param drop      share of its input that is dropped in training
    /// @param deviation of the initial weights
    OutputHead(Weights weights, Backbone backbone, String name, double drop, int outputs, double deviation) {
        this.weights = weights;
        this.backbone = backbone;
        this.name = name;
        this.drop = drop;
        this.outputs = outputs;
        Layers.declareLinear(weights, name, deviation, backbone.width(), outputs);
    }

    @Override
    public int outputs() {
        return outputs;
    }

    @Override
    public Optional<Pooling> pooling() {
        return Optional.of(Pooling.CLS);
    }

    /// Pooled (B, C) -> (B, outputs)
    @Override
    public Tensor logits(Hidden hidden, Inputs inputs, Mode mode) {
        Tensor row = RowClassifier.startsPooled(backbone, inputs) ? hidden.states() : backbone.pooled(hidden, inputs, mode);
        return Layers.linear(weights, name, Layers.dropout(row, drop, mode, DenseClassificationHead.TOP));
    }
}

package dev.cultivar.nn;

import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/// ModernBERT's head over labels: the first token or the mean of the row, the shared transform, dropout, a linear layer.
final class ModernBertClassificationHead implements RowHead {
    private final Weights weights;
    private final ModernBertTransform transform;
    private final Backbone backbone;
    private final ModernBertConfig.Classifier config;
    private final int outputs;

    /// @param deviation of the initial weights
    ModernBertClassificationHead(
            Weights weights, ModernBertTransform transform, Backbone backbone, ModernBertConfig config, int outputs, double deviation) {
        this.weights = weights;
        this.transform = transform;
        this.backbone = backbone;
        this.config = config.classifier();
        this.outputs = outputs;
        Layers.declareLinear(weights, LinearHead.CLASSIFIER, deviation, config.width(), outputs);
    }

    @Override
    public int outputs() {
        return outputs;
    }

    @Override
    public Optional<Pooling> pooling() {
        return config.pooling() == Pooling.MEAN ? Optional.of(Pooling.MEAN) : Optional.empty();
    }

    /// (B, T, C) -> (B, outputs)
    @Override
    public Tensor logits(Hidden hidden, Inputs inputs, Mode mode) {
        Tensor row = RowClassifier.startsPooled(backbone, inputs) ? hidden.states() : config.pooling().apply(backbone, hidden, inputs, mode);
        return Layers.linear(
                weights, LinearHead.CLASSIFIER, Layers.dropout(transform.apply(row), config.drop(), mode, DenseClassificationHead.TOP));
    }
}

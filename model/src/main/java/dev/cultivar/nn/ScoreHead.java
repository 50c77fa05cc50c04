package dev.cultivar.nn;

import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/// A decoder's head over labels: its last token that is no padding, through a linear layer without a bias.
final class ScoreHead implements RowHead {
    static final String NAME = "score";

    private final Weights weights;
    private final Backbone backbone;
    private final int outputs;

    private ScoreHead(Weights weights, Backbone backbone, int outputs, double deviation) {
        this.weights = weights;
        this.backbone = backbone;
        this.outputs = outputs;
        Layers.declareProjection(weights, NAME, deviation, false, backbone.width(), outputs);
    }

    /// The model's head, built on first use.
    static ScoreHead of(Model model, int outputs, double deviation) {
        return model.network(NAME, ScoreHead.class, weights -> new ScoreHead(weights, model.backbone(), outputs, deviation));
    }

    @Override
    public int outputs() {
        return outputs;
    }

    @Override
    public Optional<Pooling> pooling() {
        return Optional.of(Pooling.CLS);
    }

    /// (B, T, C) -> (B, outputs)
    @Override
    public Tensor logits(Hidden hidden, Inputs inputs, Mode mode) {
        return Layers.projection(weights, NAME, backbone.pooled(hidden, inputs, mode));
    }
}

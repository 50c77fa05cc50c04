package dev.cultivar.nn;

import org.bytedeco.pytorch.Tensor;

/// Hidden states to one score a token, above 0 where the token seems replaced: a dense layer, the activation, a dot product.
public final class DiscriminatorHead {
    public static final String NAME = "discriminator_predictions";
    private static final String DENSE = NAME + ".dense";
    private static final String OUT = NAME + ".dense_prediction";

    private final Weights weights;
    private final BertConfig config;

    DiscriminatorHead(Weights weights, BertConfig config) {
        this.weights = weights;
        this.config = config;
        Layers.declareLinear(weights, DENSE, config.initializerRange(), config.width(), config.width());
        Layers.declareLinear(weights, OUT, config.initializerRange(), config.width(), 1);
    }

    /// (B, T, C) -> (B, T)
    public Tensor logits(Tensor states) {
        Tensor inner = Layers.activation(config.activation(), Layers.linear(weights, DENSE, states));
        return Layers.linear(weights, OUT, inner).squeeze(-1);
    }
}

package dev.cultivar.nn;

import org.bytedeco.pytorch.Tensor;

/// What ModernBERT's heads over pieces and over labels both begin with: a dense layer, its activation, a norm. A model with both heads
/// has it once.
final class ModernBertTransform {
    static final String NAME = "head";

    private final Weights weights;
    private final ModernBertConfig config;

    private ModernBertTransform(Weights weights, ModernBertConfig config) {
        this.weights = weights;
        this.config = config;
        double deviation = config.initializerRange() / Math.sqrt(2.0 * config.layers());
        Layers.declareProjection(weights, NAME + ".dense", deviation, config.classifier().bias(), config.width(), config.width());
        Layers.declareNorm(weights, NAME + ".norm", config.biases().norm(), config.width());
    }

    /// The model's, built on first use.
    static ModernBertTransform of(Model model, ModernBertConfig config) {
        return model.network(NAME, ModernBertTransform.class, weights -> new ModernBertTransform(weights, config));
    }

    /// (..., C) -> (..., C)
    Tensor apply(Tensor x) {
        Tensor dense = Layers.activation(config.classifier().activation(), Layers.projection(weights, NAME + ".dense", x));
        return Layers.norm(weights, NAME + ".norm", dense, config.normEpsilon());
    }
}

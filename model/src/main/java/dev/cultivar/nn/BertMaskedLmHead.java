package dev.cultivar.nn;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/// Hidden states to logits over the vocabulary, through BERT's transform and the embedding table itself (tied).
public final class BertMaskedLmHead implements MaskedLmHead {
    public static final String NAME = "cls.predictions";
    private static final String TRANSFORM = NAME + ".transform";

    private final Weights weights;
    private final BertConfig config;

    public BertMaskedLmHead(Weights weights, BertConfig config) {
        this.weights = weights;
        this.config = config;
        weights.parameter(NAME + ".bias", new Initial.Constant(0), config.vocabulary());
        Layers.declareLinear(weights, TRANSFORM + ".dense", config.initializerRange(), config.width(), config.width());
        Layers.declareNorm(weights, TRANSFORM + ".LayerNorm", config.width());
    }

    @Override
    public Tensor logits(Tensor states) {
        Tensor dense = Layers.activation(config.activation(), Layers.linear(weights, TRANSFORM + ".dense", states));
        Tensor normed = Layers.norm(weights, TRANSFORM + ".LayerNorm", dense, config.normEpsilon());
        return torch.linear(normed, weights.get(Bert.WORDS), new TensorOptional(weights.get(NAME + ".bias")));
    }
}

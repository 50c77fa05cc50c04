package dev.cultivar.nn;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/// RoBERTa's hidden states to logits over the vocabulary: a dense layer, gelu, a norm, the embedding table itself (tied) and a bias.
final class RobertaMaskedLmHead implements MaskedLmHead {
    static final String NAME = "lm_head";

    private final Weights weights;
    private final BertConfig config;
    private final String words;

    /// @param words the table of the pieces' vectors
    RobertaMaskedLmHead(Weights weights, BertConfig config, String words) {
        this.weights = weights;
        this.config = config;
        this.words = words;
        weights.parameter(NAME + ".bias", new Initial.Constant(0), config.vocabulary());
        Layers.declareLinear(weights, NAME + ".dense", config.initializerRange(), config.width(), config.width());
        Layers.declareNorm(weights, NAME + ".layer_norm", config.width());
    }

    @Override
    public Tensor logits(Tensor states) {
        // gelu whatever the layers' activation is, as transformers has it
        Tensor dense = Layers.activation("gelu", Layers.linear(weights, NAME + ".dense", states));
        Tensor normed = Layers.norm(weights, NAME + ".layer_norm", dense, config.normEpsilon());
        return torch.linear(normed, weights.get(words), new TensorOptional(weights.get(NAME + ".bias")));
    }
}

package dev.cultivar.nn;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/// ELECTRA's hidden states to logits over the vocabulary: back to the size of an embedding, then through the table itself (tied).
final class GeneratorHead implements MaskedLmHead {
    /// Of the network, and of its transform's parameters.
    static final String NAME = "generator_predictions";
    /// The bias over the vocabulary lies under a name of its own.
    static final String OUT = "generator_lm_head";

    private final Weights weights;
    private final ElectraConfig config;
    private final String words;
    private final String prefix;

    /// @param words  the table of the pieces' vectors
    /// @param prefix of the names; empty for a head of the model's own backbone
    GeneratorHead(Weights weights, ElectraConfig config, String words, String prefix) {
        this.weights = weights;
        this.config = config;
        this.words = words;
        this.prefix = prefix;
        BertConfig encoder = config.encoder();
        weights.parameter(prefix + OUT + ".bias", new Initial.Constant(0), encoder.vocabulary());
        Layers.declareLinear(weights, prefix + NAME + ".dense", encoder.initializerRange(), encoder.width(), config.embedding());
        Layers.declareNorm(weights, prefix + NAME + ".LayerNorm", config.embedding());
    }

    @Override
    public Tensor logits(Tensor states) {
        // gelu whatever the layers' activation is, as transformers has it
        Tensor dense = Layers.activation("gelu", Layers.linear(weights, prefix + NAME + ".dense", states));
        Tensor normed = Layers.norm(weights, prefix + NAME + ".LayerNorm", dense, config.encoder().normEpsilon());
        return torch.linear(normed, weights.get(words), new TensorOptional(weights.get(prefix + OUT + ".bias")));
    }
}

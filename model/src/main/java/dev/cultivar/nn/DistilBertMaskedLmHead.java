package dev.cultivar.nn;

import java.util.Set;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/// DistilBERT's hidden states to logits over the vocabulary: BERT's head under names of its own.
final class DistilBertMaskedLmHead implements MaskedLmHead {
    static final String NAME = "vocab_projector";
    private static final String DENSE = "vocab_transform";
    private static final String NORM = "vocab_layer_norm";
    /// What the names of its parameters start with.
    static final Set<String> PARTS = Set.of(DENSE, NORM, NAME);

    private final Weights weights;
    private final BertConfig config;
    private final String words;

    /// @param words the table of the pieces' vectors
    DistilBertMaskedLmHead(Weights weights, BertConfig config, String words) {
        this.weights = weights;
        this.config = config;
        this.words = words;
        Layers.declareLinear(weights, DENSE, config.initializerRange(), config.width(), config.width());
        Layers.declareNorm(weights, NORM, config.width());
        weights.parameter(NAME + ".bias", new Initial.Constant(0), config.vocabulary());
    }

    @Override
    public Tensor logits(Tensor states) {
        Tensor dense = Layers.activation(config.activation(), Layers.linear(weights, DENSE, states));
        Tensor normed = Layers.norm(weights, NORM, dense, config.normEpsilon());
        return torch.linear(normed, weights.get(words), new TensorOptional(weights.get(NAME + ".bias")));
    }
}

package dev.cultivar.nn;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/// ModernBERT's hidden states to logits over the vocabulary: the shared transform, the embedding table itself (tied) and a bias.
final class ModernBertMaskedLmHead implements MaskedLmHead {
    static final String NAME = "decoder";

    private final Weights weights;
    private final ModernBertTransform transform;
    private final String words;

    /// @param words the table of the pieces' vectors
    ModernBertMaskedLmHead(Weights weights, ModernBertTransform transform, ModernBertConfig config, String words) {
        this.weights = weights;
        this.transform = transform;
        this.words = words;
        if (config.biases().decoder()) {
            weights.parameter(NAME + ".bias", new Initial.Constant(0), config.vocabulary());
        }
    }

    @Override
    public Tensor logits(Tensor states) {
        String bias = NAME + ".bias";
        return torch.linear(
                transform.apply(states), weights.get(words), weights.has(bias) ? new TensorOptional(weights.get(bias)) : new TensorOptional());
    }
}

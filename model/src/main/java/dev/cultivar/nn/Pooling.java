package dev.cultivar.nn;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/// Hidden states of a row to one vector.
public enum Pooling {
    /// What the backbone itself offers: the first token through BERT's pooler, a CNN's features.
    CLS {
        @Override
        public Tensor apply(Backbone backbone, Hidden hidden, Inputs inputs, Mode mode) {
            return backbone.pooled(hidden, inputs, mode);
        }
    },
    /// The mean over tokens that are not padding.
    MEAN {
        @Override
        public Tensor apply(Backbone backbone, Hidden hidden, Inputs inputs, Mode mode) {
            Tensor states = hidden.states(); // (B, T, C)
            if (states.dim() != 3) {
                throw new IllegalArgumentException("a mean over tokens needs a backbone with a state for each, and one of type "
                        + backbone.config().get("model_type") + " has none; give objective.pooling: cls, which is what it pools itself");
            }
            if (!inputs.has("attention_mask")) {
                return states.mean(1);
            }
            Tensor mask = inputs.tensor("attention_mask").to(states.scalar_type()).unsqueeze(-1); // (B, T, 1)
            Tensor count = mask.sum(1).clamp_min(new Scalar(1)); // (B, 1)
            return states.mul(mask).sum(1).div(count); // (B, C)
        }
    };

    /// (B, T, C) -> (B, C)
    public abstract Tensor apply(Backbone backbone, Hidden hidden, Inputs inputs, Mode mode);
}

package dev.cultivar.nn;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/// A backbone that makes one vector of a text, so that texts of like meaning lie close (Reimers and Gurevych, 2019, "Sentence-BERT").
///
/// @param from       what of the hidden states the vector is made of
/// @param normalized whether vectors have length 1
public record TextEmbedding(Backbone backbone, From from, boolean normalized) {
    /// Sentence-transformers' least norm, so that nothing is divided by 0.
    private static final double LEAST_NORM = 1e-12;

    /// What of the hidden states a vector is made of; sentence-transformers' words.
    public enum From {
        /// The state of the first token as it is, without a pooler.
        CLS,
        /// The mean over tokens that are not padding.
        MEAN
    }

    /// (B, T) -> (B, C), in float32
    public Tensor vectors(Inputs inputs, Mode mode) {
        Tensor states = backbone.forward(inputs, mode).states().to(ScalarType.Float); // (B, T, C)
        Tensor vectors = switch (from) {
            case CLS -> states.select(1, 0);
            case MEAN -> mean(states, inputs);
        };
        return normalized ? unit(vectors) : vectors;
    }

    private static Tensor mean(Tensor states, Inputs inputs) {
        Tensor mask = inputs.tensor("attention_mask").to(ScalarType.Float).unsqueeze(-1); // (B, T, 1)
        return states.mul(mask).sum(1).div(mask.sum(1).clamp_min(new Scalar(1)));
    }

    /// Each vector at length 1: (N, C) -> (N, C)
    public static Tensor unit(Tensor vectors) {
        return vectors.div(vectors.norm(new ScalarOptional(new Scalar(2)), new long[] {-1}, true).clamp_min(new Scalar(LEAST_NORM)));
    }
}

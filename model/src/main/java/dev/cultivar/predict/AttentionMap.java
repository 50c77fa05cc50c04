package dev.cultivar.predict;

import java.util.Arrays;
import java.util.List;

/// What a transformer's layers attended to in one row: of each layer and head the probabilities that its forward pass multiplied the values with.
///
/// A token's probabilities sum to 1. What a mask hides, as the tokens ahead of a decoder's, has 0. The arrays are not copied, neither in nor
/// out: nobody changes them.
///
/// @param values   of each layer, from the first, and each of its heads T x S numbers: a row for each token that asks, a column for each that
///                 gives
/// @param tokens   T
/// @param keys     S: the keys of a prefix first, where an adapter puts one before each layer, then the T tokens
public record AttentionMap(List<float[][]> values, int tokens, int keys) {
    public AttentionMap {
        values = List.copyOf(values);
        for (float[][] heads : values) {
            for (float[] head : heads) {
                if (head.length != tokens * keys) {
                    throw new IllegalArgumentException("a head of " + tokens + " tokens and " + keys + " keys has " + (long) tokens * keys
                            + " probabilities, got " + head.length);
                }
            }
        }
    }

    /// How many layers attended.
    public int layers() {
        return values.size();
    }

    /// Heads of each layer.
    public int heads() {
        return values.getFirst().length;
    }

    /// How much one token takes of another.
    ///
    /// @param layer from 0
    /// @param head  from 0
    /// @param from  the token that asks, from 0
    /// @param to    the key that gives, from 0
    public float at(int layer, int head, int from, int to) {
        return values.get(layer)[head][from * keys + to];
    }

    /// The mean of a layer's heads: T x S.
    public float[] mean(int layer) {
        float[][] heads = values.get(layer);
        float[] mean = new float[tokens * keys];
        for (int i = 0; i < mean.length; i++) {
            double sum = 0;
            for (float[] head : heads) {
                sum += head[i];
            }
            mean[i] = (float) (sum / heads.length);
        }
        return mean;
    }

    /// How much of some tokens' last states came from each piece of the input, through all layers: attention rollout (Abnar and Zuidema, 2020,
    /// "Quantifying attention flow in transformers", section 3). A layer takes half of a token from the token itself, for the connection around
    /// its attention, and half from what the mean of its heads attends to; the layers' matrices are multiplied. The keys of a prefix come from
    /// no token, so what a layer takes of them stays there.
    ///
    /// @param read the tokens, from 0, each alike
    /// @return S shares that sum to 1
    public float[] rollout(int... read) {
        int prefix = keys - tokens;
        double[] shares = new double[keys];
        for (int token : read) {
            shares[prefix + token] += 1.0 / read.length;
        }
        for (int layer = values.size() - 1; layer >= 0; layer--) {
            float[] mean = mean(layer);
            double[] below = Arrays.copyOf(shares, keys); // (S)
            for (int token = 0; token < tokens; token++) {
                double half = shares[prefix + token] / 2;
                below[prefix + token] -= half;
                for (int key = 0; key < keys; key++) {
                    below[key] += half * mean[token * keys + key];
                }
            }
            shares = below;
        }
        float[] rounded = new float[keys];
        for (int key = 0; key < keys; key++) {
            rounded[key] = (float) shares[key];
        }
        return rounded;
    }
}

package dev.cultivar.nn;

import org.bytedeco.pytorch.Tensor;

/// Hidden states to scores of every token: dropout, then one linear layer, as transformers' token classifiers have it.
public final class TokenHead {
    /// What a model calls this network; its parameters are called as those of a classifier of rows.
    public static final String NETWORK = "token_classification";
    /// A head lies above every layer and is never frozen.
    private static final int TOP = Integer.MAX_VALUE;

    private final Weights weights;
    private final double dropout;
    private final int outputs;

    /// @param dropout   share that is dropped of the hidden states
    /// @param outputs   scores of each token
    /// @param deviation of the initial weights
    TokenHead(Weights weights, int width, double dropout, int outputs, double deviation) {
        this.weights = weights;
        this.dropout = dropout;
        this.outputs = outputs;
        Layers.declareLinear(weights, LinearHead.CLASSIFIER, deviation, width, outputs);
    }

    /// How many scores it gives of each token.
    public int outputs() {
        return outputs;
    }

    /// (B, T, C) -> (B, T, outputs)
    public Tensor logits(Tensor states, Mode mode) {
        return Layers.linear(weights, LinearHead.CLASSIFIER, Layers.dropout(states, dropout, mode, TOP));
    }
}

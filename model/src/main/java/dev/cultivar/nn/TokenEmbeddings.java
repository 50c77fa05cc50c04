package dev.cultivar.nn;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// Pieces to vectors: word, position and segment tables, summed and normed, as BERT and ELECTRA have them.
final class TokenEmbeddings {
    private final Weights weights;
    private final BertConfig config;
    private final String prefix;

    /// Declares the tables.
    ///
    /// @param width  of a vector
    /// @param prefix of the names
    TokenEmbeddings(Weights weights, BertConfig config, int width, String prefix) {
        this.weights = weights;
        this.config = config;
        this.prefix = prefix;
        var normal = new Initial.Normal(config.initializerRange());
        weights.parameter(table("word_embeddings"), normal, config.vocabulary(), width);
        weights.parameter(table("position_embeddings"), normal, config.positions(), width);
        weights.parameter(table("token_type_embeddings"), normal, config.segments(), width);
        Layers.declareNorm(weights, prefix + "LayerNorm", width);
    }

    /// (B, T) -> (B, T, width). Positions are counted from the left edge, padding included.
    Tensor apply(Inputs inputs, Mode mode) {
        long length = inputs.batch().ints("input_ids").shape()[1];
        Tensor words = torch.embedding(weights.get(words()), inputs.tensor("input_ids"), config.pad(), false, false);
        Tensor types = weights.get(table("token_type_embeddings"));
        Tensor segments = inputs.has("token_type_ids")
                ? torch.embedding(types, inputs.tensor("token_type_ids")) // (B, T, width)
                : types.narrow(0, 0, 1); // (1, width)
        Tensor positions = weights.get(table("position_embeddings")).narrow(0, 0, length); // (T, width)
        Tensor sum = words.add(segments).add(positions);
        Tensor normed = Layers.norm(weights, prefix + "LayerNorm", sum, config.normEpsilon());
        return Layers.dropout(normed, config.dropout(), mode, 0);
    }

    /// The table of the pieces' vectors, (V, width): a head that guesses pieces shares it.
    String words() {
        return table("word_embeddings");
    }

    private String table(String name) {
        return prefix + name + ".weight";
    }
}

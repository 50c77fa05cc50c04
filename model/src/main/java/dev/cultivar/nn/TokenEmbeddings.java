package dev.cultivar.nn;

import dev.cultivar.batch.Batch;
import dev.cultivar.torch.Tensors;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// Pieces to vectors: word, position and, where the model tells segments apart, segment tables, summed and normed, as BERT and its
/// relatives have them.
final class TokenEmbeddings {
    private final Weights weights;
    private final BertConfig config;
    private final String prefix;
    private final Counting counting;

    /// Where a row's positions start.
    enum Counting {
        /// At 0 at the left edge, padding included.
        FROM_THE_LEFT,
        /// At the padding piece's number plus 1, at the first token that is no padding; padding stands at the padding piece's number.
        AFTER_PADDING
    }

    /// Declares the tables.
    ///
    /// @param width  of a vector
    /// @param prefix of the names
    TokenEmbeddings(Weights weights, BertConfig config, int width, String prefix) {
        this(weights, config, width, prefix, Counting.FROM_THE_LEFT);
    }

    /// @param counting of positions
    TokenEmbeddings(Weights weights, BertConfig config, int width, String prefix, Counting counting) {
        this.weights = weights;
        this.config = config;
        this.prefix = prefix;
        this.counting = counting;
        var normal = new Initial.Normal(config.initializerRange());
        weights.parameter(table("word_embeddings"), normal, config.vocabulary(), width);
        weights.parameter(table("position_embeddings"), normal, config.positions(), width);
        if (config.segments() > 0) {
            weights.parameter(table("token_type_embeddings"), normal, config.segments(), width);
        }
        Layers.declareNorm(weights, prefix + "LayerNorm", width);
    }

    /// (B, T) -> (B, T, width)
    Tensor apply(Inputs inputs, Mode mode) {
        Tensor words = inputs.prompted(Lookup.of(
                weights.get(words()), inputs.tensor("input_ids"), inputs.batch().ints("input_ids").values(), config.pad()));
        Tensor typed = config.segments() > 0 ? words.add(segments(inputs)) : words;
        Tensor normed = Layers.norm(weights, prefix + "LayerNorm", typed.add(positions(inputs)), config.normEpsilon());
        return Layers.dropout(normed, config.dropout(), mode, 0);
    }

    /// (B, T, width), or (1, width) where all tokens are of the first kind
    private Tensor segments(Inputs inputs) {
        Tensor types = weights.get(table("token_type_embeddings"));
        return config.segments() > 1 && inputs.has("token_type_ids")
                ? torch.embedding(types, inputs.tensor("token_type_ids"))
                : types.narrow(0, 0, 1);
    }

    /// (T, width) or (B, T, width)
    private Tensor positions(Inputs inputs) {
        Tensor table = weights.get(table("position_embeddings"));
        Batch.Field.Ints ids = inputs.batch().ints("input_ids");
        int length = Math.toIntExact(ids.shape()[1]);
        return switch (counting) {
            case FROM_THE_LEFT -> table.narrow(0, inputs.virtualKeys(), length);
            case AFTER_PADDING -> torch.embedding(
                    table, Tensors.ofInts(afterPadding(ids.values(), length), ids.shape()), config.pad(), false, false);
        };
    }

    private int[] afterPadding(int[] ids, int length) {
        int[] positions = new int[ids.length];
        int next = 0;
        for (int i = 0; i < ids.length; i++) {
            next = i % length == 0 ? config.pad() + 1 : next;
            positions[i] = ids[i] == config.pad() ? config.pad() : next++;
        }
        return positions;
    }

    /// The table of the pieces' vectors, (V, width): a head that guesses pieces shares it.
    String words() {
        return table("word_embeddings");
    }

    private String table(String name) {
        return prefix + name + ".weight";
    }
}

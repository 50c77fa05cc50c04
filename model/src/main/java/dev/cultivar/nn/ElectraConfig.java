package dev.cultivar.nn;

import java.util.LinkedHashMap;
import java.util.Map;

/// The numbers of an ELECTRA, as its `config.json` has them: those of a BERT whose embeddings may be narrower than its layers.
///
/// @param encoder           what it shares with BERT
/// @param embedding         size of an embedding; where it is not the width, a linear layer comes between
/// @param classifierDropout of the head over labels
public record ElectraConfig(BertConfig encoder, int embedding, double classifierDropout) {

    /// Reads Hugging Face's keys; what would change the numbers and is not built is refused.
    public static ElectraConfig of(ConfigFile config) {
        BertConfig encoder = BertConfig.of(config);
        config.require("tie_word_embeddings", true);
        return new ElectraConfig(
                encoder, config.whole("embedding_size", 128), config.number("classifier_dropout", encoder.dropout()));
    }

    /// Hugging Face's keys.
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>(encoder.json());
        json.put("classifier_dropout", classifierDropout);
        json.put("embedding_size", embedding);
        json.put("model_type", "electra");
        return json;
    }

    /// A generator for this discriminator.
    ElectraConfig generator(GeneratorShape shape) {
        return switch (shape) {
            case GeneratorShape.Scaled(double share, boolean _) -> {
                int width = scaled(encoder.width(), share);
                int heads = scaled(encoder.heads(), share);
                while (width % heads != 0) {
                    heads--;
                }
                yield generator(encoder.layers(), width, heads, scaled(encoder.feedForward(), share));
            }
            case GeneratorShape.Sized sized -> generator(sized.layers(), sized.width(), sized.heads(), sized.feedForward());
        };
    }

    private static int scaled(int size, double share) {
        return Math.max(1, (int) Math.round(size * share));
    }

    private ElectraConfig generator(int layers, int width, int heads, int feedForward) {
        var shape = new BertConfig(
                encoder.vocabulary(), width, layers, heads, feedForward, encoder.positions(), encoder.segments(), encoder.activation(),
                encoder.dropout(), encoder.attentionDropout(), encoder.normEpsilon(), encoder.initializerRange(), encoder.pad());
        return new ElectraConfig(shape, embedding, classifierDropout);
    }
}

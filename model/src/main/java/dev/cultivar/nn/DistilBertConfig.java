package dev.cultivar.nn;

import java.util.LinkedHashMap;
import java.util.Map;

/// The numbers of a DistilBERT, as its `config.json` has them, under keys of its own.
///
/// @param encoder           what it shares with BERT; it tells no segments apart
/// @param classifierDropout of the head over labels
record DistilBertConfig(BertConfig encoder, double classifierDropout) {
    /// Of every norm; no key says it.
    private static final double NORM_EPSILON = 1e-12;

    public DistilBertConfig {
        if (encoder.segments() != 0 || encoder.normEpsilon() != NORM_EPSILON) {
            throw new IllegalArgumentException("a DistilBERT has no segments and norms of epsilon " + NORM_EPSILON + ", got "
                    + encoder.segments() + " and " + encoder.normEpsilon());
        }
    }

    /// Reads Hugging Face's keys; what would change the numbers and is not built is refused.
    public static DistilBertConfig of(ConfigFile config) {
        config.require("sinusoidal_pos_embds", false);
        config.require("tie_word_embeddings", true);
        config.oneOf("activation", Layers.ACTIVATIONS);
        var encoder = new BertConfig(
                config.whole("vocab_size"),
                config.whole("dim"),
                config.whole("n_layers"),
                config.whole("n_heads"),
                config.whole("hidden_dim"),
                config.whole("max_position_embeddings"),
                0,
                config.text("activation", "gelu"),
                config.number("dropout", 0.1),
                config.number("attention_dropout", 0.1),
                NORM_EPSILON,
                config.number("initializer_range", 0.02),
                config.whole("pad_token_id", 0));
        return new DistilBertConfig(encoder, config.number("seq_classif_dropout", 0.2));
    }

    /// Hugging Face's keys.
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("activation", encoder.activation());
        json.put("attention_dropout", encoder.attentionDropout());
        json.put("dim", encoder.width());
        json.put("dropout", encoder.dropout());
        json.put("hidden_dim", encoder.feedForward());
        json.put("initializer_range", encoder.initializerRange());
        json.put("max_position_embeddings", encoder.positions());
        json.put("model_type", "distilbert");
        json.put("n_heads", encoder.heads());
        json.put("n_layers", encoder.layers());
        json.put("pad_token_id", encoder.pad());
        json.put("seq_classif_dropout", classifierDropout);
        json.put("sinusoidal_pos_embds", false);
        json.put("tie_word_embeddings", true);
        json.put("vocab_size", encoder.vocabulary());
        return json;
    }
}

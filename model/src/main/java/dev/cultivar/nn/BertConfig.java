package dev.cultivar.nn;

import java.util.LinkedHashMap;
import java.util.Map;

/// The numbers of a BERT, as its `config.json` has them.
public record BertConfig(
        int vocabulary,
        int width,
        int layers,
        int heads,
        int feedForward,
        int positions,
        int segments,
        String activation,
        double dropout,
        double attentionDropout,
        double normEpsilon,
        double initializerRange,
        int pad) {

    public BertConfig {
        if (heads < 1 || width % heads != 0) {
            throw new IllegalArgumentException("heads must divide the width: got " + heads + " heads and a width of " + width);
        }
    }

    /// Reads Hugging Face's keys; what would change the numbers and is not built is refused.
    public static BertConfig of(ConfigFile config) {
        config.require("position_embedding_type", "absolute");
        config.require("is_decoder", false);
        config.require("add_cross_attention", false);
        config.oneOf("hidden_act", Layers.ACTIVATIONS);
        return new BertConfig(
                config.whole("vocab_size"),
                config.whole("hidden_size"),
                config.whole("num_hidden_layers"),
                config.whole("num_attention_heads"),
                config.whole("intermediate_size"),
                config.whole("max_position_embeddings"),
                config.whole("type_vocab_size", 2),
                config.text("hidden_act", "gelu"),
                config.number("hidden_dropout_prob", 0.1),
                config.number("attention_probs_dropout_prob", 0.1),
                config.number("layer_norm_eps", 1e-12),
                config.number("initializer_range", 0.02),
                config.whole("pad_token_id", 0));
    }

    /// The same with another padding piece.
    BertConfig withPad(int other) {
        return new BertConfig(
                vocabulary, width, layers, heads, feedForward, positions, segments, activation, dropout, attentionDropout, normEpsilon,
                initializerRange, other);
    }

    /// Hugging Face's keys.
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("attention_probs_dropout_prob", attentionDropout);
        json.put("hidden_act", activation);
        json.put("hidden_dropout_prob", dropout);
        json.put("hidden_size", width);
        json.put("initializer_range", initializerRange);
        json.put("intermediate_size", feedForward);
        json.put("layer_norm_eps", normEpsilon);
        json.put("max_position_embeddings", positions);
        json.put("model_type", "bert");
        json.put("num_attention_heads", heads);
        json.put("num_hidden_layers", layers);
        json.put("pad_token_id", pad);
        json.put("tie_word_embeddings", true);
        json.put("type_vocab_size", segments);
        json.put("vocab_size", vocabulary);
        return json;
    }
}

package dev.cultivar.nn;

import java.util.LinkedHashMap;
import java.util.Map;

/// The numbers of a Llama, as its `config.json` has them.
///
/// @param keyValueHeads heads of keys and values, each shared by `heads / keyValueHeads` heads of queries
/// @param headWidth     size of a head; `heads * headWidth` need not be the width
/// @param attentionBias whether the products of attention have a bias
/// @param feedForwardBias whether those of the feed-forward block have one
/// @param tied          whether the head shares the embedding table
/// @param special       pieces with a meaning
public record LlamaConfig(
        int vocabulary,
        int width,
        int layers,
        int heads,
        int keyValueHeads,
        int headWidth,
        int feedForward,
        int positions,
        String activation,
        double attentionDropout,
        double normEpsilon,
        double initializerRange,
        Rope rope,
        boolean attentionBias,
        boolean feedForwardBias,
        boolean tied,
        SpecialIds special) {

    public LlamaConfig {
        if (keyValueHeads < 1 || heads % keyValueHeads != 0) {
            throw new IllegalArgumentException("the heads of keys and values must divide the heads: got " + keyValueHeads + " and " + heads);
        }
        if (headWidth % 2 != 0) {
            throw new IllegalArgumentException("a head that is turned must be of even size, got " + headWidth);
        }
    }

    /// Reads Hugging Face's keys; what would change the numbers and is not built is refused.
    public static LlamaConfig of(ConfigFile config) {
        config.oneOf("hidden_act", Layers.ACTIVATIONS);
        int width = config.whole("hidden_size");
        int heads = config.whole("num_attention_heads");
        return new LlamaConfig(
                config.whole("vocab_size"),
                width,
                config.whole("num_hidden_layers"),
                heads,
                config.whole("num_key_value_heads", heads),
                config.whole("head_dim", width / heads),
                config.whole("intermediate_size"),
                config.whole("max_position_embeddings", 2048),
                config.text("hidden_act", "silu"),
                config.number("attention_dropout", 0),
                config.number("rms_norm_eps", 1e-6),
                config.number("initializer_range", 0.02),
                Rope.of(config),
                config.flag("attention_bias", false),
                config.flag("mlp_bias", false),
                config.flag("tie_word_embeddings", false),
                SpecialIds.of(config));
    }

    /// Hugging Face's keys.
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("attention_bias", attentionBias);
        json.put("attention_dropout", attentionDropout);
        json.put("head_dim", headWidth);
        json.put("hidden_act", activation);
        json.put("hidden_size", width);
        json.put("initializer_range", initializerRange);
        json.put("intermediate_size", feedForward);
        json.put("max_position_embeddings", positions);
        json.put("mlp_bias", feedForwardBias);
        json.put("model_type", "llama");
        json.put("num_attention_heads", heads);
        json.put("num_hidden_layers", layers);
        json.put("num_key_value_heads", keyValueHeads);
        json.put("rms_norm_eps", normEpsilon);
        json.put("tie_word_embeddings", tied);
        json.put("vocab_size", vocabulary);
        rope.into(json);
        special.into(json);
        return json;
    }
}

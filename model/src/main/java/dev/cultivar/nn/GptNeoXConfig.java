package dev.cultivar.nn;

import java.util.LinkedHashMap;
import java.util.Map;

/// The numbers of a GPT-NeoX, as its `config.json` has them.
///
/// @param rope          how queries and keys are turned
/// @param turnedShare   of each head that is turned; the rest is left as it is
/// @param parallel      whether attention and the feed-forward block read the same states, or one after the other
/// @param attentionBias whether the products of attention have a bias
/// @param tied          whether the head over the next token shares the embedding table
/// @param special       pieces with a meaning
record GptNeoXConfig(
        int vocabulary,
        int width,
        int layers,
        int heads,
        int feedForward,
        int positions,
        String activation,
        double dropout,
        double attentionDropout,
        double normEpsilon,
        double initializerRange,
        Rope rope,
        double turnedShare,
        boolean parallel,
        boolean attentionBias,
        boolean tied,
        SpecialIds special) {

    public GptNeoXConfig {
        if (heads < 1 || width % heads != 0) {
            throw new IllegalArgumentException("heads must divide the width: got " + heads + " heads and a width of " + width);
        }
        int turned = (int) (width / heads * turnedShare);
        if (!(turnedShare > 0 && turnedShare <= 1) || turned < 2 || turned % 2 != 0) {
            throw new IllegalArgumentException("the share of a head that is turned must give an even number of its " + width / heads
                    + " elements, at least 2; got " + turnedShare);
        }
    }

    /// Reads Hugging Face's keys; what would change the numbers and is not built is refused.
    public static GptNeoXConfig of(ConfigFile config) {
        config.oneOf("hidden_act", Layers.ACTIVATIONS);
        Object share = config.values().get("rope_parameters") instanceof Map<?, ?> now ? now.get("partial_rotary_factor") : null;
        return new GptNeoXConfig(
                config.whole("vocab_size"),
                config.whole("hidden_size"),
                config.whole("num_hidden_layers"),
                config.whole("num_attention_heads"),
                config.whole("intermediate_size"),
                config.positive("max_position_embeddings", 2048),
                config.text("hidden_act", "gelu"),
                config.number("hidden_dropout", 0),
                config.number("attention_dropout", 0),
                config.number("layer_norm_eps", 1e-5),
                config.number("initializer_range", 0.02),
                Rope.of(config, "rotary_emb_base", 10_000),
                share instanceof Number number ? number.doubleValue() : config.number("rotary_pct", 0.25),
                config.flag("use_parallel_residual", true),
                config.flag("attention_bias", true),
                config.flag("tie_word_embeddings", false),
                SpecialIds.of(config));
    }

    int headWidth() {
        return width / heads;
    }

    /// Elements of a head that are turned.
    int turned() {
        return (int) (headWidth() * turnedShare);
    }

    /// Hugging Face's keys, those before transformers 5 too.
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("attention_bias", attentionBias);
        json.put("attention_dropout", attentionDropout);
        json.put("hidden_act", activation);
        json.put("hidden_dropout", dropout);
        json.put("hidden_size", width);
        json.put("initializer_range", initializerRange);
        json.put("intermediate_size", feedForward);
        json.put("layer_norm_eps", normEpsilon);
        json.put("max_position_embeddings", positions);
        json.put("model_type", "gpt_neox");
        json.put("num_attention_heads", heads);
        json.put("num_hidden_layers", layers);
        json.put("tie_word_embeddings", tied);
        json.put("use_parallel_residual", parallel);
        json.put("vocab_size", vocabulary);
        Map<String, Object> turns = new LinkedHashMap<>(rope.parameters());
        turns.put("partial_rotary_factor", turnedShare);
        json.put("rope_parameters", turns);
        json.put("rotary_emb_base", rope.theta());
        json.put("rotary_pct", turnedShare);
        special.into(json);
        return json;
    }
}

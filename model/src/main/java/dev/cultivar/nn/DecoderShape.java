package dev.cultivar.nn;

import java.util.Map;

/// The numbers that Llama and its relatives share.
///
/// @param keyValueHeads heads of keys and values, each shared by `heads / keyValueHeads` heads of queries
/// @param headWidth     size of a head; `heads * headWidth` need not be the width
/// @param tied          whether the head over the next token shares the embedding table
/// @param special       pieces with a meaning
record DecoderShape(
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
        boolean tied,
        SpecialIds special) {

    public DecoderShape {
        requireHeads(heads, keyValueHeads, headWidth);
    }

    static void requireHeads(int heads, int keyValueHeads, int headWidth) {
        if (keyValueHeads < 1 || heads % keyValueHeads != 0) {
            throw new IllegalArgumentException("the heads of keys and values must divide the heads: got " + keyValueHeads + " and " + heads);
        }
        if (headWidth < 2 || headWidth % 2 != 0) {
            throw new IllegalArgumentException("a head that is turned must be of even size, got " + headWidth);
        }
    }

    /// What a family takes where `config.json` does not say.
    ///
    /// @param activationKey the key of the activation
    /// @param activation    itself
    /// @param keyValueHeads 0 for as many as there are heads
    /// @param headWidth     0 for the width by the heads
    record Otherwise(String activationKey, String activation, int keyValueHeads, int headWidth, int positions, boolean tied) {
        static final Otherwise LLAMA = new Otherwise("hidden_act", "silu", 0, 0, 2048, false);
        static final Otherwise MISTRAL = new Otherwise("hidden_act", "silu", 8, 0, 131_072, false);
        static final Otherwise QWEN2 = new Otherwise("hidden_act", "silu", 32, 0, 32_768, false);
        static final Otherwise QWEN3 = new Otherwise("hidden_act", "silu", 32, 128, 32_768, false);
        static final Otherwise GEMMA2 = new Otherwise("hidden_activation", "gelu_pytorch_tanh", 4, 256, 8192, true);
        static final Otherwise GEMMA3 = new Otherwise("hidden_activation", "gelu_pytorch_tanh", 4, 256, 131_072, true);
    }

    /// Reads the keys that are the same in all families.
    static DecoderShape of(ConfigFile config, Otherwise otherwise) {
        config.oneOf(otherwise.activationKey(), Layers.ACTIVATIONS);
        int width = config.whole("hidden_size");
        int heads = config.whole("num_attention_heads");
        boolean asHeads = otherwise.keyValueHeads() == 0 || config.values().containsKey("num_key_value_heads");
        return new DecoderShape(
                config.whole("vocab_size"),
                width,
                config.whole("num_hidden_layers"),
                heads,
                config.whole("num_key_value_heads", asHeads ? heads : otherwise.keyValueHeads()),
                config.whole("head_dim", otherwise.headWidth() == 0 ? width / heads : otherwise.headWidth()),
                config.whole("intermediate_size"),
                config.positive("max_position_embeddings", otherwise.positions()),
                config.text(otherwise.activationKey(), otherwise.activation()),
                config.number("attention_dropout", 0),
                config.number("rms_norm_eps", 1e-6),
                config.number("initializer_range", 0.02),
                config.flag("tie_word_embeddings", otherwise.tied()),
                SpecialIds.of(config));
    }

    /// Adds the keys.
    void into(Map<String, Object> json, Otherwise otherwise) {
        json.put("attention_dropout", attentionDropout);
        json.put("head_dim", headWidth);
        json.put(otherwise.activationKey(), activation);
        json.put("hidden_size", width);
        json.put("initializer_range", initializerRange);
        json.put("intermediate_size", feedForward);
        json.put("max_position_embeddings", positions);
        json.put("num_attention_heads", heads);
        json.put("num_hidden_layers", layers);
        json.put("num_key_value_heads", keyValueHeads);
        json.put("rms_norm_eps", normEpsilon);
        json.put("tie_word_embeddings", tied);
        json.put("vocab_size", vocabulary);
        special.into(json);
    }
}

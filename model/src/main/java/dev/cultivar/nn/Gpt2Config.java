package dev.cultivar.nn;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The numbers of a GPT-2, as its `config.json` has them.
///
/// @param embeddingDropout of the sum of embeddings
/// @param residualDropout  of what a block adds
/// @param attentionDropout of attention probabilities
/// @param scaled           whether scores are divided by the root of a head's width
/// @param scaledByLayer    whether scores are divided by the layer's number too, from 1
/// @param tied             whether the head shares the embedding table
/// @param special          pieces with a meaning
public record Gpt2Config(
        int vocabulary,
        int width,
        int layers,
        int heads,
        int feedForward,
        int positions,
        String activation,
        double embeddingDropout,
        double residualDropout,
        double attentionDropout,
        double normEpsilon,
        double initializerRange,
        boolean scaled,
        boolean scaledByLayer,
        boolean tied,
        SpecialIds special) {

    public Gpt2Config {
        if (heads < 1 || width % heads != 0) {
            throw new IllegalArgumentException("heads must divide the width: got " + heads + " heads and a width of " + width);
        }
    }

    /// Reads Hugging Face's keys; what would change the numbers and is not built is refused.
    public static Gpt2Config of(ConfigFile config) {
        config.require("add_cross_attention", false);
        config.oneOf("activation_function", Layers.ACTIVATIONS);
        int width = config.whole("n_embd");
        return new Gpt2Config(
                config.whole("vocab_size"),
                width,
                config.whole("n_layer"),
                config.whole("n_head"),
                config.whole("n_inner", 4 * width),
                config.whole("n_positions"),
                config.text("activation_function", "gelu_new"),
                config.number("embd_pdrop", 0.1),
                config.number("resid_pdrop", 0.1),
                config.number("attn_pdrop", 0.1),
                config.number("layer_norm_epsilon", 1e-5),
                config.number("initializer_range", 0.02),
                config.flag("scale_attn_weights", true),
                config.flag("scale_attn_by_inverse_layer_idx", false),
                config.flag("tie_word_embeddings", true),
                SpecialIds.of(config));
    }

    /// Hugging Face's keys.
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("activation_function", activation);
        json.put("add_cross_attention", false);
        json.put("attn_pdrop", attentionDropout);
        json.put("embd_pdrop", embeddingDropout);
        json.put("initializer_range", initializerRange);
        json.put("layer_norm_epsilon", normEpsilon);
        json.put("model_type", "gpt2");
        json.put("n_embd", width);
        json.put("n_head", heads);
        json.put("n_inner", feedForward);
        json.put("n_layer", layers);
        json.put("n_positions", positions);
        json.put("resid_pdrop", residualDropout);
        json.put("scale_attn_by_inverse_layer_idx", scaledByLayer);
        json.put("scale_attn_weights", scaled);
        json.put("tie_word_embeddings", tied);
        json.put("vocab_size", vocabulary);
        special.into(json);
        return json;
    }

    /// How much the scores of a layer are scaled.
    double scale(int layer) {
        return (scaled ? 1 / Math.sqrt((double) width / heads) : 1) / (scaledByLayer ? layer + 1 : 1);
    }

    /// The activations that are known.
    public static List<String> activations() {
        return Layers.ACTIVATIONS;
    }
}

package dev.cultivar.nn;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/// Qwen3 (Yang et al., 2025): Llama's blocks whose queries and keys are normed, head by head, before they are turned; as its
/// `config.json` has it.
///
/// @param sights of each layer
/// @param window how many tokens a token of a sliding layer sees, itself included
/// @param attentionBias whether the products of attention have a bias
record Qwen3Config(DecoderShape shape, Rope rope, List<Sight> sights, OptionalInt window, boolean attentionBias) implements DecoderFamily {
    public Qwen3Config {
        sights = List.copyOf(sights);
    }

    /// Reads Hugging Face's keys; what would change the numbers and is not built is refused.
    public static Qwen3Config of(ConfigFile config) {
        var shape = DecoderShape.of(config, DecoderShape.Otherwise.QWEN3);
        var qwen = QwenSights.of(config, shape.layers());
        return new Qwen3Config(shape, Rope.of(config), qwen.sights(), qwen.window(), config.flag("attention_bias", false));
    }

    @Override
    public DecoderTraits traits() {
        return DecoderTraits.of(shape, DecoderTraits.layers(sights, rope, rope, window))
                .withBiases(new DecoderTraits.Biases(attentionBias, attentionBias, false))
                .withHeadNorms();
    }

    @Override
    public String classes() {
        return "Qwen3";
    }

    @Override
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("attention_bias", attentionBias);
        json.put("model_type", "qwen3");
        shape.into(json, DecoderShape.Otherwise.QWEN3);
        rope.into(json);
        new QwenSights(sights, window).into(json);
        return json;
    }
}

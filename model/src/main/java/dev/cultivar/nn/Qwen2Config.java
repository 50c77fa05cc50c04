package dev.cultivar.nn;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/// Qwen2 (Yang et al., 2024): Llama's blocks whose queries, keys and values have biases; as its `config.json` has it.
///
/// @param sights of each layer
/// @param window how many tokens a token of a sliding layer sees, itself included
record Qwen2Config(DecoderShape shape, Rope rope, List<Sight> sights, OptionalInt window) implements DecoderFamily {
    public Qwen2Config {
        sights = List.copyOf(sights);
    }

    /// Reads Hugging Face's keys; what would change the numbers and is not built is refused.
    public static Qwen2Config of(ConfigFile config) {
        var shape = DecoderShape.of(config, DecoderShape.Otherwise.QWEN2);
        var qwen = QwenSights.of(config, shape.layers());
        return new Qwen2Config(shape, Rope.of(config), qwen.sights(), qwen.window());
    }

    @Override
    public DecoderTraits traits() {
        return DecoderTraits.of(shape, DecoderTraits.layers(sights, rope, rope, window))
                .withBiases(new DecoderTraits.Biases(true, false, false));
    }

    @Override
    public String classes() {
        return "Qwen2";
    }

    @Override
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("model_type", "qwen2");
        shape.into(json, DecoderShape.Otherwise.QWEN2);
        rope.into(json);
        new QwenSights(sights, window).into(json);
        return json;
    }
}

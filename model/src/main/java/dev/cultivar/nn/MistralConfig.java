package dev.cultivar.nn;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;

/// Mistral (Jiang et al., 2023): Llama's blocks, in which a token sees no further back than a window; as its `config.json` has it.
///
/// @param window how many tokens a token sees, itself included; empty for all before it
record MistralConfig(DecoderShape shape, Rope rope, OptionalInt window) implements DecoderFamily {

    /// Reads Hugging Face's keys; what would change the numbers and is not built is refused.
    public static MistralConfig of(ConfigFile config) {
        return new MistralConfig(DecoderShape.of(config, DecoderShape.Otherwise.MISTRAL), Rope.of(config), Window.of(config, 4096));
    }

    @Override
    public DecoderTraits traits() {
        return DecoderTraits.of(shape, rope, window);
    }

    @Override
    public String classes() {
        return "Mistral";
    }

    @Override
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("model_type", "mistral");
        shape.into(json, DecoderShape.Otherwise.MISTRAL);
        rope.into(json);
        Window.into(json, window);
        return json;
    }
}

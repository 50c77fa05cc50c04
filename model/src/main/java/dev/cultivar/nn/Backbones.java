package dev.cultivar.nn;

import dev.cultivar.format.CheckpointException;
import java.util.Map;

/// Builds backbones from what a `config.json` says.
public final class Backbones {
    /// The `model_type` of a backbone that an extension builds.
    public static final String CUSTOM = "cultivar";

    private Backbones() {}

    /// Builds a backbone that an extension knows.
    @FunctionalInterface
    public interface Custom {
        /// No extension: every name is refused.
        Custom NONE = (name, parameters, weights) -> {
            throw new CheckpointException("backbone " + name + " comes from an extension; give it with --extensions, or with Cultivar.with(...)");
        };

        /// @param parameters as the recipe has them
        /// @param weights    to declare parameters in
        Backbone build(String name, Map<String, Object> parameters, Weights weights);
    }

    /// @param pooler whether the objective reads rows through the backbone's pooler
    public static Backbone build(ConfigFile config, Weights weights, boolean pooler, Custom custom) {
        return switch (config.text("model_type", "")) {
            case "bert" -> new Bert(weights, BertConfig.of(config), pooler);
            case "gpt2" -> new Gpt2(weights, Gpt2Config.of(config));
            case "llama" -> new Llama(weights, LlamaConfig.of(config));
            case "electra" -> new Electra(weights, ElectraConfig.of(config));
            case CUSTOM -> custom.build(config.text("name", ""), parameters(config), weights);
            case String other -> throw new CheckpointException(config.place() + ": model_type " + other
                    + " is not a family that is built; known are bert, electra, gpt2, llama, and " + CUSTOM + " for backbones of extensions");
        };
    }

    /// What [#build] reads again for a backbone of an extension.
    public static Map<String, Object> customConfig(String name, Map<String, Object> parameters) {
        return Map.of("model_type", CUSTOM, "name", name, "parameters", parameters);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> parameters(ConfigFile config) {
        return config.values().get("parameters") instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
    }

    /// What the file's names of the backbone's parameters start with, where heads lie beside them.
    static String prefix(ConfigFile config) {
        return Family.of(config.text("model_type", "")).map(Family::prefix).orElse("");
    }
}

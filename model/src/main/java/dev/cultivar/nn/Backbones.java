package dev.cultivar.nn;

import dev.cultivar.format.CheckpointException;
import java.util.Map;
import java.util.Optional;

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

    /// The backbone, and on it the adapter that the configuration has.
    ///
    /// @param pooler whether the objective reads rows through the backbone's pooler
    public static Backbone build(ConfigFile config, Weights weights, boolean pooler, Custom custom) {
        Backbone backbone = plain(config, weights, pooler, custom);
        if (!(config.values().get(AdapterConfig.KEY) instanceof AdapterConfig adapter)) {
            return backbone;
        }
        weights.adapters().put(Adapter.declare(Adapters.OPENED, "", adapter, backbone, weights));
        return adapter.virtual() ? new VirtualTokens(weights, backbone) : backbone;
    }

    private static Backbone plain(ConfigFile config, Weights weights, boolean pooler, Custom custom) {
        String type = config.text("model_type", "");
        if (type.equals(CUSTOM)) {
            return custom.build(config.text("name", ""), parameters(config), weights);
        }
        Family family = Family.of(type).orElseThrow(() -> new CheckpointException(config.place() + ": model_type " + type
                + " is not a family that is built; known are " + String.join(", ", Family.known()) + ", and " + CUSTOM + " for backbones of extensions"));
        try {
            return build(family, config, weights, pooler);
        } catch (IllegalArgumentException | ArithmeticException unfit) { // numbers that no backbone has
            throw new CheckpointException(config.place() + ": " + unfit.getMessage() + ". Correct it, or copy or download the file again.", unfit);
        }
    }

    private static Backbone build(Family family, ConfigFile config, Weights weights, boolean pooler) {
        return switch (family) {
            case BERT -> new Bert(weights, BertConfig.of(config), pooler);
            case CNN -> new Cnn(weights, CnnConfig.of(config));
            case CONV_ENCODER -> new ConvEncoder(weights, ConvEncoderConfig.of(config));
            case DISTILBERT -> new DistilBert(weights, DistilBertConfig.of(config));
            case ELECTRA -> new Electra(weights, ElectraConfig.of(config));
            case GEMMA2 -> new RotaryDecoder(weights, Gemma2Config.of(config));
            case GEMMA3 -> new RotaryDecoder(weights, Gemma3Config.of(config));
            case GPT2 -> new Gpt2(weights, Gpt2Config.of(config));
            case GPT_NEOX -> new GptNeoX(weights, GptNeoXConfig.of(config));
            case LENET -> new LeNet(weights, LeNetConfig.of(config));
            case LLAMA -> new RotaryDecoder(weights, LlamaConfig.of(config));
            case MISTRAL -> new RotaryDecoder(weights, MistralConfig.of(config));
            case MLP -> new Mlp(weights, MlpConfig.of(config));
            case MODERNBERT -> new ModernBert(weights, ModernBertConfig.of(config));
            case QWEN2 -> new RotaryDecoder(weights, Qwen2Config.of(config));
            case QWEN3 -> new RotaryDecoder(weights, Qwen3Config.of(config));
            case RESNET -> new ResNet(weights, ResNetConfig.of(config));
            case ROBERTA -> new Roberta(weights, RobertaConfig.of(config));
            case T5 -> new T5(weights, T5Config.of(config));
            case BART -> new Bart(weights, BartConfig.of(config));
            case VGG -> new Vgg(weights, VggConfig.of(config));
            case VIT -> new Vit(weights, VitConfig.of(config));
        };
    }

    /// The images that the backbone reads; empty for one that reads none, or comes from an extension.
    public static Optional<ImageShape> image(ConfigFile config) {
        return Family.of(config.text("model_type", "")).flatMap(family -> switch (family) {
            case CNN, CONV_ENCODER, LENET, MLP -> Optional.of(ImageShape.of(config, 28));
            case RESNET, VGG, VIT -> Optional.of(ImageShape.of(config, 224));
            default -> Optional.empty();
        });
    }

    /// The layer that gives scores over labels in the family's own head, see [HeadNames].
    public static String output(ConfigFile config) {
        return HeadNames.of(config).output();
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

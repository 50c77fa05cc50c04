package dev.cultivar.nn;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The numbers of a ModernBERT, as its `config.json` has them.
///
/// @param global     how layers that see the whole text turn queries and keys
/// @param local      how those with a window do
/// @param sights     of each layer
/// @param localSpan  tokens that a token of a layer with a window sees, half of them on either side, beside itself
/// @param biases     which parts have biases
/// @param drops      shares that are dropped
/// @param classifier the head over labels, and what the head over masked pieces shares with it
/// @param special    pieces with a meaning
record ModernBertConfig(
        int vocabulary,
        int width,
        int layers,
        int heads,
        int feedForward,
        int positions,
        String activation,
        double normEpsilon,
        double initializerRange,
        Rope global,
        Rope local,
        List<Sight> sights,
        int localSpan,
        Biases biases,
        Drops drops,
        Classifier classifier,
        SpecialIds special) {

    /// @param decoder of the head over masked pieces, after the embedding table
    public record Biases(boolean attention, boolean feedForward, boolean norm, boolean decoder) {}

    /// @param attention of probabilities, and of what attention adds
    public record Drops(double embedding, double attention, double feedForward) {}

    /// @param activation after the dense layer of a head
    /// @param bias       whether that layer has one
    /// @param pooling    the first token, or the mean over the row
    /// @param drop       before the labels' scores
    public record Classifier(String activation, boolean bias, Pooling pooling, double drop) {}

    public ModernBertConfig {
        if (heads < 1 || width % heads != 0 || width / heads % 2 != 0) {
            throw new IllegalArgumentException(
                    "heads must divide the width into parts of even size: got " + heads + " heads and a width of " + width);
        }
        sights = List.copyOf(sights);
    }

    /// Reads Hugging Face's keys; what would change the numbers and is not built is refused.
    public static ModernBertConfig of(ConfigFile config) {
        config.require("tie_word_embeddings", true);
        config.oneOf("hidden_activation", Layers.ACTIVATIONS);
        config.oneOf("classifier_activation", Layers.ACTIVATIONS);
        config.oneOf("classifier_pooling", List.of("cls", "mean"));
        int layers = config.whole("num_hidden_layers");
        int every = config.positive("global_attn_every_n_layers", 3);
        return new ModernBertConfig(
                config.whole("vocab_size"),
                config.whole("hidden_size"),
                layers,
                config.whole("num_attention_heads"),
                config.whole("intermediate_size"),
                config.positive("max_position_embeddings", 8192),
                config.text("hidden_activation", "gelu"),
                config.number("norm_eps", 1e-5),
                config.number("initializer_range", 0.02),
                Rope.of(config, Sight.FULL, "global_rope_theta", 160_000, true),
                Rope.of(config, Sight.SLIDING, "local_rope_theta", 10_000, true),
                Sight.of(config, layers, i -> i % every == 0 ? Sight.FULL : Sight.SLIDING),
                config.positive("local_attention", 128),
                new Biases(
                        config.flag("attention_bias", false),
                        config.flag("mlp_bias", false),
                        config.flag("norm_bias", false),
                        config.flag("decoder_bias", true)),
                new Drops(
                        config.number("embedding_dropout", 0), config.number("attention_dropout", 0), config.number("mlp_dropout", 0)),
                new Classifier(
                        config.text("classifier_activation", "gelu"),
                        config.flag("classifier_bias", false),
                        config.text("classifier_pooling", "cls").equals("mean") ? Pooling.MEAN : Pooling.CLS,
                        config.number("classifier_dropout", 0)),
                SpecialIds.of(config));
    }

    int headWidth() {
        return width / heads;
    }

    /// Hugging Face's keys, those before transformers 5 too.
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("attention_bias", biases.attention());
        json.put("attention_dropout", drops.attention());
        json.put("classifier_activation", classifier.activation());
        json.put("classifier_bias", classifier.bias());
        json.put("classifier_dropout", classifier.drop());
        json.put("classifier_pooling", classifier.pooling() == Pooling.MEAN ? "mean" : "cls");
        json.put("decoder_bias", biases.decoder());
        json.put("embedding_dropout", drops.embedding());
        json.put("global_rope_theta", global.theta());
        json.put("hidden_activation", activation);
        json.put("hidden_size", width);
        json.put("initializer_range", initializerRange);
        json.put("intermediate_size", feedForward);
        json.put("layer_types", Sight.words(sights));
        json.put("local_attention", localSpan);
        json.put("local_rope_theta", local.theta());
        json.put("max_position_embeddings", positions);
        json.put("mlp_bias", biases.feedForward());
        json.put("mlp_dropout", drops.feedForward());
        json.put("model_type", "modernbert");
        json.put("norm_bias", biases.norm());
        json.put("norm_eps", normEpsilon);
        json.put("num_attention_heads", heads);
        json.put("num_hidden_layers", layers);
        json.put("rope_parameters", Rope.bySight(global, local));
        json.put("tie_word_embeddings", true);
        json.put("vocab_size", vocabulary);
        special.into(json);
        json.put("cls_token_id", json.get("bos_token_id"));
        json.put("sep_token_id", special.ends().isEmpty() ? null : special.ends().getFirst());
        return json;
    }
}

package dev.cultivar.nn;

import dev.cultivar.format.CheckpointException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The numbers of a T5, as its `config.json` has them.
///
/// @param headWidth     size of a head; `heads * headWidth` need not be the width
/// @param gated         whether the feed-forward block is gated (version 1.1)
/// @param buckets       kinds of distances between tokens
/// @param maxDistance   from here on all distances are of one kind
/// @param initializerFactor of the standard deviations of initial weights
/// @param scaled        whether the head's input is multiplied by `width^-0.5`
/// @param tied          whether the head shares the embedding table
/// @param targets       where a text that is written starts and ends
public record T5Config(
        int vocabulary,
        int width,
        int encoderLayers,
        int decoderLayers,
        int heads,
        int headWidth,
        int feedForward,
        String activation,
        boolean gated,
        int buckets,
        int maxDistance,
        double dropout,
        double normEpsilon,
        double initializerFactor,
        boolean scaled,
        boolean tied,
        EncoderDecoder.Targets targets) {

    public T5Config {
        if (buckets < 4 || buckets % 2 != 0 || maxDistance <= buckets / 2) {
            throw new IllegalArgumentException(
                    "distances need an even number of buckets, at least 4, and a larger distance than half of them; got " + buckets + " and " + maxDistance);
        }
    }

    /// Reads Hugging Face's keys; what would change the numbers and is not built is refused.
    public static T5Config of(ConfigFile config) {
        config.require("is_encoder_decoder", true);
        String projection = config.text("feed_forward_proj", "relu");
        boolean gated = projection.startsWith("gated-");
        String named = gated ? projection.substring("gated-".length()) : projection;
        String activation = projection.equals("gated-gelu") ? "gelu_new" : named; // which is what the files of version 1.1 mean
        if (!Layers.ACTIVATIONS.contains(activation)) {
            throw new CheckpointException(config.place() + ": feed_forward_proj must be one of " + Layers.ACTIVATIONS
                    + ", gated- before it or not, got " + projection);
        }
        int layers = config.whole("num_layers");
        boolean tied = config.flag("tie_word_embeddings", true);
        int pad = SpecialIds.one(config, "pad_token_id", 0);
        int buckets = config.whole("relative_attention_num_buckets", 32);
        int maxDistance = config.whole("relative_attention_max_distance", 128);
        try {
            return new T5Config(
                    config.whole("vocab_size"),
                    config.whole("d_model"),
                    layers,
                    config.whole("num_decoder_layers", layers),
                    config.whole("num_heads"),
                    config.whole("d_kv"),
                    config.whole("d_ff"),
                    activation,
                    gated,
                    buckets,
                    maxDistance,
                    config.number("dropout_rate", 0.1),
                    config.number("layer_norm_epsilon", 1e-6),
                    config.number("initializer_factor", 1),
                    config.flag("scale_decoder_outputs", tied), // older files have the one key for both
                    tied,
                    new EncoderDecoder.Targets(SpecialIds.one(config, "decoder_start_token_id", pad), pad, SpecialIds.of(config, List.of(1), 0)));
        } catch (IllegalArgumentException distances) {
            throw new CheckpointException(config.place() + ": relative_attention_num_buckets, relative_attention_max_distance: " + distances.getMessage());
        }
    }

    /// The same with a head of its own, or the table's.
    T5Config withTied(boolean shared) {
        return new T5Config(
                vocabulary, width, encoderLayers, decoderLayers, heads, headWidth, feedForward, activation, gated, buckets, maxDistance, dropout,
                normEpsilon, initializerFactor, scaled, shared, targets);
    }

    /// Hugging Face's keys.
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("d_ff", feedForward);
        json.put("d_kv", headWidth);
        json.put("d_model", width);
        json.put("decoder_start_token_id", targets.start());
        json.put("dropout_rate", dropout);
        json.put("feed_forward_proj", (gated ? "gated-" : "") + (gated && activation.equals("gelu_new") ? "gelu" : activation));
        json.put("initializer_factor", initializerFactor);
        json.put("is_encoder_decoder", true);
        json.put("layer_norm_epsilon", normEpsilon);
        json.put("model_type", "t5");
        json.put("num_decoder_layers", decoderLayers);
        json.put("num_heads", heads);
        json.put("num_layers", encoderLayers);
        json.put("relative_attention_max_distance", maxDistance);
        json.put("relative_attention_num_buckets", buckets);
        json.put("scale_decoder_outputs", scaled);
        json.put("tie_word_embeddings", tied);
        json.put("vocab_size", vocabulary);
        targets.special().into(json);
        return json;
    }
}

package dev.cultivar.nn;

import dev.cultivar.format.CheckpointException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The numbers of a BART, as its `config.json` has them.
///
/// @param encoder   the half that reads
/// @param decoder   the half that writes
/// @param positions the longest row
/// @param activationDropout inside the feed-forward block
/// @param scaled    whether embeddings are multiplied by `width^0.5`
/// @param forcedEnd what a text ends with that becomes too long; -1 where nothing is forced
/// @param targets   where a text that is written starts and ends
public record BartConfig(
        int vocabulary,
        int width,
        Half encoder,
        Half decoder,
        int positions,
        String activation,
        double dropout,
        double attentionDropout,
        double activationDropout,
        double initializerRange,
        boolean scaled,
        int forcedEnd,
        EncoderDecoder.Targets targets) {

    /// The shape of one half.
    public record Half(int layers, int heads, int feedForward) {
        private static Half of(ConfigFile config, String half) {
            double skipped = config.number(half + "_layerdrop", 0);
            if (skipped != 0) {
                throw new CheckpointException(config.place() + ": " + half + "_layerdrop must be 0.0 (nothing else is built), got " + skipped);
            }
            return new Half(config.whole(half + "_layers"), config.whole(half + "_attention_heads"), config.whole(half + "_ffn_dim"));
        }
    }

    /// Reads Hugging Face's keys; what would change the numbers and is not built is refused.
    public static BartConfig of(ConfigFile config) {
        config.oneOf("activation_function", Layers.ACTIVATIONS);
        config.require("is_encoder_decoder", true);
        config.require("tie_word_embeddings", true);
        config.require("normalize_before", false);
        config.require("add_final_layer_norm", false);
        config.require("normalize_embedding", true);
        config.require("static_position_embeddings", false);
        int pad = SpecialIds.one(config, "pad_token_id", 1);
        return new BartConfig(
                config.whole("vocab_size"),
                config.whole("d_model"),
                Half.of(config, "encoder"),
                Half.of(config, "decoder"),
                config.whole("max_position_embeddings", 1024),
                config.text("activation_function", "gelu"),
                config.number("dropout", 0.1),
                config.number("attention_dropout", 0),
                config.number("activation_dropout", 0),
                config.number("init_std", 0.02),
                config.flag("scale_embedding", false),
                SpecialIds.one(config, "forced_eos_token_id", 2),
                new EncoderDecoder.Targets(SpecialIds.one(config, "decoder_start_token_id", 2), pad, SpecialIds.of(config, List.of(2), 1)));
    }

    /// Hugging Face's keys.
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("activation_dropout", activationDropout);
        json.put("activation_function", activation);
        json.put("attention_dropout", attentionDropout);
        json.put("d_model", width);
        json.put("decoder_attention_heads", decoder.heads());
        json.put("decoder_ffn_dim", decoder.feedForward());
        json.put("decoder_layers", decoder.layers());
        json.put("decoder_start_token_id", targets.start());
        json.put("dropout", dropout);
        json.put("encoder_attention_heads", encoder.heads());
        json.put("encoder_ffn_dim", encoder.feedForward());
        json.put("encoder_layers", encoder.layers());
        json.put("forced_eos_token_id", forcedEnd < 0 ? null : forcedEnd);
        json.put("init_std", initializerRange);
        json.put("is_encoder_decoder", true);
        json.put("max_position_embeddings", positions);
        json.put("model_type", "bart");
        json.put("scale_embedding", scaled);
        json.put("tie_word_embeddings", true);
        json.put("vocab_size", vocabulary);
        targets.special().into(json);
        return json;
    }
}

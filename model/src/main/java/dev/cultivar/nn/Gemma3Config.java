package dev.cultivar.nn;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// Gemma 3's text model (Gemma Team, 2025): Gemma 2's blocks without a cap on scores; queries and keys are normed, head by head, before
/// they are turned, in layers with a window by angles of their own. As its `config.json` has it.
///
/// @param full          turns queries and keys of layers that see the whole text
/// @param sliding       those of layers with a window
/// @param sights        of each layer
/// @param window        how many tokens a token of a sliding layer sees, itself included
/// @param queryScalar   scores are divided by its square root
/// @param logitsCap     of the logits of the next token
/// @param attentionBias whether the products of attention have a bias
record Gemma3Config(
        DecoderShape shape,
        Rope full,
        Rope sliding,
        List<Sight> sights,
        OptionalInt window,
        int queryScalar,
        Optional<SoftCap> logitsCap,
        boolean attentionBias)
        implements DecoderFamily {

    public Gemma3Config {
        sights = List.copyOf(sights);
    }

    /// Reads Hugging Face's keys; what would change the numbers and is not built is refused.
    public static Gemma3Config of(ConfigFile config) {
        config.require("use_bidirectional_attention", false);
        config.require(SoftCap.SCORES, "null");
        var shape = DecoderShape.of(config, DecoderShape.Otherwise.GEMMA3);
        int every = config.positive(config.values().containsKey("sliding_window_pattern") ? "sliding_window_pattern" : "_sliding_window_pattern", 6);
        List<Sight> sights = Sight.of(config, shape.layers(), i -> (i + 1) % every == 0 ? Sight.FULL : Sight.SLIDING);
        OptionalInt window = Window.of(config, 4096);
        Window.requireFor(config, sights, window);
        return new Gemma3Config(
                shape,
                Rope.of(config, Sight.FULL, "rope_theta", 1_000_000, true),
                Rope.of(config, Sight.SLIDING, "rope_local_base_freq", 10_000, false),
                sights,
                window,
                config.whole("query_pre_attn_scalar", 256),
                SoftCap.of(config, SoftCap.LOGITS, Optional.empty()),
                config.flag("attention_bias", false));
    }

    @Override
    public DecoderTraits traits() {
        return DecoderTraits.of(shape, DecoderTraits.layers(sights, full, sliding, window))
                .withBiases(new DecoderTraits.Biases(attentionBias, attentionBias, false))
                .withHeadNorms()
                .asGemma(shape, queryScalar)
                .withCaps(Optional.empty(), logitsCap);
    }

    @Override
    public String classes() {
        return "Gemma3Text";
    }

    @Override
    public String predictor() {
        return "Gemma3ForCausalLM";
    }

    @Override
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("attention_bias", attentionBias);
        json.put("layer_types", Sight.words(sights));
        json.put("model_type", "gemma3_text");
        json.put("query_pre_attn_scalar", queryScalar);
        shape.into(json, DecoderShape.Otherwise.GEMMA3);
        json.put("rope_parameters", Rope.bySight(full, sliding));
        json.put("rope_theta", full.theta());
        json.put("rope_local_base_freq", sliding.theta());
        Window.into(json, window);
        SoftCap.into(json, SoftCap.SCORES, Optional.empty());
        SoftCap.into(json, SoftCap.LOGITS, logitsCap);
        return json;
    }
}

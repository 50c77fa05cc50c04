package dev.cultivar.nn;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// Gemma 2 (Gemma Team, 2024): Llama's blocks with four norms each, soft caps on scores and logits, and every other layer with a window;
/// as its `config.json` has it.
///
/// @param sights        of each layer
/// @param window        how many tokens a token of a sliding layer sees, itself included
/// @param queryScalar   scores are divided by its square root
/// @param scoresCap     of the scores of attention
/// @param logitsCap     of the logits of the next token
/// @param attentionBias whether the products of attention have a bias
record Gemma2Config(
        DecoderShape shape,
        Rope rope,
        List<Sight> sights,
        OptionalInt window,
        int queryScalar,
        Optional<SoftCap> scoresCap,
        Optional<SoftCap> logitsCap,
        boolean attentionBias)
        implements DecoderFamily {

    public Gemma2Config {
        sights = List.copyOf(sights);
    }

    /// Reads Hugging Face's keys; what would change the numbers and is not built is refused.
    public static Gemma2Config of(ConfigFile config) {
        config.require("use_bidirectional_attention", false);
        var shape = DecoderShape.of(config, DecoderShape.Otherwise.GEMMA2);
        List<Sight> sights = Sight.of(config, shape.layers(), i -> i % 2 == 0 ? Sight.SLIDING : Sight.FULL);
        OptionalInt window = Window.of(config, 4096);
        Window.requireFor(config, sights, window);
        return new Gemma2Config(
                shape,
                Rope.of(config),
                sights,
                window,
                config.whole("query_pre_attn_scalar", 256),
                SoftCap.of(config, SoftCap.SCORES, Optional.of(new SoftCap(50))),
                SoftCap.of(config, SoftCap.LOGITS, Optional.of(new SoftCap(30))),
                config.flag("attention_bias", false));
    }

    @Override
    public DecoderTraits traits() {
        return DecoderTraits.of(shape, DecoderTraits.layers(sights, rope, rope, window))
                .withBiases(new DecoderTraits.Biases(attentionBias, attentionBias, false))
                .asGemma(shape, queryScalar)
                .withCaps(scoresCap, logitsCap);
    }

    @Override
    public String classes() {
        return "Gemma2";
    }

    @Override
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("attention_bias", attentionBias);
        json.put("layer_types", Sight.words(sights));
        json.put("model_type", "gemma2");
        json.put("query_pre_attn_scalar", queryScalar);
        shape.into(json, DecoderShape.Otherwise.GEMMA2);
        rope.into(json);
        Window.into(json, window);
        SoftCap.into(json, SoftCap.SCORES, scoresCap);
        SoftCap.into(json, SoftCap.LOGITS, logitsCap);
        return json;
    }
}

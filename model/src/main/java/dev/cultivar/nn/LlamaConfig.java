package dev.cultivar.nn;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;

/// Llama (Touvron et al., 2023; grouped queries as in version 2 and 3), as its `config.json` has it.
///
/// @param keyValueHeads heads of keys and values, each shared by `heads / keyValueHeads` heads of queries
/// @param headWidth     size of a head; `heads * headWidth` need not be the width
/// @param attentionBias whether the products of attention have a bias
/// @param feedForwardBias whether those of the feed-forward block have one
/// @param tied          whether the head shares the embedding table
/// @param special       pieces with a meaning
public record LlamaConfig(
        int vocabulary,
        int width,
        int layers,
        int heads,
        int keyValueHeads,
        int headWidth,
        int feedForward,
        int positions,
        String activation,
        double attentionDropout,
        double normEpsilon,
        double initializerRange,
        Rope rope,
        boolean attentionBias,
        boolean feedForwardBias,
        boolean tied,
        SpecialIds special)
        implements DecoderFamily {

    public LlamaConfig {
        DecoderShape.requireHeads(heads, keyValueHeads, headWidth);
    }

    /// Reads Hugging Face's keys; what would change the numbers and is not built is refused.
    public static LlamaConfig of(ConfigFile config) {
        var shape = DecoderShape.of(config, DecoderShape.Otherwise.LLAMA);
        return new LlamaConfig(
                shape.vocabulary(),
                shape.width(),
                shape.layers(),
                shape.heads(),
                shape.keyValueHeads(),
                shape.headWidth(),
                shape.feedForward(),
                shape.positions(),
                shape.activation(),
                shape.attentionDropout(),
                shape.normEpsilon(),
                shape.initializerRange(),
                Rope.of(config),
                config.flag("attention_bias", false),
                config.flag("mlp_bias", false),
                shape.tied(),
                shape.special());
    }

    @Override
    public DecoderShape shape() {
        return new DecoderShape(
                vocabulary, width, layers, heads, keyValueHeads, headWidth, feedForward, positions, activation, attentionDropout, normEpsilon,
                initializerRange, tied, special);
    }

    @Override
    public DecoderTraits traits() {
        return DecoderTraits.of(shape(), rope, OptionalInt.empty())
                .withBiases(new DecoderTraits.Biases(attentionBias, attentionBias, feedForwardBias));
    }

    @Override
    public String classes() {
        return "Llama";
    }

    /// Hugging Face's keys.
    @Override
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("attention_bias", attentionBias);
        json.put("mlp_bias", feedForwardBias);
        json.put("model_type", "llama");
        shape().into(json, DecoderShape.Otherwise.LLAMA);
        rope.into(json);
        return json;
    }
}

package dev.cultivar.nn;

import java.util.Map;

/// A member of Llama's kin: what its `config.json` says, and in what it differs from Llama. [RotaryDecoder] is the network of all.
sealed interface DecoderFamily permits LlamaConfig, MistralConfig, Qwen2Config, Qwen3Config, Gemma2Config, Gemma3Config {
    /// The numbers that all have.
    DecoderShape shape();

    /// What differs.
    DecoderTraits traits();

    /// What the names of transformers' classes of the family start with.
    String classes();

    /// Transformers' class that predicts the next token.
    default String predictor() {
        return classes() + "ForCausalLM";
    }

    /// Hugging Face's keys.
    Map<String, Object> json();
}

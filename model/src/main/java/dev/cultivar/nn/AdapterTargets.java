package dev.cultivar.nn;

import java.util.List;

/// The linear layers of a family that PEFT adapts where nobody says which, by what their names end with.
///
/// @param lowRank     for LoRA
/// @param scaled      for IA3
/// @param feedForward those of `scaled` whose input is scaled, not their output
public record AdapterTargets(List<String> lowRank, List<String> scaled, List<String> feedForward) {
    static final AdapterTargets NONE = new AdapterTargets(List.of(), List.of(), List.of());

    /// @param modelType of `config.json`
    public static AdapterTargets of(String modelType) {
        return switch (modelType) {
            case "bert", "roberta" -> new AdapterTargets(List.of("query", "value"), List.of("key", "value", "output.dense"), List.of("output.dense"));
            case "electra" -> new AdapterTargets(List.of("query", "value"), List.of(), List.of());
            case "vit" -> new AdapterTargets(List.of("query", "value"), List.of(), List.of());
            case "gpt2" -> new AdapterTargets(List.of("c_attn"), List.of("c_attn", "mlp.c_proj"), List.of("mlp.c_proj"));
            case "gpt_neox" -> new AdapterTargets(
                    List.of("query_key_value"), List.of("query_key_value", "dense_4h_to_h"), List.of("dense_4h_to_h"));
            case "llama", "mistral" -> gated("k_proj");
            case "gemma2", "gemma3_text", "qwen2", "qwen3" -> gated("q_proj");
            case "t5" -> new AdapterTargets(List.of("q", "v"), List.of("k", "v", "wo"), List.of("wo"));
            case "bart" -> new AdapterTargets(List.of("q_proj", "v_proj"), List.of("q_proj", "v_proj", "fc2"), List.of("fc2"));
            default -> NONE;
        };
    }

    private static AdapterTargets gated(String scaled) {
        return new AdapterTargets(List.of("q_proj", "v_proj"), List.of(scaled, "v_proj", "down_proj"), List.of("down_proj"));
    }
}

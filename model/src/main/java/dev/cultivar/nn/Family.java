package dev.cultivar.nn;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// What Hugging Face's files call a kind of backbone.
///
/// @param prefix  of the backbone's names where heads lie beside them; a bare backbone's file leaves it out
/// @param bare    transformers' class without a head
/// @param causal  transformers' class that predicts the next token; empty where there is none
/// @param table   the embedding table, without the prefix
/// @param tiedUnlessSaid whether the head over the vocabulary is that table where the configuration does not say
/// @param buffers names that older files hold and that are no parameters: constants that are computed
record Family(String prefix, String bare, String causal, String table, boolean tiedUnlessSaid, Pattern buffers) {
    private static final Pattern NO_BUFFERS = Pattern.compile("(?!)");

    static Optional<Family> of(String modelType) {
        return Optional.ofNullable(switch (modelType) {
            case "bert" -> new Family("bert.", "BertModel", "", "", true, NO_BUFFERS);
            case "gpt2" -> new Family("transformer.", "GPT2Model", "GPT2LMHeadModel", "wte.weight", true, Pattern.compile(".*\\.attn\\.(masked_)?bias"));
            case "llama" -> new Family("model.", "LlamaModel", "LlamaForCausalLM", "embed_tokens.weight", false, Pattern.compile(".*\\.rotary_emb\\.inv_freq"));
            default -> null;
        });
    }

    /// The kinds that predict the next token.
    static List<String> predictors() {
        return List.of("gpt2", "llama");
    }
}

package dev.cultivar.nn;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// What Hugging Face's files call a kind of backbone.
///
/// @param prefix  of the backbone's names where heads lie beside them; a bare backbone's file leaves it out
/// @param table   the embedding table, without the prefix
/// @param tiedUnlessSaid whether the head over the vocabulary is that table where the configuration does not say
/// @param buffers names that older files hold and that are no parameters: constants that are computed
record Family(String prefix, String table, boolean tiedUnlessSaid, Pattern buffers) {
    private static final Pattern NO_BUFFERS = Pattern.compile("(?!)");

    static Optional<Family> of(String modelType) {
        return Optional.ofNullable(switch (modelType) {
            case "bert" -> new Family("bert.", "", true, NO_BUFFERS);
            case "electra" -> new Family("electra.", "", true, NO_BUFFERS);
            case "gpt2" -> new Family("transformer.", "wte.weight", true, Pattern.compile(".*\\.attn\\.(masked_)?bias"));
            case "llama" -> new Family("model.", "embed_tokens.weight", false, Pattern.compile(".*\\.rotary_emb\\.inv_freq"));
            default -> null;
        });
    }

    /// The kinds that predict the next token.
    static List<String> predictors() {
        return List.of("gpt2", "llama");
    }
}

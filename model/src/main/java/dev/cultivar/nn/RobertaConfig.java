package dev.cultivar.nn;

import java.util.LinkedHashMap;
import java.util.Map;

/// The numbers of a RoBERTa, as its `config.json` has them: those of a BERT, whose table of positions starts with rows for padding.
///
/// @param encoder           what it shares with BERT; of its positions, those up to the padding piece's number hold no token
/// @param classifierDropout of the head over labels
record RobertaConfig(BertConfig encoder, double classifierDropout) {
    public RobertaConfig {
        if (encoder.positions() <= encoder.pad() + 1) {
            throw new IllegalArgumentException("positions must go beyond the padding piece's number plus 1: got " + encoder.positions()
                    + " positions and " + encoder.pad());
        }
    }

    /// Reads Hugging Face's keys; what would change the numbers and is not built is refused.
    public static RobertaConfig of(ConfigFile config) {
        BertConfig encoder = BertConfig.of(config).withPad(config.whole("pad_token_id", 1));
        config.require("tie_word_embeddings", true);
        return new RobertaConfig(encoder, config.number("classifier_dropout", encoder.dropout()));
    }

    /// Hugging Face's keys.
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>(encoder.json());
        json.put("classifier_dropout", classifierDropout);
        json.put("model_type", "roberta");
        return json;
    }
}

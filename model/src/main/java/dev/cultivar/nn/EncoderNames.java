package dev.cultivar.nn;

/// What a family calls the parts of a block of [EncoderBlocks].
///
/// @param query         to the query of attention, and so on
/// @param attended      the layer after attention
/// @param attendedNorm  after what attention adds
/// @param inner         the wide layer of the feed-forward block
/// @param outer         the layer after it
/// @param outerNorm     after what the feed-forward block adds
/// @param dropsAttended whether dropout follows `attended`
record EncoderNames(
        String query,
        String key,
        String value,
        String attended,
        String attendedNorm,
        String inner,
        String outer,
        String outerNorm,
        boolean dropsAttended) {

    static final EncoderNames BERT = new EncoderNames(
            "attention.self.query",
            "attention.self.key",
            "attention.self.value",
            "attention.output.dense",
            "attention.output.LayerNorm",
            "intermediate.dense",
            "output.dense",
            "output.LayerNorm",
            true);

    static final EncoderNames DISTILBERT = new EncoderNames(
            "attention.q_lin",
            "attention.k_lin",
            "attention.v_lin",
            "attention.out_lin",
            "sa_layer_norm",
            "ffn.lin1",
            "ffn.lin2",
            "output_layer_norm",
            false);
}

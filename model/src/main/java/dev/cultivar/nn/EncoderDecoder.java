package dev.cultivar.nn;

import org.bytedeco.pytorch.Tensor;

/// The two halves of a backbone that reads one text and writes another.
///
/// As a [Backbone] it has the encoder's layers first, then the decoder's, as depths: what a strategy freezes from below is the encoder. Its
/// inputs are `input_ids` and, where rows need it, `attention_mask` (B, S) of the text that is read, and `decoder_input_ids` and, where
/// rows need it, `decoder_attention_mask` (B, T) of the text that is written, each token one place late: [#targets] says how.
public interface EncoderDecoder {

    /// Reads: (B, S) -> (B, S, C), with what each layer made on the way.
    Hidden encode(Inputs source, Mode mode);

    /// Writes: the states from which each next token is told, (B, T, C), with what each layer made on the way, the embeddings first.
    ///
    /// @param source  whose `attention_mask` says what of it is padding
    /// @param encoded what [#encode] made of it, (B, S, C)
    /// @param target  `input_ids` (B, T) so far and, where rows need it, `attention_mask`; after [Inputs#past] only what is new
    Hidden decode(Inputs source, Tensor encoded, Inputs target, Mode mode);

    /// Where a text that is written starts and ends.
    Targets targets();

    /// The head that tells the next token, as transformers' class has it, built on first use.
    TargetHead head(Model model);

    /// The pieces around a text that is written.
    ///
    /// @param start what the decoder reads first
    /// @param pad   what fills a row up
    /// @param special pieces with a meaning, as `config.json` has them
    record Targets(int start, int pad, SpecialIds special) {

        /// What the decoder reads where it is to say these (B, T), as transformers makes it of labels: each one place later, `start` first.
        ///
        /// @param labels of rows of that length; a negative one, which no loss counts, becomes `pad`
        public int[] shifted(int[] labels, int length) {
            int[] shifted = new int[labels.length];
            for (int i = 0; i < labels.length; i++) {
                int before = i % length == 0 ? start : labels[i - 1];
                shifted[i] = before < 0 ? pad : before;
            }
            return shifted;
        }
    }
}

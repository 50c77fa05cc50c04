package dev.cultivar.generate;

/// What a model said after a prompt, in tokens.
///
/// @param tokens the new ones, without the piece that ends a text
/// @param why    it stopped
public record Continuation(int[] tokens, Why why) {

    public enum Why {
        /// The model ended the text.
        ENDED,
        /// As many tokens as were asked for.
        LENGTH,
        /// The model's positions are full.
        FULL,
        /// Whoever listens wanted no more.
        STOPPED
    }
}

package dev.cultivar.objective;

import java.util.function.Function;

/// The tokenizer, as far as scores of written texts need it.
///
/// @param pieces how many it has: no other token is written
/// @param text   of tokens, without special ones
public record Spelling(int pieces, Function<int[], String> text) {
    /// Where no text is written.
    public static final Spelling NONE = new Spelling(0, tokens -> {
        throw new IllegalStateException("no tokenizer was given");
    });
}

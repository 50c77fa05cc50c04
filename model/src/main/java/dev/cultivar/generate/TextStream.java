package dev.cultivar.generate;

import java.util.Arrays;
import java.util.function.Function;

/// New tokens to new text, as they come: a piece of text is handed on once no later token can change it.
///
/// A token may be a part of a character, and what a token is as text may depend on the one before (a space at the start). So
/// the text of a token is what decoding it behind its predecessors adds, and nothing is handed on while the text ends inside a character.
final class TextStream {
    /// What decoders write for bytes that are no whole character.
    private static final char BROKEN = '\uFFFD';
    /// More tokens than a character has bytes: what is broken still will not become whole.
    private static final int PATIENCE = 8;

    private final Function<int[], String> decode;
    private int[] tokens;
    private int length;
    private int context; // tokens before this one are not decoded again
    private int told;    // tokens before this one were handed on

    /// @param prompt what the new tokens follow
    TextStream(int[] prompt, Function<int[], String> decode) {
        this.decode = decode;
        this.tokens = Arrays.copyOf(prompt, prompt.length + 64);
        this.length = prompt.length;
        this.told = prompt.length;
    }

    /// The text that has become certain; often that of the token, sometimes none.
    String add(int token) {
        if (length == tokens.length) {
            tokens = Arrays.copyOf(tokens, 2 * length);
        }
        tokens[length++] = token;
        String text = text(length);
        return !text.isEmpty() && text.charAt(text.length() - 1) == BROKEN && length - told < PATIENCE ? "" : tell();
    }

    /// What is left when nothing more comes.
    String rest() {
        return told == length ? "" : tell();
    }

    private String tell() {
        String before = text(told);
        String now = text(length);
        context = told;
        told = length;
        return now.startsWith(before) ? now.substring(before.length()) : now.substring(Math.min(before.length(), now.length()));
    }

    private String text(int to) {
        return decode.apply(Arrays.copyOfRange(tokens, context, to));
    }
}

package dev.cultivar.corpus;

/// Where a text that is too long to be handled at once is cut.
///
/// Before a line end, or else a space, that stands between two letters or digits: there the tokenizers of this project cut too, so
/// that the ids of the parts are those of the whole. (One that puts a mark before every text it is given, as SentencePiece's
/// do, puts one at each cut as well.) In a text without such a place, anywhere but inside a character.
final class Cut {
    /// The most characters of a document that are held at once.
    static final int DOCUMENT = 1 << 22;
    /// The most characters that a tokenizer is given at once.
    static final int ENCODED = 1 << 17;

    private Cut() {}

    /// The end of the first part, in `(0, limit]`.
    static int before(CharSequence text, int limit) {
        int space = 0;
        for (int at = limit - 1; at > limit / 2; at--) {
            char c = text.charAt(at);
            if ((c == '\n' || space == 0 && c == ' ') && isWord(text.charAt(at - 1)) && isWord(text.charAt(at + 1))) {
                if (c == '\n') {
                    return at;
                }
                space = at;
            }
        }
        if (space > 0) {
            return space;
        }
        return Character.isLowSurrogate(text.charAt(limit)) && Character.isHighSurrogate(text.charAt(limit - 1)) ? limit - 1 : limit;
    }

    private static boolean isWord(char c) {
        return Character.isLetterOrDigit(c);
    }
}

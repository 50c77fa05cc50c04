package dev.cultivar.text;

/// Cuts text into words as GPT-2 does before it cuts words into pieces (Radford et al., 2019): the endings of English
/// contractions, then runs of letters, of digits, of other signs, each with the one space before it, then white space.
///
/// It is the regular expression `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`, written by hand
/// because that is ten times as fast. Nothing is lost: the words, one after the other, are the text. The trainer needs the words
/// that the tokenizers library will see; a test compares both over every code point.
final class Gpt2Words implements Cutting {
    private static final byte SPACE = 0;
    private static final byte LETTER = 1;
    private static final byte DIGIT = 2;
    private static final byte OTHER = 3;
    private static final byte[] KINDS = kinds();

    private static byte[] kinds() {
        var kinds = new byte[0x10000];
        for (int c = 0; c < kinds.length; c++) {
            kinds[c] = found(c);
        }
        return kinds;
    }

    private static byte found(int c) {
        return switch (Character.getType(c)) {
            case Character.UPPERCASE_LETTER,
                    Character.LOWERCASE_LETTER,
                    Character.TITLECASE_LETTER,
                    Character.MODIFIER_LETTER,
                    Character.OTHER_LETTER -> LETTER;
            case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER -> DIGIT;
            default -> BertCharacters.isSpace(c) ? SPACE : OTHER;
        };
    }

    private static byte kind(String text, int at) {
        char c = text.charAt(at);
        if (Character.isHighSurrogate(c) && at + 1 < text.length() && Character.isLowSurrogate(text.charAt(at + 1))) {
            return found(text.codePointAt(at));
        }
        return KINDS[c];
    }

    private static int next(String text, int at) {
        return at + (Character.isHighSurrogate(text.charAt(at)) && at + 1 < text.length() && Character.isLowSurrogate(text.charAt(at + 1))
                ? 2
                : 1);
    }

    @Override
    public void cut(String text, Sink words) {
        cut(text, 0, text.length(), words);
    }

    /// Cuts a part of a text as if it stood alone.
    void cut(String text, int from, int to, Sink words) {
        for (int start = from; start < to; ) {
            int end = end(text, start, to);
            words.word(text, start, end);
            start = end;
        }
    }

    /// Where the word that starts here ends.
    private static int end(String text, int start, int to) {
        char first = text.charAt(start);
        if (first == '\'') {
            int contraction = contraction(text, start, to);
            return contraction > 0 ? start + contraction : run(text, start, to, OTHER);
        }
        byte kind = kind(text, start);
        if (kind != SPACE) {
            return run(text, start, to, kind);
        }
        if (first == ' ' && start + 1 < to) {
            byte after = kind(text, start + 1);
            if (after != SPACE) {
                return run(text, start + 1, to, after);
            }
        }
        int end = run(text, start, to, SPACE); // all white space is of one char
        return end == to || end == start + 1 ? end : end - 1;
    }

    private static int run(String text, int start, int to, byte kind) {
        int at = start;
        while (at < to && kind(text, at) == kind) {
            at = next(text, at);
        }
        return at;
    }

    /// The length of the contraction's ending that starts with this apostrophe, 0 if there is none.
    private static int contraction(String text, int start, int to) {
        if (start + 1 >= to) {
            return 0;
        }
        char second = text.charAt(start + 1);
        if (second == 's' || second == 't' || second == 'm' || second == 'd') {
            return 2;
        }
        if (start + 2 >= to) {
            return 0;
        }
        char third = text.charAt(start + 2);
        return (second == 'r' || second == 'v') && third == 'e' || second == 'l' && third == 'l' ? 3 : 0;
    }
}

package dev.cultivar.text;

import java.text.Normalizer;

/// Cuts text into words as BERT does before it cuts words into pieces: control characters dropped, ideographs apart, case and
/// accents folded if asked, then cut at white space and around each punctuation sign.
///
/// The trainer needs the words that the tokenizers library will see; a test compares both over every code point.
final class BertWords implements Cutting {
    private final boolean lowercase;
    private final StringBuilder clean = new StringBuilder();

    /// @param lowercase whether case and accents are folded
    BertWords(boolean lowercase) {
        this.lowercase = lowercase;
    }

    @Override
    public void cut(String text, Sink words) {
        normalise(text);
        int start = 0;
        for (int i = 0; i < clean.length(); ) {
            int c = clean.codePointAt(i);
            int next = i + Character.charCount(c);
            boolean sign = BertCharacters.isPunctuation(c);
            if (sign || BertCharacters.isSpace(c)) {
                if (start < i) {
                    words.word(clean, start, i);
                }
                if (sign) {
                    words.word(clean, i, next);
                }
                start = next;
            }
            i = next;
        }
        if (start < clean.length()) {
            words.word(clean, start, clean.length());
        }
    }

    private void normalise(String text) {
        clean.setLength(0);
        boolean ascii = true;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            if (BertCharacters.isDropped(c)) {
                continue;
            }
            ascii &= c < 0x80;
            if (BertCharacters.isSpace(c)) {
                clean.append(' ');
            } else if (BertCharacters.isIdeograph(c)) {
                clean.append(' ').appendCodePoint(c).append(' ');
            } else if (lowercase && c < 0x80) {
                BertCharacters.appendLowercase(c, clean);
            } else {
                clean.appendCodePoint(c);
            }
        }
        if (lowercase && !ascii) {
            fold();
        }
    }

    /// Accents come off a letter when it is decomposed; then the case of what is left.
    private void fold() {
        var decomposed = Normalizer.normalize(clean, Normalizer.Form.NFD);
        clean.setLength(0);
        for (int i = 0; i < decomposed.length(); ) {
            int c = decomposed.codePointAt(i);
            i += Character.charCount(c);
            if (!BertCharacters.isAccent(c)) {
                BertCharacters.appendLowercase(c, clean);
            }
        }
    }
}

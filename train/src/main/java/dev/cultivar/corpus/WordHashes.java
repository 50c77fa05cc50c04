package dev.cultivar.corpus;

import dev.cultivar.batch.Draw;
import java.util.Arrays;

/// Numbers for the words of a text and for runs of words: what documents are compared by.
///
/// A word is a run of letters and digits, whatever their case; an ideograph is a word of its own.
final class WordHashes {
    private static final long BASE = 0x9E3779B97F4A7C15L;

    private WordHashes() {}

    /// A number for a whole text, case and white space aside.
    static long ofText(String text) {
        long hash = 1;
        boolean gap = false;
        boolean begun = false;
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if (Character.isWhitespace(c)) {
                gap = true;
                continue;
            }
            if (gap && begun) {
                hash = Draw.mix(hash * BASE + ' ');
            }
            hash = Draw.mix(hash * BASE + Character.toLowerCase(c));
            gap = false;
            begun = true;
        }
        return hash;
    }

    static long[] words(String text) {
        long[] words = new long[16];
        int count = 0;
        long word = 0;
        for (int at = 0; at <= text.length(); ) {
            int c = at < text.length() ? text.codePointAt(at) : ' ';
            at += Character.charCount(c);
            boolean ideograph = c > 0x2E00 && Character.isIdeographic(c);
            if (!ideograph && Character.isLetterOrDigit(c)) {
                word = Draw.mix((word + 1) * BASE + Character.toLowerCase(c));
                continue;
            }
            if (count + 2 > words.length) {
                words = Arrays.copyOf(words, 2 * words.length);
            }
            if (word != 0) {
                words[count++] = word;
                word = 0;
            }
            if (ideograph) {
                words[count++] = Draw.mix(c);
            }
        }
        return Arrays.copyOf(words, count);
    }

    /// A number for each run of `length` words; one for all words where they are fewer, none where there are none.
    static long[] shingles(long[] words, int length) {
        int size = Math.min(length, words.length);
        if (size == 0) {
            return new long[0];
        }
        long leading = 1; // BASE^size
        for (int i = 0; i < size; i++) {
            leading *= BASE;
        }
        long[] shingles = new long[words.length - size + 1];
        long rolling = 0;
        for (int i = 0; i < words.length; i++) {
            rolling = rolling * BASE + words[i] - (i >= size ? leading * words[i - size] : 0);
            if (i >= size - 1) {
                shingles[i - size + 1] = Draw.mix(rolling);
            }
        }
        return shingles;
    }
}

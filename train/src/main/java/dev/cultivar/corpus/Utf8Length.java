package dev.cultivar.corpus;

/// How many bytes a text takes in UTF-8, counted without encoding it.
final class Utf8Length {
    private Utf8Length() {}

    /// A lone surrogate counts as the three bytes of U+FFFD.
    static long of(String text) {
        long bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                bytes++;
            } else if (c < 0x800) {
                bytes += 2;
            } else if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                bytes += 4;
                i++;
            } else {
                bytes += 3;
            }
        }
        return bytes;
    }
}

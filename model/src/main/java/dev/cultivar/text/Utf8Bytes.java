package dev.cultivar.text;

/// The UTF-8 bytes of one text after another, in an array that is used again; half a surrogate pair, which is no text, counts as
/// U+FFFD.
final class Utf8Bytes {
    private int[] bytes = new int[64];
    private int length;

    void set(CharSequence text) {
        set(text, 0, text.length());
    }

    void set(CharSequence text, int from, int to) {
        length = 0;
        int most = Math.multiplyExact(3, to - from);
        if (bytes.length < most) {
            bytes = new int[most];
        }
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                bytes[length++] = c;
            } else if (Character.isHighSurrogate(c) && i + 1 < to && Character.isLowSurrogate(text.charAt(i + 1))) {
                add(Character.toCodePoint(c, text.charAt(++i)));
            } else {
                add(Character.isSurrogate(c) ? 0xFFFD : c);
            }
        }
    }

    private void add(int c) {
        if (c < 0x800) {
            bytes[length++] = 0xC0 | c >> 6;
        } else {
            if (c < 0x10000) {
                bytes[length++] = 0xE0 | c >> 12;
            } else {
                bytes[length++] = 0xF0 | c >> 18;
                bytes[length++] = 0x80 | c >> 12 & 0x3F;
            }
            bytes[length++] = 0x80 | c >> 6 & 0x3F;
        }
        bytes[length++] = 0x80 | c & 0x3F;
    }

    int length() {
        return length;
    }

    /// Each byte replaced by what it stands for; the first [#length] numbers of an array that the next call changes.
    int[] mapped(int[] byByte) {
        for (int i = 0; i < length; i++) {
            bytes[i] = byByte[bytes[i]];
        }
        return bytes;
    }
}

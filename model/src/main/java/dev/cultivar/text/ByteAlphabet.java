package dev.cultivar.text;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// How GPT-2 writes a byte as a character, so that a vocabulary of bytes is readable text without spaces (Radford et al., 2019):
/// printable bytes of Latin-1 stand for themselves, the others for the characters from U+0100 on, in their order. A space is `Ġ`.
final class ByteAlphabet {
    private static final int FIRST_SUBSTITUTE = 0x100;
    private static final char[] CHARACTERS = characters();
    private static final short[] BYTES = bytes();

    private ByteAlphabet() {}

    private static boolean isPrintable(int b) {
        return (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || b >= 0xAE;
    }

    private static char[] characters() {
        var characters = new char[256];
        int substitutes = 0;
        for (int b = 0; b < 256; b++) {
            characters[b] = (char) (isPrintable(b) ? b : FIRST_SUBSTITUTE + substitutes++);
        }
        return characters;
    }

    private static short[] bytes() {
        var bytes = new short[FIRST_SUBSTITUTE + 256];
        Arrays.fill(bytes, (short) -1);
        for (int b = 0; b < 256; b++) {
            bytes[CHARACTERS[b]] = (short) b;
        }
        return bytes;
    }

    /// @param b a byte without sign
    static char character(int b) {
        return CHARACTERS[b];
    }

    /// The byte that a character stands for, from 0 to 255; -1 if it stands for none.
    static int valueOf(char c) {
        return c < BYTES.length ? BYTES[c] : -1;
    }

    /// The 256 characters by code point, which is the order of their ids in a trained vocabulary.
    static List<String> sorted() {
        return IntStream.range(0, 256).map(b -> CHARACTERS[b]).sorted().mapToObj(Character::toString).toList();
    }

    /// The order of two pieces by the bytes that they stand for.
    static int compare(String a, String b) {
        int common = Math.min(a.length(), b.length());
        for (int i = 0; i < common; i++) {
            int order = Integer.compare(valueOf(a.charAt(i)), valueOf(b.charAt(i)));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(a.length(), b.length());
    }
}

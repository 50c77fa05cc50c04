package dev.cultivar.image;

/// A canonical prefix code of lossless WebP (RFC 9649, section 3.7.2), its bits read as the file has them: the first bit of a code comes first.
final class PrefixCode {
    private static final int LONGEST = 15;

    private final int[] counts = new int[LONGEST + 1];
    private final int[] symbols;

    /// @param lengths in bits of each symbol's code; 0 for a symbol without one
    PrefixCode(int[] lengths) {
        int used = 0;
        for (int length : lengths) {
            counts[length] += length > 0 ? 1 : 0;
            used += length > 0 ? 1 : 0;
        }
        int[] next = new int[LONGEST + 2];
        for (int length = 1; length <= LONGEST; length++) {
            next[length + 1] = next[length] + counts[length];
        }
        symbols = new int[used];
        for (int symbol = 0; symbol < lengths.length; symbol++) {
            if (lengths[symbol] > 0) {
                symbols[next[lengths[symbol]]++] = symbol;
            }
        }
    }

    /// Whether every sequence of bits is a code's, or there is one symbol, which takes no bit.
    boolean whole() {
        long free = 1L << LONGEST;
        for (int length = 1; length <= LONGEST; length++) {
            free -= (long) counts[length] << LONGEST - length;
        }
        return symbols.length == 1 || free == 0;
    }

    /// Whether a symbol takes no bit.
    boolean single() {
        return symbols.length == 1;
    }

    /// The next symbol.
    int read(LosslessBits bits) {
        if (symbols.length == 1) {
            return symbols[0];
        }
        int code = 0;
        int first = 0;
        int at = 0;
        for (int length = 1; length <= LONGEST; length++) {
            code |= bits.bit();
            int count = counts[length];
            if (code - first < count) {
                return symbols[at + code - first];
            }
            at += count;
            first = first + count << 1;
            code <<= 1;
        }
        throw new IllegalStateException("a code that is no code, though the codes are whole");
    }
}

package dev.cultivar.image;

import java.util.Arrays;

/// Counts the pixels that the codes of a GIF's frame stand for (GIF89a, appendix F), since a decoder shows black for what they leave out.
///
/// Only lengths are kept: how many pixels a code stands for is known without their colours.
final class GifCodes {
    private static final int MOST_CODES = 4096;

    private final EncodedPicture file;
    private final int[] lengths = new int[MOST_CODES];
    private long block; // where the current block's bytes end
    private long at;
    private int bits;
    private int held;

    private GifCodes(EncodedPicture file, long at) {
        this.file = file;
        this.at = at;
        this.block = at;
    }

    /// Refuses a frame whose codes stand for too few pixels, or that has a code which stands for none.
    ///
    /// @param at where the size of the codes lies, before the first block
    static void requireAll(EncodedPicture file, long at, long width, long height) {
        long told = new GifCodes(file, at + 1).pixels(file.u8(at), width * height);
        if (told < width * height) {
            throw file.refused("a GIF of " + width + " x " + height + " pixels whose codes end after " + told + " of them", "a code for each pixel",
                    "copy or make the file again");
        }
    }

    private long pixels(int literalBits, long most) {
        if (literalBits < 1 || literalBits > 8) {
            throw file.refused("a GIF with codes of " + literalBits + " bits", "1 to 8", "copy or make the file again");
        }
        int clear = 1 << literalBits;
        Arrays.fill(lengths, 0, clear, 1);
        long pixels = 0;
        int next = clear + 2;
        int width = literalBits + 1;
        int before = -1;
        while (pixels < most) {
            int code = code(width);
            if (code < 0 || code == clear + 1) {
                break;
            }
            if (code == clear) {
                next = clear + 2;
                width = literalBits + 1;
                before = -1;
                continue;
            }
            if (code > next || before < 0 && code >= clear) {
                throw file.refused("a GIF with the code " + code + " before its meaning, after " + pixels + " of " + most + " pixels",
                        "codes that were told", "copy or make the file again");
            }
            if (before >= 0 && next < MOST_CODES) {
                lengths[next++] = lengths[before] + 1;
                width += next == 1 << width && next < MOST_CODES ? 1 : 0;
            }
            pixels += lengths[code];
            before = code;
        }
        return Math.min(pixels, most);
    }

    /// The next code; -1 where the blocks have ended.
    private int code(int width) {
        while (bits < width) {
            if (at == block) {
                int length = file.u8(at++);
                if (length == 0) {
                    at = block; // an end stays an end
                    return -1;
                }
                block = at + length;
            }
            held |= file.u8(at++) << bits;
            bits += 8;
        }
        int code = held & (1 << width) - 1;
        held >>>= width;
        bits -= width;
        return code;
    }
}

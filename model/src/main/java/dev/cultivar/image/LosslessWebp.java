package dev.cultivar.image;

import java.util.Arrays;

/// Follows the bits of lossless WebP (RFC 9649, section 3) to its last pixel, without making the picture: decoders take zeros for bits that are
/// missing, and show them.
///
/// A pixel's code says how many pixels it stands for, so the colours need not be known, but for the small picture that says which codes are used
/// where.
final class LosslessWebp {
    private static final int LITERALS = 256;
    private static final int LENGTHS = 24;
    private static final int DISTANCES = 40;
    private static final int[] ORDER = {17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    /// Distances 1 to 120 mean neighbours: 16 times the rows above, and the columns to the left, from 8.
    private static final String NEIGHBOURS = "18 07 17 19 28 06 27 29 16 1a 26 2a 38 05 37 39 15 1b 36 3a 25 2b 48 04 47 49 14 1c 35 3b 46 4a 24 2c 58 45 4b 34 3c 03 "
            + "57 59 13 1d 56 5a 23 2d 44 4c 55 5b 33 3d 68 02 67 69 12 1e 66 6a 22 2e 54 5c 43 4d 65 6b 32 3e 78 01 77 79 53 5d 11 1f "
            + "64 6c 42 4e 76 7a 21 2f 75 7b 31 3f 63 6d 52 5e 00 74 7c 41 4f 10 20 62 6e 30 73 7d 51 5f 40 72 7e 61 6f 50 71 7f 60 70";

    private final EncodedPicture file;
    private final LosslessBits bits;

    private LosslessWebp(EncodedPicture file, LosslessBits bits) {
        this.file = file;
        this.bits = bits;
    }

    /// Refuses bits that stop before the last pixel.
    ///
    /// @param from where the bits begin, behind the header with the size, and `to` where they end
    static void requireAll(EncodedPicture file, long from, long to, int width, int height) {
        new LosslessWebp(file, new LosslessBits(file, from, to)).all(width, height);
    }

    private void all(int width, int height) {
        int columns = width;
        while (bits.bit() == 1) {
            int transform = bits.bits(2);
            if (transform < 2) { // predictors, or colours
                int size = bits.bits(3) + 2;
                image(parts(columns, size), parts(height, size), false, false);
            } else if (transform == 3) { // a palette
                int colours = bits.bits(8) + 1;
                image(colours, 1, false, false);
                columns = parts(columns, colours <= 2 ? 3 : colours <= 4 ? 2 : colours <= 16 ? 1 : 0);
            }
        }
        image(columns, height, true, false);
    }

    private static int parts(int size, int bits) {
        return size + (1 << bits) - 1 >> bits;
    }

    /// Five codes that are used together: green with lengths and cached colours, red, blue, alpha, distances.
    private record Group(PrefixCode green, PrefixCode red, PrefixCode blue, PrefixCode alpha, PrefixCode distance) {
        boolean free() {
            return green.single() && red.single() && blue.single() && alpha.single();
        }
    }

    /// Reads one picture.
    ///
    /// @param main whether it may have several groups of codes
    /// @param kept whether its pixels are wanted
    /// @return its pixels as ARGB; empty where they are not wanted
    private int[] image(int width, int height, boolean main, boolean kept) {
        int cacheBits = bits.bit() == 1 ? bits.bits(4) : 0;
        if (cacheBits > 11) {
            throw damaged("a cache of 2^" + cacheBits + " colours", "at most 2^11");
        }
        int size = 0;
        int[] chosen = {};
        if (main && bits.bit() == 1) {
            size = bits.bits(3) + 2;
            chosen = image(parts(width, size), parts(height, size), false, true);
            for (int i = 0; i < chosen.length; i++) {
                chosen[i] = chosen[i] >> 8 & 0xFFFF; // red and green
            }
        }
        var groups = new Group[1 + Arrays.stream(chosen).max().orElse(0)];
        for (int i = 0; i < groups.length; i++) {
            int greens = LITERALS + LENGTHS + (cacheBits > 0 ? 1 << cacheBits : 0);
            groups[i] = new Group(code(greens), code(LITERALS), code(LITERALS), code(LITERALS), code(DISTANCES));
        }
        var into = new Pixels(kept ? width * height : 0, cacheBits);
        long pixels = (long) width * height;
        for (long at = 0; at < pixels; ) {
            int row = (int) (at / width);
            int column = (int) (at % width);
            if (main) {
                bits.reading(row, height);
            }
            Group group = groups[chosen.length == 0 ? 0 : chosen[(row >> size) * parts(width, size) + (column >> size)]];
            if (!kept && chosen.length == 0 && group.free() && group.green().read(bits) < LITERALS) {
                break; // one colour all over takes no bit
            }
            at += pixel(group, into, at, pixels, width);
        }
        return into.argb;
    }

    /// Reads one code of the picture, and says for how many pixels it stands.
    private int pixel(Group group, Pixels into, long at, long pixels, int width) {
        int green = group.green().read(bits);
        if (green < LITERALS) {
            int red = group.red().read(bits);
            int blue = group.blue().read(bits);
            int alpha = group.alpha().read(bits);
            into.put((int) at, alpha << 24 | red << 16 | green << 8 | blue);
            return 1;
        } else if (green < LITERALS + LENGTHS) {
            int length = number(green - LITERALS);
            long distance = distance(number(group.distance().read(bits)), width);
            if (distance > at || length > pixels - at) {
                throw damaged("a copy of " + length + " pixels from " + distance + " pixels before pixel " + at, "one within " + pixels + " pixels");
            }
            into.copy((int) at, (int) distance, length);
            return length;
        }
        into.put((int) at, into.cached(green - LITERALS - LENGTHS));
        return 1;
    }

    /// A length or distance: its magnitude is the symbol, what is left follows.
    private int number(int symbol) {
        if (symbol < 4) {
            return symbol + 1;
        }
        int extra = symbol - 2 >> 1;
        return (2 + (symbol & 1) << extra) + bits.bits(extra) + 1;
    }

    private static long distance(int code, int width) {
        if (code > 120) {
            return code - 120;
        }
        int neighbour = Integer.parseInt(NEIGHBOURS, 3 * code - 3, 3 * code - 1, 16);
        return Math.max(1, (long) (neighbour >> 4) * width + 8 - (neighbour & 0xF));
    }

    private PrefixCode code(int alphabet) {
        int[] lengths = bits.bit() == 1 ? few(alphabet) : many(alphabet);
        var code = new PrefixCode(lengths);
        if (!code.whole()) {
            throw damaged("codes that leave bits without a meaning", "whole prefix codes");
        }
        return code;
    }

    private int[] few(int alphabet) {
        int[] lengths = new int[Math.max(LITERALS, alphabet)];
        boolean two = bits.bit() == 1;
        lengths[bits.bits(bits.bit() == 1 ? 8 : 1)] = 1;
        if (two) {
            lengths[bits.bits(8)] = 1;
        }
        return lengths;
    }

    private int[] many(int alphabet) {
        int[] ofLengths = new int[ORDER.length];
        int told = 4 + bits.bits(4);
        for (int i = 0; i < told; i++) {
            ofLengths[ORDER[i]] = bits.bits(3);
        }
        var code = new PrefixCode(ofLengths);
        if (!code.whole()) {
            throw damaged("codes of code lengths that leave bits without a meaning", "whole prefix codes");
        }
        int most = bits.bit() == 0 ? alphabet : 2 + bits.bits(2 + 2 * bits.bits(3));
        int[] lengths = new int[alphabet];
        int before = 8;
        for (int symbol = 0; symbol < alphabet && most > 0; most--) {
            int length = code.read(bits);
            int times = switch (length) {
                case 16 -> 3 + bits.bits(2);
                case 17 -> 3 + bits.bits(3);
                case 18 -> 11 + bits.bits(7);
                default -> 1;
            };
            if (times > alphabet - symbol) {
                throw damaged("code lengths of " + (symbol + times) + " symbols", "those of " + alphabet);
            }
            before = length > 0 && length < 16 ? length : before;
            Arrays.fill(lengths, symbol, symbol + times, length < 16 ? length : length == 16 ? before : 0);
            symbol += times;
        }
        return lengths;
    }

    private RuntimeException damaged(String is, String expected) {
        return file.refused("a damaged WEBP (" + is + ")", expected, "copy or make the file again");
    }

    /// The pixels that are kept, and the colours that a short code names; neither where no pixel is kept.
    private static final class Pixels {
        private final int[] argb;
        private final int[] cache;
        private final int shift;

        private Pixels(int count, int cacheBits) {
            argb = new int[count];
            cache = new int[1 << cacheBits];
            shift = 32 - cacheBits;
        }

        private void put(int at, int colour) {
            if (argb.length > 0) {
                argb[at] = colour;
                if (cache.length > 1) {
                    cache[0x1E35A7BD * colour >>> shift] = colour;
                }
            }
        }

        private void copy(int at, int distance, int length) {
            for (int i = at; argb.length > 0 && i < at + length; i++) {
                put(i, argb[i - distance]);
            }
        }

        private int cached(int index) {
            return cache[index];
        }
    }
}

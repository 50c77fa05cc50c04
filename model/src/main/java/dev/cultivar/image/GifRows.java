package dev.cultivar.image;

/// Puts the rows of an interlaced GIF in order (GIF89a, appendix E), which the JDK's decoder gets wrong below five rows.
///
/// The file is decoded as if it were not interlaced, so its rows come as they are stored: every eighth, the ones halfway
/// between, and so on.
final class GifRows {
    private static final int INTERLACED = 0x40;
    private static final int[] FIRST = {0, 4, 2, 1};
    private static final int[] STEP = {8, 8, 4, 2};

    private GifRows() {}

    /// Where the flags of the first frame lie; the file is a GIF.
    static int flags(EncodedPicture file) {
        long at = 13 + palette(file.u8(10));
        while (file.u8(at) == 0x21) {
            at = afterBlocks(file, at + 2);
        }
        if (file.u8(at) != 0x2C) {
            throw file.refused("a GIF without a frame", "a frame at byte " + at, "copy or make the file again");
        }
        file.u8(at + 9);
        return (int) at + 9;
    }

    /// The bytes of the palette that such flags announce.
    static int palette(int flags) {
        return (flags & 0x80) == 0 ? 0 : 3 << (flags & 7) + 1;
    }

    /// The place behind blocks, each with its length in front, that a block of length 0 ends.
    static long afterBlocks(EncodedPicture file, long at) {
        long next = at;
        for (int length = file.u8(next); length > 0; length = file.u8(next)) {
            next += 1 + length;
        }
        return next + 1;
    }

    static boolean interlaced(EncodedPicture file) {
        return (file.u8(flags(file)) & INTERLACED) != 0;
    }

    /// The same file, its rows declared to be in order.
    static EncodedPicture declaredInOrder(EncodedPicture file) {
        byte[] bytes = file.bytes().clone();
        bytes[flags(file)] &= ~INTERLACED;
        return new EncodedPicture(bytes, file.place());
    }

    static Picture ordered(Picture stored) {
        int row = stored.width() * stored.channels();
        byte[] pixels = new byte[stored.pixels().length];
        for (int pass = 0, from = 0; pass < FIRST.length; pass++) {
            for (int y = FIRST[pass]; y < stored.height(); y += STEP[pass], from++) {
                System.arraycopy(stored.pixels(), from * row, pixels, y * row, row);
            }
        }
        return new Picture(stored.height(), stored.width(), stored.channels(), pixels);
    }
}

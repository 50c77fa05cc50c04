package dev.cultivar.image;

/// The bits of lossless WebP, the least significant of a byte first; asking beyond their end tells that the file stops early.
final class LosslessBits {
    private final EncodedPicture file;
    private final long end;
    private long at;
    private int row = -1;
    private int rows;

    /// @param from and `to`: the bytes of the file that hold them
    LosslessBits(EncodedPicture file, long from, long to) {
        this.file = file;
        this.at = 8 * from;
        this.end = 8 * to;
    }

    /// Takes note of the picture's row that is read, for a message.
    void reading(int nextRow, int ofRows) {
        row = nextRow;
        rows = ofRows;
    }

    int bit() {
        if (at >= end) {
            String where = row < 0 ? "before the first row" : "in row " + (row + 1) + " of " + rows;
            throw file.refused("a WEBP whose lossless bits end " + where, "bits for all rows", "copy or make the file again");
        }
        int bit = file.bytes()[(int) (at >> 3)] >> (at & 7) & 1;
        at++;
        return bit;
    }

    int bits(int count) {
        int bits = 0;
        for (int i = 0; i < count; i++) {
            bits |= bit() << i;
        }
        return bits;
    }
}

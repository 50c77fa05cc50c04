package dev.cultivar.image;

/// Follows the runs of a packed bitmap (compressions 1 and 2) to see that they reach its last pixel: a decoder shows the palette's first colour
/// where they do not.
final class BmpRuns {
    private BmpRuns() {}

    /// Refuses a bitmap whose runs end early.
    ///
    /// @param from where the runs lie, and `to` where they end at the latest
    /// @param bits a pixel, 4 or 8
    static void requireAll(EncodedPicture file, long from, long to, long bits, long width, long height) {
        long at = from;
        long x = 0;
        long y = 0;
        boolean ended = false; // a row is shown once its end, or the picture's, is told
        while (at + 1 < to && y < height && !ended) {
            int count = file.u8(at);
            int value = file.u8(at + 1);
            at += 2;
            if (count > 0) {
                x += count;
            } else if (value == 0) {
                x = 0;
                y++;
            } else if (value == 1) {
                ended = true;
            } else if (value == 2) {
                x += file.u8(at);
                y += file.u8(at + 1);
                at += 2;
            } else {
                x += value;
                long bytes = (value * bits + 7) / 8;
                at += bytes + (bytes & 1);
            }
        }
        if (at > to || y < height && !(ended && y == height - 1 && x >= width)) {
            throw file.refused("a BMP whose runs end at pixel " + x + " of row " + y + ", at byte " + Math.min(at, to), width + " x " + height + " pixels",
                    "copy or make the file again");
        }
    }
}

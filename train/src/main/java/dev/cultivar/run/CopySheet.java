package dev.cultivar.run;

import dev.cultivar.image.Picture;
import dev.cultivar.image.PictureWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;

/// The samples of an audit that lie nearest to a training picture, as one picture: each with its distance below, and beside it, where that is allowed, the
/// training picture.
final class CopySheet {
    private static final int SIDE = 56; // smaller pictures are shown larger
    private static final int GAP = 2;
    private static final int BETWEEN = 10;
    private static final int COLUMNS = 6;
    private static final int DOT = 2; // pixels a dot of a letter
    private static final int LETTER = 4 * DOT; // three dots and one between
    private static final int LINE = 5 * DOT + 2 * GAP;
    /// Rows of three dots, from the top, of 0 to 9 and the point.
    private static final String[] LETTERS = {
        "111101101101111", "010110010010111", "111001111100111", "111001111001111", "101101111001001", "111100111001111", "111100111101111",
        "111001001001001", "111101111101111", "111101111001111", "000000000000010"
    };

    private CopySheet() {}

    /// One of the nearest.
    ///
    /// @param pictures the sample and, where it may be shown, its training picture
    private record Near(List<Picture> pictures, double distance) {}

    /// @param sample   a sample by its number
    /// @param training a training picture by its place
    /// @param pairs    whether training pictures may be shown
    static Picture of(CopyAudit.Space space, IntFunction<Picture> sample, IntFunction<Picture> training, boolean pairs) {
        return PictureWriter.grid(nearest(space, sample, training, pairs).stream().map(CopySheet::cell).toList(), COLUMNS, 0);
    }

    private static Picture cell(Near near) {
        List<Picture> large = near.pictures().stream().map(CopySheet::large).toList();
        Picture one = large.getFirst();
        int width = large.size() * (one.width() + GAP) - GAP + BETWEEN;
        int height = one.height() + LINE + BETWEEN;
        int channels = one.channels();
        byte[] pixels = new byte[height * width * channels];
        Arrays.fill(pixels, (byte) 255);
        for (int i = 0; i < large.size(); i++) {
            for (int y = 0; y < one.height(); y++) {
                int at = (y * width + i * (one.width() + GAP)) * channels;
                System.arraycopy(large.get(i).pixels(), y * one.width() * channels, pixels, at, one.width() * channels);
            }
        }
        write(words(near.distance()), pixels, width, one.height() + GAP, channels);
        return new Picture(height, width, channels, pixels);
    }

    private static String words(double distance) {
        return String.format(Locale.ROOT, distance < 10 ? "%.3f" : "%.1f", distance);
    }

    /// Each pixel several times.
    private static Picture large(Picture picture) {
        int times = Math.max(1, Math.ceilDiv(SIDE, picture.width()));
        int width = picture.width() * times;
        int height = picture.height() * times;
        int channels = picture.channels();
        byte[] pixels = new byte[width * height * channels];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int from = (y / times * picture.width() + x / times) * channels;
                System.arraycopy(picture.pixels(), from, pixels, (y * width + x) * channels, channels);
            }
        }
        return new Picture(height, width, channels, pixels);
    }

    private static void write(String words, byte[] pixels, int width, int top, int channels) {
        for (int i = 0; i < words.length(); i++) {
            int left = i * LETTER;
            char letter = words.charAt(i);
            String dots = LETTERS[letter == '.' ? 10 : letter - '0'];
            for (int y = 0; y < 5 * DOT; y++) {
                for (int x = 0; x < 3 * DOT && left + x < width; x++) {
                    if (dots.charAt(y / DOT * 3 + x / DOT) == '1') {
                        int at = ((top + y) * width + left + x) * channels;
                        Arrays.fill(pixels, at, at + channels, (byte) 0);
                    }
                }
            }
        }
    }

    /// The nearest of an audit, with or without their training pictures.
    private static List<Near> nearest(CopyAudit.Space space, IntFunction<Picture> sample, IntFunction<Picture> training, boolean pairs) {
        List<Near> nearest = new ArrayList<>();
        for (CopyAudit.Pair pair : space.pairs()) {
            Picture own = sample.apply(pair.sample());
            nearest.add(new Near(pairs ? List.of(own, training.apply(pair.row())) : List.of(own), pair.distance()));
        }
        return nearest;
    }
}

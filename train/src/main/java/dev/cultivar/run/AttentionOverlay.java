package dev.cultivar.run;

import dev.cultivar.image.Fit;
import dev.cultivar.image.Picture;
import java.util.Locale;

/// Lays the shares of a picture's patches over the picture as colours.
final class AttentionOverlay {
    /// Small pictures are enlarged to about this, so that what lies over them is smooth.
    private static final int SIDE = 240;
    /// What of a pixel is the colour's; the rest is the picture, in grey.
    private static final double COLOUR = 0.68;
    /// From least to most: dark violet, magenta, orange, yellow (after matplotlib's inferno), which grey paper keeps in order.
    private static final int[][] RAMP = {{12, 7, 50}, {87, 16, 110}, {188, 55, 84}, {249, 142, 9}, {252, 255, 164}};

    private final Picture plain;
    private final int down;
    private final int across;

    /// @param seen   the picture
    /// @param down   rows of patches
    /// @param across columns of patches
    AttentionOverlay(Picture seen, int down, int across) {
        this.plain = enlarged(seen.withChannels(3), Math.max(1, SIDE / Math.max(seen.height(), seen.width())));
        this.down = down;
        this.across = across;
    }

    /// The picture without anything over it.
    Picture plain() {
        return plain;
    }

    /// Each pixel becomes as many as `times` in both directions.
    private static Picture enlarged(Picture picture, int times) {
        int width = picture.width() * times;
        byte[] pixels = new byte[picture.pixels().length * times * times];
        for (int y = 0; y < picture.height() * times; y++) {
            for (int x = 0; x < width; x++) {
                System.arraycopy(picture.pixels(), (y / times * picture.width() + x / times) * 3, pixels, (y * width + x) * 3, 3);
            }
        }
        return new Picture(picture.height() * times, width, 3, pixels);
    }

    /// The picture in grey under the shares of its patches, stretched so that the least is the ramp's start and the most its end.
    ///
    /// @param shares row by row
    Picture over(float[] shares) {
        double least = least(shares);
        double range = Math.max(most(shares) - least, Double.MIN_NORMAL);
        byte[] levels = new byte[down * across];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = (byte) Math.round(255 * (shares[i] - least) / range);
        }
        Picture heat = new Picture(down, across, 1, levels).fitted(plain.height(), plain.width(), Fit.STRETCH);
        Picture grey = plain.withChannels(1);
        byte[] pixels = new byte[plain.pixels().length];
        for (int i = 0; i < heat.pixels().length; i++) {
            double at = (heat.pixels()[i] & 0xFF) / 255.0 * (RAMP.length - 1);
            int from = Math.min(RAMP.length - 2, (int) at);
            for (int c = 0; c < 3; c++) {
                double colour = RAMP[from][c] + (at - from) * (RAMP[from + 1][c] - RAMP[from][c]);
                pixels[3 * i + c] = (byte) Math.round(COLOUR * colour + (1 - COLOUR) * (grey.pixels()[i] & 0xFF));
            }
        }
        return new Picture(plain.height(), plain.width(), 3, pixels);
    }

    /// The least and the most, for a title.
    static String range(float[] shares) {
        return String.format(Locale.ROOT, "%.3f to %.3f", least(shares), most(shares));
    }

    private static double least(float[] shares) {
        double least = shares[0];
        for (float share : shares) {
            least = Math.min(least, share);
        }
        return least;
    }

    private static double most(float[] shares) {
        double most = shares[0];
        for (float share : shares) {
            most = Math.max(most, share);
        }
        return most;
    }
}

package dev.cultivar.image;

import java.util.Arrays;

/// Brings a picture to another size, one side after the other, in whole numbers.
///
/// A new pixel is a weighted sum of old ones whose weights are whole and sum to the same total for each, so one division
/// at the very end rounds, and nothing depends on the order of additions.
final class Resampling {
    private final Picture picture;
    private final Weights rows;
    private final Weights columns;
    /// The two rows last summed along, at the parity of their index: neighbours in height share rows.
    private final long[][] summed;
    private final int[] held = {-1, -1};

    /// One side: its old size, the size that the whole of it is scaled to, and how many pixels are wanted, from the middle
    /// where they are fewer than the scaled ones, with black on both ends where they are more.
    record Axis(int from, long scaled, int wanted) {}

    /// What each new pixel is made of: old pixels from `first` on, none for black.
    private record Weights(int[] first, long[][] weights, long total) {
        static Weights of(Axis axis) {
            int[] first = new int[axis.wanted];
            long[][] weights = new long[axis.wanted][];
            boolean shrinks = axis.scaled <= axis.from;
            // The odd pixel goes to the end: a scaled 5 of which 4 are wanted loses its last, a 3 within 4 has its black last.
            long start = axis.scaled >= axis.wanted ? (axis.scaled - axis.wanted) / 2 : -((axis.wanted - axis.scaled) / 2);
            for (int i = 0; i < axis.wanted; i++) {
                long at = start + i;
                if (at < 0 || at >= axis.scaled) {
                    weights[i] = new long[0];
                } else if (shrinks) {
                    // In units of 1 / scaled of an old pixel, the new one covers [at * from, (at + 1) * from).
                    long begin = at * axis.from;
                    long end = begin + axis.from;
                    first[i] = (int) (begin / axis.scaled);
                    weights[i] = new long[(int) ((end - 1) / axis.scaled) - first[i] + 1];
                    for (int k = 0; k < weights[i].length; k++) {
                        long old = (first[i] + k) * axis.scaled;
                        weights[i][k] = Math.min(end, old + axis.scaled) - Math.max(begin, old);
                    }
                } else {
                    // Its centre, in units of 1 / (2 * scaled) of an old pixel, counted from the first old centre.
                    long centre = Math.clamp((2 * at + 1) * axis.from - axis.scaled, 0, 2 * axis.scaled * (axis.from - 1));
                    first[i] = (int) (centre / (2 * axis.scaled));
                    long beyond = centre % (2 * axis.scaled);
                    weights[i] = beyond == 0 ? new long[] {2 * axis.scaled} : new long[] {2 * axis.scaled - beyond, beyond};
                }
            }
            return new Weights(first, weights, shrinks ? axis.from : 2 * axis.scaled);
        }
    }

    private Resampling(Picture picture, Axis height, Axis width) {
        this.picture = picture;
        rows = Weights.of(height);
        columns = Weights.of(width);
        summed = new long[2][Math.multiplyExact(width.wanted, picture.channels())];
    }

    static Picture of(Picture picture, Axis height, Axis width) {
        return new Resampling(picture, height, width).picture(height.wanted, width.wanted);
    }

    private Picture picture(int height, int width) {
        int row = width * picture.channels();
        byte[] pixels = new byte[Math.multiplyExact(height, row)];
        long total = Math.multiplyExact(Math.multiplyExact(rows.total, columns.total), 256) / 256; // so that no sum of 255s overflows
        long[] sum = new long[row];
        for (int y = 0; y < height; y++) {
            Arrays.fill(sum, 0);
            long[] weights = rows.weights[y];
            for (int k = 0; k < weights.length; k++) {
                long weight = weights[k];
                long[] along = along(rows.first[y] + k);
                for (int i = 0; i < row; i++) {
                    sum[i] += weight * along[i];
                }
            }
            for (int i = 0; i < row; i++) {
                pixels[y * row + i] = (byte) ((sum[i] + total / 2) / total);
            }
        }
        return new Picture(height, width, picture.channels(), pixels);
    }

    /// An old row, summed along its width.
    private long[] along(int y) {
        long[] into = summed[y & 1];
        if (held[y & 1] == y) {
            return into;
        }
        held[y & 1] = y;
        int channels = picture.channels();
        byte[] pixels = picture.pixels();
        for (int x = 0, i = 0; x < columns.first.length; x++) {
            long[] weights = columns.weights[x];
            int start = (y * picture.width() + columns.first[x]) * channels;
            for (int channel = 0; channel < channels; channel++, i++) {
                long sum = 0;
                for (int k = 0, at = start + channel; k < weights.length; k++, at += channels) {
                    sum += weights[k] * (pixels[at] & 0xFF);
                }
                into[i] = sum;
            }
        }
        return into;
    }
}

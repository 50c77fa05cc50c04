package dev.cultivar.evaluate;

/// Whether a model that says "80 % sure" is right four times in five: the expected calibration error over fifteen equal
/// bins of the top probability (Guo et al., 2017, equation 3).
final class Calibration {
    static final int BINS = 15;

    private final byte[] bins;
    private final double[] gaps; // right (1 or 0) minus confidence

    Calibration(double[] confidence, boolean[] right) {
        bins = new byte[confidence.length];
        gaps = new double[confidence.length];
        for (int row = 0; row < confidence.length; row++) {
            bins[row] = (byte) bin(confidence[row]);
            gaps[row] = (right[row] ? 1 : 0) - confidence[row];
        }
    }

    /// Bin k holds (k/15, (k+1)/15].
    private static int bin(double confidence) {
        return Math.clamp((int) Math.ceil(confidence * BINS) - 1, 0, BINS - 1);
    }

    int rows() {
        return bins.length;
    }

    /// Adds a row's gap to its bin's.
    void add(int row, double[] sums) {
        sums[bins[row]] += gaps[row];
    }

    double error() {
        double[] sums = new double[BINS];
        for (int row = 0; row < bins.length; row++) {
            add(row, sums);
        }
        return error(sums, bins.length);
    }

    /// A bin's share times |accuracy - mean confidence| is |sum of its gaps| / rows.
    static double error(double[] sums, int rows) {
        double total = 0;
        for (double sum : sums) {
            total += Math.abs(sum);
        }
        return total / rows;
    }
}

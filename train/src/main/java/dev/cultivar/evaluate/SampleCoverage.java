package dev.cultivar.evaluate;

import java.util.Arrays;

/// How many of the pictures that a model drew could be of the data, and how many of the data's it could have drawn (Kynkaanniemi et al., 2019,
/// "Improved precision and recall metric for assessing generative models", algorithm 1).
///
/// Where a set of pictures lies among their features is estimated by a ball around each, as far as its third nearest neighbour in the set; a picture
/// could be of the set where it lies in one of the balls. The intervals are Wilson's and take the balls for given.
///
/// @param precision share of samples that lie among the data's pictures, `sample_precision`
/// @param recall    share of the data's pictures that lie among the samples, `sample_recall`
public record SampleCoverage(Metric precision, Metric recall) {
    /// Neighbours, as in the paper.
    private static final int K = 3;

    /// @param samples features, (N, width) row after row
    /// @param real    of pictures of the data, (M, width) row after row
    public static SampleCoverage of(float[] samples, float[] real, int width) {
        int n = samples.length / width;
        int m = real.length / width;
        if (Math.min(n, m) <= K) {
            throw new IllegalArgumentException("a third neighbour needs at least 4 pictures, got " + n + " samples and " + m + " of the data");
        }
        double[] aroundSamples = radii(samples, width);
        double[] aroundReal = radii(real, width);
        boolean[] like = new boolean[n];
        boolean[] covered = new boolean[m];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < m; j++) {
                double distance = squared(samples, i, real, j, width);
                like[i] |= distance <= aroundReal[j];
                covered[j] |= distance <= aroundSamples[i];
            }
        }
        return new SampleCoverage(Metric.share("sample_precision", count(like), n), Metric.share("sample_recall", count(covered), m));
    }

    /// Squared distances to the third neighbour.
    private static double[] radii(float[] features, int width) {
        int n = features.length / width;
        double[][] nearest = new double[n][K];
        for (double[] row : nearest) {
            Arrays.fill(row, Double.POSITIVE_INFINITY);
        }
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < i; j++) {
                double distance = squared(features, i, features, j, width);
                insert(nearest[i], distance);
                insert(nearest[j], distance);
            }
        }
        return Arrays.stream(nearest).mapToDouble(row -> row[K - 1]).toArray();
    }

    private static void insert(double[] ascending, double distance) {
        double carried = distance;
        for (int k = 0; k < K; k++) {
            double before = ascending[k];
            ascending[k] = Math.min(before, carried);
            carried = Math.max(before, carried);
        }
    }

    private static double squared(float[] a, int i, float[] b, int j, int width) {
        int from = i * width;
        int to = j * width;
        double even = 0;
        double odd = 0;
        int k = 0;
        for (; k + 1 < width; k += 2) {
            double first = (double) a[from + k] - b[to + k];
            double second = (double) a[from + k + 1] - b[to + k + 1];
            even += first * first;
            odd += second * second;
        }
        if (k < width) {
            double last = (double) a[from + k] - b[to + k];
            even += last * last;
        }
        return even + odd;
    }

    private static int count(boolean[] set) {
        int count = 0;
        for (boolean each : set) {
            count += each ? 1 : 0;
        }
        return count;
    }
}

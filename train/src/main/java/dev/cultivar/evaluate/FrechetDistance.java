package dev.cultivar.evaluate;

import java.util.Arrays;

/// How far two sets of pictures are from each other, by what a network makes of them: the squared Frechet distance between two normal
/// distributions, `|m1 - m2|^2 + tr(S1 + S2 - 2 (S1^(1/2) S2 S1^(1/2))^(1/2))`, with the means and covariances of the features (Heusel et al., 2017,
/// "GANs trained by a two time-scale update rule", equation 6; of Inception's features it is the FID). 0 where both are alike.
///
/// Few pictures make it larger than it is, most where there are fewer of them than features: only distances of equally many pictures, by the same
/// network, can be compared. The interval is that of a jackknife that leaves out a tenth at a time (Efron and Tibshirani, 1993, section 11.5), and
/// says nothing of that bias.
public final class FrechetDistance {
    private static final int GROUPS = 10;
    /// The 97.5th percentile of Student's distribution with 9 degrees of freedom.
    private static final double T = 2.2621571627982053;
    private static final int LEAST = 2 * GROUPS; // two in each group

    private FrechetDistance() {}

    /// The metric `frechet`; its interval is open where there are fewer than 20 of a set.
    ///
    /// @param first  features, (N, width) row after row
    /// @param second features, (M, width) row after row
    public static Metric of(float[] first, float[] second, int width) {
        double[][] a = rows(first, width);
        double[][] b = rows(second, width);
        if (a.length < 2 || b.length < 2) {
            throw new IllegalArgumentException("a covariance needs at least two rows, got " + a.length + " and " + b.length);
        }
        double distance = distance(a, b);
        if (Math.min(a.length, b.length) < LEAST) {
            return new Metric("frechet", distance, 0, Double.POSITIVE_INFINITY, Direction.LOWER);
        }
        double[] without = new double[GROUPS];
        for (int group = 0; group < GROUPS; group++) {
            without[group] = distance(without(a, group), without(b, group));
        }
        double mean = Arrays.stream(without).average().orElseThrow();
        double squares = Arrays.stream(without).map(each -> (each - mean) * (each - mean)).sum();
        double half = T * Math.sqrt(squares * (GROUPS - 1) / GROUPS);
        return new Metric("frechet", distance, Math.max(0, distance - half), distance + half, Direction.LOWER);
    }

    private static double[][] rows(float[] flat, int width) {
        double[][] rows = new double[flat.length / width][width];
        for (int i = 0; i < flat.length; i++) {
            rows[i / width][i % width] = flat[i];
        }
        return rows;
    }

    private static double[][] without(double[][] rows, int group) {
        double[][] rest = new double[rows.length - (rows.length - group + GROUPS - 1) / GROUPS][];
        int at = 0;
        for (int i = 0; i < rows.length; i++) {
            if (i % GROUPS != group) {
                rest[at++] = rows[i];
            }
        }
        return rest;
    }

    private static double distance(double[][] a, double[][] b) {
        double[] meanA = mean(a);
        double[] meanB = mean(b);
        double apart = 0;
        for (int i = 0; i < meanA.length; i++) {
            apart += (meanA[i] - meanB[i]) * (meanA[i] - meanB[i]);
        }
        double[][] centredA = scaled(a, meanA);
        double[][] centredB = scaled(b, meanB);
        int width = meanA.length;
        double common = Math.min(a.length, b.length) <= 2 * width ? ofRows(centredA, centredB) : ofFeatures(centredA, centredB);
        return Math.max(0, apart + squares(centredA) + squares(centredB) - 2 * common);
    }

    /// The root's trace by the covariances themselves, (C, C).
    private static double ofFeatures(double[][] a, double[][] b) {
        double[][] transposedA = transposed(a);
        double[][] root = root(products(transposedA, transposedA));
        double[][] transposedB = transposed(b);
        return rootsSum(products(products(root, products(transposedB, transposedB)), root));
    }

    /// The same by the products of rows, (N, M), where there are few rows: with `S1 = A'A` and `S2 = B'B` the root's trace is the sum of the singular
    /// values of `A B'`.
    private static double ofRows(double[][] a, double[][] b) {
        double[][] products = a.length <= b.length ? products(a, b) : products(b, a);
        return rootsSum(products(products, products));
    }

    /// Of a symmetric matrix without negative eigenvalues.
    private static double[][] root(double[][] matrix) {
        SymmetricEigen eigen = SymmetricEigen.of(matrix);
        int n = matrix.length;
        double[][] root = new double[n][n];
        for (int k = 0; k < n; k++) {
            double value = Math.sqrt(Math.max(0, eigen.values()[k]));
            double[] vector = eigen.vectors()[k];
            for (int i = 0; i < n; i++) {
                double factor = value * vector[i];
                for (int j = 0; j < n; j++) {
                    root[i][j] += factor * vector[j];
                }
            }
        }
        return root;
    }

    private static double rootsSum(double[][] symmetric) {
        return Arrays.stream(SymmetricEigen.values(symmetric)).map(value -> Math.sqrt(Math.max(0, value))).sum();
    }

    private static double[] mean(double[][] rows) {
        double[] mean = new double[rows[0].length];
        for (double[] row : rows) {
            for (int i = 0; i < mean.length; i++) {
                mean[i] += row[i] / rows.length;
            }
        }
        return mean;
    }

    /// Rows less their mean, over the root of their degrees of freedom: their products are covariances.
    private static double[][] scaled(double[][] rows, double[] mean) {
        double scale = 1 / Math.sqrt(rows.length - 1);
        double[][] scaled = new double[rows.length][mean.length];
        for (int row = 0; row < rows.length; row++) {
            for (int i = 0; i < mean.length; i++) {
                scaled[row][i] = (rows[row][i] - mean[i]) * scale;
            }
        }
        return scaled;
    }

    private static double squares(double[][] rows) {
        double sum = 0;
        for (double[] row : rows) {
            for (double value : row) {
                sum += value * value;
            }
        }
        return sum;
    }

    private static double[][] transposed(double[][] rows) {
        double[][] columns = new double[rows[0].length][rows.length];
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < columns.length; j++) {
                columns[j][i] = rows[i][j];
            }
        }
        return columns;
    }

    /// (N, C) and (M, C) -> (N, M): the products of rows
    private static double[][] products(double[][] a, double[][] b) {
        double[][] other = transposed(b); // so that the inner loop goes along a row of the result
        double[][] products = new double[a.length][b.length];
        for (int i = 0; i < a.length; i++) {
            double[] to = products[i];
            for (int k = 0; k < other.length; k++) {
                double factor = a[i][k];
                double[] row = other[k];
                for (int j = 0; factor != 0 && j < to.length; j++) {
                    to[j] += factor * row[j];
                }
            }
        }
        return products;
    }
}

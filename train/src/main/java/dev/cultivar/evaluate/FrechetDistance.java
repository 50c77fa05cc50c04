package dev.cultivar.evaluate;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.MatrixFeatures_DDRM;
import org.ejml.dense.row.NormOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;

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
        DMatrixRMaj centredA = scaled(a, meanA);
        DMatrixRMaj centredB = scaled(b, meanB);
        double common = Math.min(a.length, b.length) <= 2 * meanA.length ? ofRows(centredA, centredB) : ofFeatures(centredA, centredB);
        double variances = Math.pow(NormOps_DDRM.normF(centredA), 2) + Math.pow(NormOps_DDRM.normF(centredB), 2);
        return Math.max(0, apart + variances - 2 * common);
    }

    /// The root's trace by the covariances themselves, (C, C).
    private static double ofFeatures(DMatrixRMaj a, DMatrixRMaj b) {
        DMatrixRMaj root = root(CommonOps_DDRM.multTransA(a, a, null));
        DMatrixRMaj half = CommonOps_DDRM.mult(root, CommonOps_DDRM.multTransA(b, b, null), null);
        return rootsSum(CommonOps_DDRM.mult(half, root, null));
    }

    /// The same by the products of rows, (N, M), where there are few rows: with `S1 = A'A` and `S2 = B'B` the root's trace is the sum of the singular
    /// values of `A B'`.
    private static double ofRows(DMatrixRMaj a, DMatrixRMaj b) {
        DMatrixRMaj products = a.numRows <= b.numRows ? CommonOps_DDRM.multTransB(a, b, null) : CommonOps_DDRM.multTransB(b, a, null);
        return rootsSum(CommonOps_DDRM.multTransB(products, products, null));
    }

    /// Of a symmetric matrix without negative eigenvalues.
    private static DMatrixRMaj root(DMatrixRMaj matrix) {
        var eigen = eigen(matrix, true);
        int n = matrix.numRows;
        DMatrixRMaj scaled = new DMatrixRMaj(n, n); // a vector a column, times the root of its value's root
        for (int k = 0; k < n; k++) {
            double scale = Math.sqrt(Math.sqrt(Math.max(0, eigen.getEigenvalue(k).real)));
            DMatrixRMaj vector = eigen.getEigenVector(k);
            for (int i = 0; i < n; i++) {
                scaled.set(i, k, scale * vector.get(i));
            }
        }
        return CommonOps_DDRM.multTransB(scaled, scaled, null);
    }

    /// The sum of the eigenvalues' roots.
    private static double rootsSum(DMatrixRMaj symmetric) {
        var eigen = eigen(symmetric, false);
        return IntStream.range(0, symmetric.numRows).mapToDouble(k -> Math.sqrt(Math.max(0, eigen.getEigenvalue(k).real))).sum();
    }

    private static EigenDecomposition_F64<DMatrixRMaj> eigen(DMatrixRMaj symmetric, boolean vectors) {
        EigenDecomposition_F64<DMatrixRMaj> eigen = DecompositionFactory_DDRM.eig(symmetric.numRows, vectors, true);
        if (MatrixFeatures_DDRM.hasUncountable(symmetric) || !eigen.decompose(symmetric.copy())) {
            throw new IllegalArgumentException("the features' covariance has no eigenvalues: it holds a value that is no finite number");
        }
        return eigen;
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
    private static DMatrixRMaj scaled(double[][] rows, double[] mean) {
        double scale = 1 / Math.sqrt(rows.length - 1);
        DMatrixRMaj scaled = new DMatrixRMaj(rows.length, mean.length);
        for (int row = 0; row < rows.length; row++) {
            for (int i = 0; i < mean.length; i++) {
                scaled.set(row, i, (rows[row][i] - mean[i]) * scale);
            }
        }
        return scaled;
    }
}

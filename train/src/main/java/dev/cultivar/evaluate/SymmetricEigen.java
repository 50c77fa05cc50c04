package dev.cultivar.evaluate;

/// Eigenvalues and eigenvectors of a symmetric matrix: Householder's reduction to three diagonals (Golub and Van Loan, 2013, algorithm 8.3.1), then
/// the QL method with implicit shifts (Dubrulle, Martin and Wilkinson, 1968).
///
/// @param values  in no order
/// @param vectors one a row, of length 1, in the values' order; none where only values were asked for
record SymmetricEigen(double[] values, double[][] vectors) {
    private static final double PRECISION = Math.ulp(1.0);
    private static final int MOST_ROUNDS = 100;

    static SymmetricEigen of(double[][] matrix) {
        return new Solving(matrix, true).solved();
    }

    /// The values alone, at a fifth of the arithmetic.
    static double[] values(double[][] matrix) {
        return new Solving(matrix, false).solved().values();
    }

    private static final class Solving {
        private final int n;
        private final double[][] a;
        private final double[] diagonal;
        private final double[] beside; // beside[i] stands between diagonal[i] and diagonal[i + 1]
        private final double[][] vectors; // transposed: a rotation changes two rows

        Solving(double[][] matrix, boolean wanted) {
            n = matrix.length;
            a = new double[n][];
            for (int i = 0; i < n; i++) {
                a[i] = matrix[i].clone();
            }
            diagonal = new double[n];
            beside = new double[n];
            vectors = new double[wanted ? n : 0][n];
            for (int i = 0; i < vectors.length; i++) {
                vectors[i][i] = 1;
            }
        }

        SymmetricEigen solved() {
            double[][] mirrors = new double[n][];
            for (int k = 0; k < n; k++) {
                diagonal[k] = a[k][k];
                if (k < n - 1) {
                    mirrors[k] = reduce(k);
                }
            }
            for (int k = n - 2; k >= 0 && vectors.length > 0; k--) {
                reflect(mirrors[k], k + 1);
            }
            double scale = 0;
            for (int i = 0; i < n; i++) {
                scale = Math.max(scale, Math.abs(diagonal[i]) + Math.abs(beside[i]));
            }
            for (int l = 0; l < n; l++) {
                iterate(l, PRECISION * scale);
            }
            return new SymmetricEigen(diagonal, vectors);
        }

        /// Brings column k below the second diagonal to nothing, and what is right and below of it along: A - v w' - w v'.
        ///
        /// @return v, scaled so that the reflection is I - v v'; all 0 where there was nothing to do
        private double[] reduce(int k) {
            double[] v = new double[n];
            double length = 0;
            for (int i = k + 1; i < n; i++) {
                v[i] = a[i][k];
                length = Math.hypot(length, v[i]);
            }
            double first = v[k + 1];
            double head = first > 0 ? -length : length;
            beside[k] = head;
            v[k + 1] = first - head;
            double norm = Math.sqrt(Math.max(0, length * length - first * head)); // the length of v over the square root of 2
            if (!(norm > 0)) {
                return new double[n];
            }
            for (int i = k + 1; i < n; i++) {
                v[i] /= norm;
            }
            double[] w = new double[n];
            for (int j = k + 1; j < n; j++) {
                add(w, v[j], a[j], k + 1);
            }
            double half = 0;
            for (int i = k + 1; i < n; i++) {
                half += v[i] * w[i] / 2;
            }
            add(w, -half, v, k + 1);
            for (int i = k + 1; i < n; i++) {
                add(a[i], -v[i], w, k + 1);
                add(a[i], -w[i], v, k + 1);
            }
            return v;
        }

        private void add(double[] to, double factor, double[] what, int from) {
            for (int i = from; i < n; i++) {
                to[i] += factor * what[i];
            }
        }

        /// Q' becomes Q' (I - v v').
        private void reflect(double[] v, int from) {
            for (double[] row : vectors) {
                double along = 0;
                for (int i = from; i < n; i++) {
                    along += row[i] * v[i];
                }
                add(row, -along, v, from);
            }
        }

        private void iterate(int l, double nothing) {
            for (int round = 0; ; round++) {
                int m = l;
                while (m < n - 1 && Math.abs(beside[m]) > nothing) {
                    m++;
                }
                if (m == l) {
                    return;
                }
                if (round == MOST_ROUNDS) {
                    throw new IllegalArgumentException("the matrix has no eigenvalues: it holds a value that is no finite number");
                }
                sweep(l, m);
            }
        }

        private void sweep(int l, int m) {
            double g = (diagonal[l + 1] - diagonal[l]) / (2 * beside[l]);
            double r = Math.hypot(g, 1);
            g = diagonal[m] - diagonal[l] + beside[l] / (g + Math.copySign(r, g));
            double s = 1;
            double c = 1;
            double p = 0;
            for (int i = m - 1; i >= l; i--) {
                double f = s * beside[i];
                double b = c * beside[i];
                r = Math.hypot(f, g);
                beside[i + 1] = r;
                if (r == 0) {
                    diagonal[i + 1] -= p;
                    beside[m] = 0;
                    return;
                }
                s = f / r;
                c = g / r;
                g = diagonal[i + 1] - p;
                r = (diagonal[i] - g) * s + 2 * c * b;
                p = s * r;
                diagonal[i + 1] = g + p;
                g = c * r - b;
                rotate(i, s, c);
            }
            diagonal[l] -= p;
            beside[l] = g;
            beside[m] = 0;
        }

        private void rotate(int i, double s, double c) {
            if (vectors.length == 0) {
                return;
            }
            double[] low = vectors[i];
            double[] high = vectors[i + 1];
            for (int k = 0; k < n; k++) {
                double f = high[k];
                high[k] = s * low[k] + c * f;
                low[k] = c * low[k] - s * f;
            }
        }
    }
}

package dev.cultivar.evaluate;

import dev.cultivar.batch.Draw;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;

/// How far a score would move with other rows of the same kind: the rows are drawn again with replacement, a thousand
/// times, and the score's standard deviation over these draws is its standard error (Efron, 1979).
///
/// Only (gold, predicted) pairs are drawn and only marginal counts are kept, so a thousand draws of 4,000 rows are four
/// million additions.
final class Bootstrap {
    static final int DRAWS = 1_000;
    private static final long SEED = Draw.name("bootstrap");

    private Bootstrap() {}

    /// The standard error of macro-F1.
    static double macroF1(int[] gold, int[] predicted, int classes) {
        int n = gold.length;
        long[] pairs = new long[n];
        for (int row = 0; row < n; row++) {
            pairs[row] = (long) gold[row] << 32 | predicted[row];
        }
        var spread = new Spread();
        int[] hits = new int[classes];
        int[] both = new int[classes]; // gold count + predicted count: F1's denominator
        long counter = SEED;
        for (int draw = 0; draw < DRAWS; draw++) {
            Arrays.fill(hits, 0);
            Arrays.fill(both, 0);
            for (int i = 0; i < n; i++) {
                long pair = pairs[below(n, counter++)];
                int g = (int) (pair >>> 32);
                int p = (int) pair;
                both[g]++;
                both[p]++;
                if (g == p) {
                    hits[g]++;
                }
            }
            double sum = 0;
            int present = 0;
            for (int label = 0; label < classes; label++) {
                if (both[label] > 0) {
                    sum += 2.0 * hits[label] / both[label];
                    present++;
                }
            }
            spread.add(sum / present);
        }
        return spread.deviation();
    }

    /// The standard error of the calibration error.
    static double calibration(Calibration calibration) {
        int n = calibration.rows();
        var spread = new Spread();
        double[] gaps = new double[Calibration.BINS];
        long counter = Draw.mix(SEED);
        for (int draw = 0; draw < DRAWS; draw++) {
            Arrays.fill(gaps, 0);
            for (int i = 0; i < n; i++) {
                calibration.add(below(n, counter++), gaps);
            }
            spread.add(Calibration.error(gaps, n));
        }
        return spread.deviation();
    }

    /// A score that follows from the means of columns over the rows, with its interval; open where one row tells nothing of how rows vary.
    static Metric scored(String name, double[][] columns, double least, ToDoubleFunction<double[]> score) {
        double[] means = new double[columns.length];
        for (int column = 0; column < means.length; column++) {
            means[column] = Arrays.stream(columns[column]).sum() / columns[column].length;
        }
        double error = columns[0].length == 1 ? Double.NaN : ofMeans(columns, score);
        return Intervals.normal(name, score.applyAsDouble(means), error, least, 1, Direction.HIGHER);
    }

    /// The standard error of a score that follows from the means of columns over the rows.
    static double ofMeans(double[][] columns, ToDoubleFunction<double[]> score) {
        int n = columns[0].length;
        double[][] rows = new double[n][columns.length];
        for (int row = 0; row < n; row++) {
            for (int column = 0; column < columns.length; column++) {
                rows[row][column] = columns[column][row];
            }
        }
        return sums(rows, sums -> score.applyAsDouble(Arrays.stream(sums).map(sum -> sum / n).toArray()));
    }

    /// The standard error of a score that follows from sums over rows.
    ///
    /// @param rows  what each row adds
    /// @param score of the sums
    static double sums(double[][] rows, ToDoubleFunction<double[]> score) {
        var spread = new Spread();
        double[] sums = new double[rows[0].length];
        long counter = Draw.mix(SEED + 1);
        for (int draw = 0; draw < DRAWS; draw++) {
            Arrays.fill(sums, 0);
            for (int i = 0; i < rows.length; i++) {
                double[] row = rows[below(rows.length, counter++)];
                for (int k = 0; k < sums.length; k++) {
                    sums[k] += row[k];
                }
            }
            double value = score.applyAsDouble(sums);
            if (!Double.isNaN(value)) { // rows without a word may be all that was drawn
                spread.add(value);
            }
        }
        return spread.deviation();
    }

    private static int below(int bound, long counter) {
        return (int) Math.unsignedMultiplyHigh(Draw.mix(counter * 0x9E3779B97F4A7C15L), bound);
    }

    /// Mean and deviation in one pass (Welford, 1962).
    private static final class Spread {
        private long count;
        private double mean;
        private double squares;

        void add(double value) {
            count++;
            double delta = value - mean;
            mean += delta / count;
            squares += delta * (value - mean);
        }

        double deviation() {
            return Math.sqrt(squares / (count - 1));
        }
    }
}

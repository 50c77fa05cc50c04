package dev.cultivar.evaluate;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/// What predicted numbers are worth on rows whose number is known, by scikit-learn's and SciPy's definitions.
///
/// A correlation is not a number where all predictions, or all targets, are the same: there is nothing to correlate.
public final class RegressionScores {
    private final double[] predicted;
    private final double[] target;
    private final List<Metric> metrics;

    private RegressionScores(double[] predicted, double[] target) {
        this.predicted = predicted;
        this.target = target;
        metrics = List.of(
                rmse(), meanAbsoluteError(), r2(),
                correlation("pearson", pearson(predicted, target), 0),
                correlation("spearman", pearson(ranks(predicted), ranks(target)), 0.5));
    }

    /// @param predicted a finite number for each row
    /// @param target    the right one of each
    public static RegressionScores of(double[] predicted, double[] target) {
        if (predicted.length != target.length) {
            throw new IllegalArgumentException(predicted.length + " predictions, but " + target.length + " targets");
        }
        if (predicted.length == 0) {
            throw new IllegalArgumentException("there is no row to score");
        }
        return new RegressionScores(predicted.clone(), target.clone());
    }

    /// `rmse` (delta method), `mae` (standard error), `r2` (bootstrap), `pearson` and `spearman` (Fisher's z), in this order.
    public List<Metric> metrics() {
        return metrics;
    }

    /// One of [#metrics()] by its name.
    public Optional<Metric> metric(String name) {
        return metrics.stream().filter(metric -> metric.name().equals(name)).findFirst();
    }

    /// The mean squared error, its interval by the standard error.
    public Metric meanSquaredError() {
        return mean("mse", errors().map(error -> error * error).toArray());
    }

    /// The error that half of the rows stay below.
    public double medianAbsoluteError() {
        double[] sorted = errors().map(Math::abs).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /// The share of the targets' variance that the predictions explain, a constant error forgiven.
    public double explainedVariance() {
        return 1 - variance(errors().toArray()) / variance(target);
    }

    /// Kendall's tau-b: pairs in the same order less pairs in the other, ties taken out of the denominator (Kendall, 1945).
    public double kendallTau() {
        double order = 0;
        double predictedPairs = 0;
        double targetPairs = 0;
        for (int i = 0; i < target.length; i++) {
            for (int j = 0; j < i; j++) {
                double p = Math.signum(predicted[i] - predicted[j]);
                double t = Math.signum(target[i] - target[j]);
                order += p * t;
                predictedPairs += p * p;
                targetPairs += t * t;
            }
        }
        return order / Math.sqrt(predictedPairs * targetPairs);
    }

    private Metric rmse() {
        Metric mse = meanSquaredError();
        return new Metric("rmse", Math.sqrt(mse.value()), Math.sqrt(mse.low()), Math.sqrt(mse.high()), Direction.LOWER);
    }

    private Metric meanAbsoluteError() {
        return mean("mae", errors().map(Math::abs).toArray());
    }

    private Metric r2() {
        double[] squares = errors().map(error -> error * error).toArray();
        double[] targetSquares = Arrays.stream(target).map(t -> t * t).toArray();
        double value = 1 - Arrays.stream(squares).average().orElseThrow() / variance(target);
        double standardError = target.length == 1 ? Double.NaN : Bootstrap.ofMeans(
                new double[][] {squares, target, targetSquares}, means -> 1 - means[0] / (means[2] - means[1] * means[1]));
        return Intervals.normal("r2", value, standardError, Double.NEGATIVE_INFINITY, 1, Direction.HIGHER);
    }

    private DoubleStream errors() {
        return IntStream.range(0, target.length).mapToDouble(row -> predicted[row] - target[row]);
    }

    private static Metric mean(String name, double[] errors) {
        return LossScores.ofRows(name, errors).loss();
    }

    /// @param widening of the variance of Fisher's z, times the squared correlation: 0 for Pearson's, a half for Spearman's (Bonett
    ///                 and Wright, 2000)
    private Metric correlation(String name, double r, double widening) {
        double spread = Intervals.Z * Math.sqrt((1 + widening * r * r) / (target.length - 3.0));
        if (target.length <= 3 || Double.isNaN(r)) {
            return new Metric(name, r, -1, 1, Direction.HIGHER);
        }
        double z = Math.log((1 + r) / (1 - r)) / 2; // infinite where all points lie on a line; the interval is then a point
        return new Metric(name, r, Math.min(r, Math.tanh(z - spread)), Math.max(r, Math.tanh(z + spread)), Direction.HIGHER);
    }

    private static double variance(double[] values) {
        double mean = Arrays.stream(values).average().orElseThrow();
        return Arrays.stream(values).map(value -> (value - mean) * (value - mean)).average().orElseThrow();
    }

    private static double pearson(double[] a, double[] b) {
        double meanA = Arrays.stream(a).average().orElseThrow();
        double meanB = Arrays.stream(b).average().orElseThrow();
        double covariance = 0;
        for (int i = 0; i < a.length; i++) {
            covariance += (a[i] - meanA) * (b[i] - meanB);
        }
        return Math.clamp(covariance / a.length / Math.sqrt(variance(a) * variance(b)), -1, 1);
    }

    /// Places from 1 in rising order; equal values share the mean of theirs.
    private static double[] ranks(double[] values) {
        Integer[] order = IntStream.range(0, values.length).boxed().toArray(Integer[]::new);
        Arrays.sort(order, (i, j) -> Double.compare(values[i] + 0.0, values[j] + 0.0)); // + 0.0: -0 and 0 are equal
        double[] ranks = new double[values.length];
        for (int from = 0, to; from < order.length; from = to) {
            to = from + 1;
            while (to < order.length && values[order[to]] == values[order[from]]) {
                to++;
            }
            for (int at = from; at < to; at++) {
                ranks[order[at]] = (from + 1 + to) / 2.0;
            }
        }
        return ranks;
    }
}

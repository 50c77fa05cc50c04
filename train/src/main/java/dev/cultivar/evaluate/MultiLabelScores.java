package dev.cultivar.evaluate;

import java.util.List;

/// What the probabilities of a task are worth in which a row may have any number of labels; a label is given from one half on.
public final class MultiLabelScores {
    private static final double HALF = 0.5;
    private static final double LEAST = Math.ulp(1f);

    private final List<String> labels;
    private final List<Metric> metrics;

    private MultiLabelScores(List<String> labels, List<Metric> metrics) {
        this.labels = labels;
        this.metrics = metrics;
    }

    /// @param gold          zeros and ones, rows times labels, row after row
    /// @param probabilities likewise
    /// @param labels        the labels' names
    public static MultiLabelScores of(float[] gold, float[] probabilities, List<String> labels) {
        int K = labels.size();
        if (gold.length != probabilities.length || gold.length == 0 || gold.length % K != 0) {
            throw new IllegalArgumentException(gold.length + " answers and " + probabilities.length + " probabilities are not rows of " + K);
        }
        int rows = gold.length / K;
        double[][] byLabel = new double[2 * K][rows]; // 2 * hits, then given + right ones, of each label
        double[][] all = new double[2][rows];
        double[] losses = new double[rows];
        long exact = 0;
        for (int row = 0; row < rows; row++) {
            boolean same = true;
            for (int k = 0; k < K; k++) {
                boolean right = gold[row * K + k] > HALF;
                double p = probabilities[row * K + k];
                boolean said = p >= HALF;
                byLabel[k][row] = right && said ? 2 : 0;
                byLabel[K + k][row] = (right ? 1 : 0) + (said ? 1 : 0);
                all[0][row] += byLabel[k][row];
                all[1][row] += byLabel[K + k][row];
                losses[row] -= Math.log(Math.clamp(right ? p : 1 - p, LEAST, 1)) / K;
                same &= right == said;
            }
            exact += same ? 1 : 0;
        }
        return new MultiLabelScores(List.copyOf(labels), List.of(
                Bootstrap.scored("micro_f1", all, 0, means -> ratio(means[0], means[1])),
                Bootstrap.scored("macro_f1", byLabel, 0, means -> macro(means, K)),
                Intervals.share("exact_match", exact, rows),
                LossScores.ofRows("loss", losses).loss()));
    }

    /// Labels that no row has and none was given count 0, as scikit-learn's `zero_division=0` says.
    private static double macro(double[] means, int K) {
        double sum = 0;
        for (int k = 0; k < K; k++) {
            sum += ratio(means[k], means[K + k]);
        }
        return sum / K;
    }

    private static double ratio(double part, double whole) {
        return whole == 0 ? 0 : part / whole;
    }

    /// The labels' names, in their order.
    public List<String> labels() {
        return labels;
    }

    /// `micro_f1`, `macro_f1` (both bootstrap), `exact_match` (Wilson's interval) and `loss` (mean binary cross entropy).
    public List<Metric> metrics() {
        return metrics;
    }
}

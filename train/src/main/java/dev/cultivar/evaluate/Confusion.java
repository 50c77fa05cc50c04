package dev.cultivar.evaluate;

import java.util.List;
import java.util.function.IntToDoubleFunction;

/// How often each class was taken for each class, and the scores that follow from these counts alone.
///
/// An undefined score (a class that is never predicted has no precision) counts 0; macro averages are over the classes
/// that occur among the gold or the predicted labels. scikit-learn does the same with `zero_division=0`.
public final class Confusion {
    private final List<String> labels;
    private final long[] counts; // gold * K + predicted
    private final long[] gold;
    private final long[] predicted;
    private final long rows;
    private final long right;

    private Confusion(List<String> labels, long[] counts) {
        this.labels = labels;
        this.counts = counts;
        int K = labels.size();
        gold = new long[K];
        predicted = new long[K];
        long total = 0;
        long diagonal = 0;
        for (int g = 0; g < K; g++) {
            for (int p = 0; p < K; p++) {
                long count = counts[g * K + p];
                gold[g] += count;
                predicted[p] += count;
                total += count;
            }
            diagonal += counts[g * K + g];
        }
        rows = total;
        right = diagonal;
    }

    /// Counts rows.
    ///
    /// @param gold      the right class of each row, from 0
    /// @param predicted the class that was answered
    /// @param labels    the classes' names
    public static Confusion of(int[] gold, int[] predicted, List<String> labels) {
        int K = labels.size();
        if (gold.length != predicted.length) {
            throw new IllegalArgumentException(gold.length + " gold labels, but " + predicted.length + " predictions");
        }
        if (gold.length == 0) {
            throw new IllegalArgumentException("there is no row to score");
        }
        long[] counts = new long[Math.multiplyExact(K, K)];
        for (int row = 0; row < gold.length; row++) {
            counts[inside(gold[row], K, row) * K + inside(predicted[row], K, row)]++;
        }
        return new Confusion(List.copyOf(labels), counts);
    }

    /// Of rows that were counted elsewhere.
    ///
    /// @param counts one list a gold class, of as many numbers as there are classes
    public static Confusion ofCounts(long[][] counts, List<String> labels) {
        int K = labels.size();
        long[] flat = new long[Math.multiplyExact(K, K)];
        for (int g = 0; g < K; g++) {
            if (counts.length != K || counts[g].length != K) {
                throw new IllegalArgumentException(K + " classes need " + K + " lists of " + K + " counts");
            }
            for (int p = 0; p < K; p++) {
                if (counts[g][p] < 0) {
                    throw new IllegalArgumentException("class " + labels.get(g) + ": a count is at least 0, got " + counts[g][p]);
                }
                flat[g * K + p] = counts[g][p];
            }
        }
        return new Confusion(List.copyOf(labels), flat);
    }

    private static int inside(int label, int K, int row) {
        if (label < 0 || label >= K) {
            throw new IllegalArgumentException("row " + row + ": label " + label + " is not in [0, " + K + ")");
        }
        return label;
    }

    /// The classes' names, in their order.
    public List<String> labels() {
        return labels;
    }

    /// Rows of one class that were taken for another, or for itself.
    public long count(int gold, int predicted) {
        return counts[gold * labels.size() + predicted];
    }

    /// All counts, one list a gold class.
    public long[][] counts() {
        int K = labels.size();
        long[][] table = new long[K][K];
        for (int g = 0; g < K; g++) {
            System.arraycopy(counts, g * K, table[g], 0, K);
        }
        return table;
    }

    /// Rows that were counted.
    public long rows() {
        return rows;
    }

    /// Rows on the diagonal.
    public long right() {
        return right;
    }

    /// Rows of a class.
    public long support(int label) {
        return gold[label];
    }

    /// Rows that were taken for a class.
    public long predicted(int label) {
        return predicted[label];
    }

    /// The share of rows on the diagonal; micro-averaged precision, recall and F1 of single labels are the same number.
    public double accuracy() {
        return (double) right / rows;
    }

    /// Of the rows taken for a class, the share that is of it.
    public double precision(int label) {
        return ratio(count(label, label), predicted[label]);
    }

    /// Of the rows of a class, the share that was taken for it.
    public double recall(int label) {
        return ratio(count(label, label), gold[label]);
    }

    /// The harmonic mean of precision and recall.
    public double f1(int label) {
        return ratio(2 * count(label, label), gold[label] + predicted[label]);
    }

    /// The mean of the classes' precision.
    public double macroPrecision() {
        return macro(this::precision);
    }

    /// The mean of the classes' recall.
    public double macroRecall() {
        return macro(this::recall);
    }

    /// The mean of the classes' F1.
    public double macroF1() {
        return macro(this::f1);
    }

    /// The mean of the classes' precision, weighted by their rows.
    public double weightedPrecision() {
        return weighted(this::precision);
    }

    /// The mean of the classes' F1, weighted by their rows.
    public double weightedF1() {
        return weighted(this::f1);
    }

    /// The mean recall of the classes that have rows.
    public double balancedAccuracy() {
        double sum = 0;
        int classes = 0;
        for (int label = 0; label < labels.size(); label++) {
            if (gold[label] > 0) {
                sum += recall(label);
                classes++;
            }
        }
        return sum / classes;
    }

    /// Agreement beyond what equal label shares give by chance (Cohen, 1960); 0 where chance alone agrees fully.
    public double cohenKappa() {
        double n = rows;
        double chance = products() / (n * n);
        return chance == 1 ? 0 : (accuracy() - chance) / (1 - chance);
    }

    /// The correlation of gold and predicted labels (Matthews, 1975; for many classes Gorodkin, 2004, equation 8);
    /// 0 where either side is constant.
    public double matthews() {
        double n = rows;
        double goldSquares = 0;
        double predictedSquares = 0;
        for (int label = 0; label < labels.size(); label++) {
            goldSquares += (double) gold[label] * gold[label];
            predictedSquares += (double) predicted[label] * predicted[label];
        }
        double spread = Math.sqrt((n * n - predictedSquares) * (n * n - goldSquares));
        return spread == 0 ? 0 : (right * n - products()) / spread;
    }

    private double products() {
        double sum = 0;
        for (int label = 0; label < labels.size(); label++) {
            sum += (double) gold[label] * predicted[label];
        }
        return sum;
    }

    private double macro(IntToDoubleFunction score) {
        double sum = 0;
        int classes = 0;
        for (int label = 0; label < labels.size(); label++) {
            if (gold[label] + predicted[label] > 0) {
                sum += score.applyAsDouble(label);
                classes++;
            }
        }
        return sum / classes;
    }

    private double weighted(IntToDoubleFunction score) {
        double sum = 0;
        for (int label = 0; label < labels.size(); label++) {
            sum += gold[label] * score.applyAsDouble(label);
        }
        return sum / rows;
    }

    private static double ratio(double part, double whole) {
        return whole == 0 ? 0 : part / whole;
    }
}

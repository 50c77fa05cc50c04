package dev.cultivar.evaluate;

import java.util.Arrays;
import java.util.OptionalDouble;

/// Areas under the ROC curve: the chance that a row of a class gets a higher probability of it than a row of another;
/// ties count half (Hanley and McNeil, 1982). Empty where a class has no rows, as the area is then not defined.
final class RankScores {

    private RankScores() {}

    /// The mean over classes, each against all others.
    static OptionalDouble oneVersusRest(int[] gold, Probabilities probabilities) {
        int K = probabilities.classes();
        double sum = 0;
        for (int label = 0; label < K; label++) {
            double area = area(gold, probabilities, label, -1);
            sum += area;
        }
        return defined(sum / K);
    }

    /// The mean over ordered pairs of classes, each against the other alone (Hand and Till, 2001, equation 7).
    static OptionalDouble oneVersusOne(int[] gold, Probabilities probabilities) {
        int K = probabilities.classes();
        double sum = 0;
        for (int label = 0; label < K; label++) {
            for (int other = 0; other < K; other++) {
                if (other != label) {
                    sum += area(gold, probabilities, label, other);
                }
            }
        }
        return defined(sum / (K * (K - 1.0)));
    }

    private static OptionalDouble defined(double value) {
        return Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    /// @param against the class that `label` is told from, or -1 for all others
    private static double area(int[] gold, Probabilities probabilities, int label, int against) {
        float[] inside = column(gold, probabilities, label, label);
        float[] outside = against < 0 ? others(gold, probabilities, label) : column(gold, probabilities, against, label);
        double won = 0;
        int below = 0;
        int notAbove = 0;
        for (float score : inside) { // ascending, so both places only move up
            while (below < outside.length && outside[below] < score) {
                below++;
            }
            while (notAbove < outside.length && outside[notAbove] <= score) {
                notAbove++;
            }
            won += (below + notAbove) / 2.0;
        }
        return won / ((double) inside.length * outside.length); // 0 / 0 is NaN: not defined
    }

    /// The sorted probabilities of `label` in the rows of class `of`.
    private static float[] column(int[] gold, Probabilities probabilities, int of, int label) {
        return sorted(gold, probabilities, label, of, true);
    }

    private static float[] others(int[] gold, Probabilities probabilities, int label) {
        return sorted(gold, probabilities, label, label, false);
    }

    private static float[] sorted(int[] gold, Probabilities probabilities, int label, int of, boolean rowsOf) {
        float[] scores = new float[gold.length];
        int count = 0;
        for (int row = 0; row < gold.length; row++) {
            if (gold[row] == of == rowsOf) {
                scores[count++] = probabilities.at(row, label);
            }
        }
        float[] out = Arrays.copyOf(scores, count);
        Arrays.sort(out);
        return out;
    }
}

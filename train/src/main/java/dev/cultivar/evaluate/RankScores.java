package dev.cultivar.evaluate;

import java.util.OptionalDouble;
import java.util.stream.IntStream;

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
        int[] rows = IntStream.range(0, gold.length)
                .filter(row -> gold[row] == label || against < 0 || gold[row] == against)
                .toArray();
        double[] scores = new double[rows.length];
        boolean[] positive = new boolean[rows.length];
        for (int i = 0; i < rows.length; i++) {
            scores[i] = probabilities.at(rows[i], label);
            positive[i] = gold[rows[i]] == label;
        }
        return rows.length == 0 ? Double.NaN : BinaryScores.of(scores, positive).rocAuc(); // NaN too where a class has no rows
    }
}

package dev.cultivar.evaluate;

import dev.cultivar.batch.Chances;
import java.util.List;

/// What the probabilities of classes are worth that have an order: to be two classes off is worse than to be one off.
///
/// A row's answer is the median of its probabilities: the lowest class that, with those below it, has at least half.
public final class OrdinalScores {
    private final Confusion confusion;
    private final List<Metric> metrics;

    private OrdinalScores(Confusion confusion, List<Metric> metrics) {
        this.confusion = confusion;
        this.metrics = metrics;
    }

    /// @param gold          the right class of each row, from 0 for the lowest
    /// @param probabilities rows times classes, flat, row after row
    /// @param order         the classes' names from the lowest to the highest
    public static OrdinalScores of(int[] gold, float[] probabilities, List<String> order) {
        var each = new Probabilities(order.size(), probabilities);
        int n = gold.length;
        int[] predicted = new int[n];
        double[][] columns = new double[5][n]; // gold, answer, both squared, and the squared distance
        double[] distances = new double[n];
        for (int row = 0; row < n; row++) {
            predicted[row] = Chances.median(probabilities, row * order.size(), order.size());
            double g = gold[row];
            double p = predicted[row];
            columns[0][row] = g;
            columns[1][row] = p;
            columns[2][row] = g * g;
            columns[3][row] = p * p;
            columns[4][row] = (g - p) * (g - p);
            distances[row] = Math.abs(g - p);
        }
        Confusion confusion = Confusion.of(gold, predicted, order);
        return new OrdinalScores(confusion, List.of(
                Bootstrap.scored("quadratic_kappa", columns, -1, OrdinalScores::kappa),
                LossScores.ofRows("mean_distance", distances).loss(),
                Intervals.share("accuracy", confusion.right(), n),
                each.logLoss(gold)));
    }

    /// Cohen's kappa with squared distances as weights (1968): 1 less the mean squared distance over the one that equal shares of
    /// classes give by chance; 0 where chance alone agrees fully.
    private static double kappa(double[] means) {
        double chance = means[2] + means[3] - 2 * means[0] * means[1];
        return chance <= 0 ? 0 : 1 - means[4] / chance;
    }

    /// Which class was taken for which.
    public Confusion confusion() {
        return confusion;
    }

    /// `quadratic_kappa` (bootstrap), `mean_distance` in classes (standard error), `accuracy` (Wilson's interval) and `loss` (log loss).
    public List<Metric> metrics() {
        return metrics;
    }
}

package dev.cultivar.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// What a classifier's probabilities are worth on rows whose class is known, by scikit-learn's definitions.
public final class ClassificationScores {
    private final int[] gold;
    private final Probabilities probabilities;
    private final boolean[] right;
    private final Confusion confusion;
    private final List<Metric> metrics;

    private ClassificationScores(int[] gold, Probabilities probabilities, List<String> labels) {
        this.gold = gold;
        this.probabilities = probabilities;
        int n = gold.length;
        int[] predicted = new int[n];
        right = new boolean[n];
        double[] confidence = new double[n];
        for (int row = 0; row < n; row++) {
            predicted[row] = probabilities.top(row);
            right[row] = predicted[row] == gold[row];
            confidence[row] = probabilities.at(row, predicted[row]);
        }
        confusion = Confusion.of(gold, predicted, labels);
        Metric accuracy = Intervals.share("accuracy", confusion.right(), n);
        var calibration = new Calibration(confidence, right);
        List<Metric> all = new ArrayList<>(List.of(
                accuracy,
                macroF1(accuracy, Bootstrap.macroF1(gold, predicted, labels.size())),
                probabilities.logLoss(gold),
                Intervals.normal("expected_calibration_error", calibration.error(),
                        n == 1 ? Double.NaN : Bootstrap.calibration(calibration), 0, 1, Direction.LOWER)));
        if (labels.size() == 2) {
            all.addAll(binary().metrics());
        }
        metrics = List.copyOf(all);
    }

    /// Scores rows.
    ///
    /// @param gold          the right class of each row, from 0
    /// @param probabilities rows times classes, flat, row after row
    /// @param labels        the classes' names
    public static ClassificationScores of(int[] gold, float[] probabilities, List<String> labels) {
        return of(gold, new Probabilities(labels.size(), probabilities), labels);
    }

    /// Scores rows.
    public static ClassificationScores of(int[] gold, Probabilities probabilities, List<String> labels) {
        if (probabilities.classes() != labels.size()) {
            throw new IllegalArgumentException(probabilities.classes() + " probabilities a row, but " + labels.size() + " labels");
        }
        if (probabilities.rows() != gold.length) {
            throw new IllegalArgumentException(gold.length + " gold labels, but probabilities of " + probabilities.rows() + " rows");
        }
        return new ClassificationScores(gold.clone(), probabilities, labels);
    }

    /// Redrawing rows cannot show an error where there is none among them; accuracy's interval then bounds macro-F1's.
    private Metric macroF1(Metric accuracy, double standardError) {
        Metric drawn = Intervals.normal("macro_f1", confusion.macroF1(), standardError, 0, 1, Direction.HIGHER);
        double low = accuracy.value() == 1 ? accuracy.low() : drawn.low();
        double high = accuracy.value() == 0 ? accuracy.high() : drawn.high();
        return new Metric(drawn.name(), drawn.value(), low, high, drawn.direction());
    }

    /// `accuracy` (Wilson's interval), `macro_f1` (bootstrap), `loss` (log loss, standard error) and
    /// `expected_calibration_error` (bootstrap), in this order; of two classes also those of [BinaryScores], the second being yes.
    public List<Metric> metrics() {
        return metrics;
    }

    /// One of [#metrics()] by its name.
    public Optional<Metric> metric(String name) {
        return metrics.stream().filter(metric -> metric.name().equals(name)).findFirst();
    }

    public Metric accuracy() {
        return metrics.get(0);
    }

    public Metric macroF1() {
        return metrics.get(1);
    }

    public Metric logLoss() {
        return metrics.get(2);
    }

    /// Fifteen bins of the top probability.
    public Metric calibrationError() {
        return metrics.get(3);
    }

    /// The probabilities of the second class, where there are two.
    public BinaryScores binary() {
        if (probabilities.classes() != 2) {
            throw new IllegalStateException("a yes-or-no question has 2 classes, these are " + probabilities.classes());
        }
        double[] scores = new double[gold.length];
        boolean[] yes = new boolean[gold.length];
        for (int row = 0; row < gold.length; row++) {
            scores[row] = probabilities.at(row, 1);
            yes[row] = gold[row] == 1;
        }
        return BinaryScores.of(scores, yes);
    }

    /// Which class was taken for which, and every score that follows from it, class by class too.
    public Confusion confusion() {
        return confusion;
    }

    /// Whether each row was answered rightly, in the rows' order.
    public boolean[] right() {
        return right.clone();
    }

    /// The share of rows whose class is among the `k` most probable ones.
    public Metric topAccuracy(int k) {
        long hits = 0;
        for (int row = 0; row < gold.length; row++) {
            if (probabilities.among(row, gold[row], k)) {
                hits++;
            }
        }
        return Intervals.share("top" + k + "_accuracy", hits, gold.length);
    }

    /// The mean area under the ROC curve, each class against all others; empty where a class has no rows.
    public OptionalDouble rocAucOneVersusRest() {
        return RankScores.oneVersusRest(gold, probabilities);
    }

    /// The mean area under the ROC curve over pairs of classes; empty where a class has no rows.
    public OptionalDouble rocAucOneVersusOne() {
        return RankScores.oneVersusOne(gold, probabilities);
    }
}

package dev.cultivar.evaluate;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// What the scores of a yes-or-no question are worth, by scikit-learn's definitions: how well they rank, and how well a threshold
/// of one half decides.
///
/// Rows with equal scores share one point of a curve.
public final class BinaryScores {
    private static final double HALF = 0.5;
    private static final List<String> ANSWERS = List.of("no", "yes");

    private final double[] scores;
    private final boolean[] positive;
    private final long positives;
    /// At a threshold of one half.
    private final Confusion confusion;
    /// After each distinct score from the highest: rows that reach it, and positive ones among them.
    private final List<Point> points;

    private record Point(long reached, long right) {}

    private BinaryScores(double[] scores, boolean[] positive) {
        this.scores = scores;
        this.positive = positive;
        this.positives = IntStream.range(0, positive.length).filter(row -> positive[row]).count();
        this.confusion = Confusion.of(
                IntStream.range(0, scores.length).map(row -> positive[row] ? 1 : 0).toArray(),
                IntStream.range(0, scores.length).map(row -> scores[row] >= HALF ? 1 : 0).toArray(),
                ANSWERS);
        int[] order = IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble(row -> -scores[row]))
                .mapToInt(row -> row)
                .toArray();
        var found = new java.util.ArrayList<Point>();
        long right = 0;
        for (int i = 0; i < order.length; i++) {
            right += positive[order[i]] ? 1 : 0;
            if (i + 1 == order.length || scores[order[i + 1]] != scores[order[i]]) {
                found.add(new Point(i + 1L, right));
            }
        }
        points = List.copyOf(found);
    }

    /// @param scores   the probability of yes for each row
    /// @param positive whether it is yes
    public static BinaryScores of(double[] scores, boolean[] positive) {
        if (scores.length != positive.length || scores.length == 0) {
            throw new IllegalArgumentException("a score and an answer for each row are needed, got " + scores.length + " and " + positive.length);
        }
        return new BinaryScores(scores.clone(), positive.clone());
    }

    /// `f1` of yes (bootstrap), `pr_auc` (average precision, logit interval of Boyd, Eng and Page, 2013) and `roc_auc` (standard error
    /// of Hanley and McNeil, 1982), in this order; none where all rows are yes, or none is.
    public List<Metric> metrics() {
        long negatives = scores.length - positives;
        if (positives == 0 || negatives == 0) {
            return List.of();
        }
        double precision = averagePrecision();
        double spread = Intervals.Z / Math.sqrt(positives * Math.max(precision * (1 - precision), 1e-12));
        double logit = Math.log(Math.max(precision, 1e-12) / Math.max(1 - precision, 1e-12));
        double auc = rocAuc();
        double two = auc / (2 - auc);
        double both = 2 * auc * auc / (1 + auc);
        double variance = (auc * (1 - auc) + (positives - 1) * (two - auc * auc) + (negatives - 1) * (both - auc * auc))
                / ((double) positives * negatives);
        return List.of(
                f1Metric(),
                new Metric("pr_auc", precision, Math.min(precision, logistic(logit - spread)), Math.max(precision, logistic(logit + spread)),
                        Direction.HIGHER),
                Intervals.normal("roc_auc", auc, Math.sqrt(variance), 0, 1, Direction.HIGHER));
    }

    private static double logistic(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    private Metric f1Metric() {
        double[][] columns = new double[2][scores.length];
        for (int row = 0; row < scores.length; row++) {
            boolean said = scores[row] >= HALF;
            columns[0][row] = said && positive[row] ? 2 : 0;
            columns[1][row] = (said ? 1 : 0) + (positive[row] ? 1 : 0);
        }
        return Bootstrap.scored("f1", columns, 0, means -> means[1] == 0 ? 0 : means[0] / means[1]);
    }

    /// The chance that a yes gets a higher score than a no; ties count half.
    public double rocAuc() {
        double area = 0;
        Point before = new Point(0, 0);
        for (Point point : points) {
            double wrong = (point.reached - point.right) - (before.reached - before.right);
            area += wrong * (point.right + before.right) / 2.0;
            before = point;
        }
        return area / ((double) positives * (scores.length - positives));
    }

    /// The area under precision over recall in steps: the sum of `(R_n - R_{n-1}) P_n`.
    public double averagePrecision() {
        double sum = 0;
        long before = 0;
        for (Point point : points) {
            sum += (double) (point.right - before) / positives * point.right / point.reached;
            before = point.right;
        }
        return sum;
    }

    /// The same area by straight lines between the points, from precision 1 at recall 0.
    public double precisionRecallTrapezoid() {
        double area = 0;
        double recall = 0;
        double precision = 1;
        for (Point point : points) {
            double nextRecall = (double) point.right / positives;
            double nextPrecision = (double) point.right / point.reached;
            area += (nextRecall - recall) * (precision + nextPrecision) / 2;
            recall = nextRecall;
            precision = nextPrecision;
        }
        return area;
    }

    /// Which answer was given for which, no and then yes, at a threshold of one half.
    public Confusion confusion() {
        return confusion;
    }

    /// The mean squared distance of score and answer (Brier, 1950).
    public double brier() {
        double sum = 0;
        for (int row = 0; row < scores.length; row++) {
            double gap = scores[row] - (positive[row] ? 1 : 0);
            sum += gap * gap;
        }
        return sum / scores.length;
    }

    /// The mean of `-log p` of the right answer.
    ///
    /// @param least that a probability is taken to be
    public double logLoss(double least) {
        double sum = 0;
        for (int row = 0; row < scores.length; row++) {
            double p = Math.clamp(scores[row], least, 1 - least);
            sum -= Math.log(positive[row] ? p : 1 - p);
        }
        return sum / scores.length;
    }

    /// How far the scores are from the share of yes among rows of like scores, over fifteen equal bins.
    public double calibrationError() {
        return new Calibration(scores, positive).error();
    }
}

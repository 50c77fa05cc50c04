package dev.cultivar.evaluate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/// From probabilities of rows whose class is known, how to answer: how sure to be, where to draw a line, when to say nothing.
public final class Deciding {
    private static final double COLDEST = 0.05;
    private static final double HOTTEST = 20;
    private static final int HALVINGS = 80;

    private Deciding() {}

    /// A share of rows that are answered, and how many of those answers are right.
    ///
    /// @param from     the probability from which an answer is given
    /// @param coverage share of the rows that get an answer
    /// @param accuracy of these
    public record Covered(double from, double coverage, double accuracy) {}

    /// A line between yes and no, and what it costs a row on average.
    public record Line(double threshold, double cost) {}

    /// The temperature that makes the right classes likeliest (Guo et al., 2017): the log loss is convex in its inverse, whose best
    /// value a golden section finds.
    ///
    /// @param gold          the right class of each row
    /// @param probabilities at temperature 1
    public static double temperature(int[] gold, Probabilities probabilities) {
        double golden = (Math.sqrt(5) - 1) / 2;
        double low = 1 / HOTTEST;
        double high = 1 / COLDEST;
        for (int i = 0; i < HALVINGS; i++) {
            double left = high - golden * (high - low);
            double right = low + golden * (high - low);
            if (loss(gold, probabilities, left) <= loss(gold, probabilities, right)) {
                high = right;
            } else {
                low = left;
            }
        }
        return 2 / (low + high);
    }

    /// The mean of `-log p` of the right class.
    ///
    /// @param sharpness one over the temperature
    private static double loss(int[] gold, Probabilities probabilities, double sharpness) {
        double sum = 0;
        for (int row = 0; row < gold.length; row++) {
            double all = 0;
            double most = Double.NEGATIVE_INFINITY;
            for (int k = 0; k < probabilities.classes(); k++) {
                most = Math.max(most, sharpness * log(probabilities, row, k));
            }
            for (int k = 0; k < probabilities.classes(); k++) {
                all += Math.exp(sharpness * log(probabilities, row, k) - most);
            }
            sum -= sharpness * log(probabilities, row, gold[row]) - most - Math.log(all);
        }
        return sum / gold.length;
    }

    private static double log(Probabilities probabilities, int row, int k) {
        return Math.log(Math.max(probabilities.at(row, k), Float.MIN_NORMAL));
    }

    /// The line that costs least on the rows (Elkan, 2001): for each place between two rows' probabilities what the rows above and
    /// below it would cost; of equal ones the highest.
    ///
    /// @param scores     the probability of yes
    /// @param positive   whether it is yes
    /// @param missed     what a yes costs that is taken for no
    /// @param falseAlarm what a no costs that is taken for yes
    public static Line line(double[] scores, boolean[] positive, double missed, double falseAlarm) {
        int[] order = IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer row) -> -scores[row]))
                .mapToInt(Integer::intValue)
                .toArray();
        double cost = 0;
        for (boolean yes : positive) {
            cost += yes ? missed : 0; // all taken for no
        }
        double least = cost;
        double threshold = Math.nextUp(scores[order[0]]);
        for (int i = 0; i < order.length; i++) {
            cost += positive[order[i]] ? -missed : falseAlarm;
            boolean apart = i + 1 == order.length || scores[order[i + 1]] < scores[order[i]];
            if (apart && cost < least - 1e-12) {
                least = cost;
                double below = i + 1 == order.length ? 0 : scores[order[i + 1]];
                threshold = (scores[order[i]] + below) / 2;
            }
        }
        return new Line(threshold, least / scores.length);
    }

    /// What a given line costs a row on average.
    public static double cost(double[] scores, boolean[] positive, double threshold, double missed, double falseAlarm) {
        double cost = 0;
        for (int row = 0; row < scores.length; row++) {
            boolean said = scores[row] >= threshold;
            cost += positive[row] == said ? 0 : said ? falseAlarm : missed;
        }
        return cost / scores.length;
    }

    /// For each probability that rows are answered with, from the surest: how many would get an answer from there on, and how many of
    /// those are right (the curve of selective classification: El-Yaniv and Wiener, 2010).
    ///
    /// @param confidence of each row's answer
    /// @param right      whether it is right
    public static List<Covered> coverage(double[] confidence, boolean[] right) {
        int[] order = IntStream.range(0, confidence.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer row) -> -confidence[row]))
                .mapToInt(Integer::intValue)
                .toArray();
        List<Covered> curve = new ArrayList<>();
        int hits = 0;
        for (int i = 0; i < order.length; i++) {
            hits += right[order[i]] ? 1 : 0;
            if (i + 1 == order.length || confidence[order[i + 1]] < confidence[order[i]]) {
                curve.add(new Covered(confidence[order[i]], (i + 1.0) / order.length, hits / (i + 1.0)));
            }
        }
        return curve;
    }

    /// The largest share of rows that can be answered with at least that accuracy; empty where none can.
    public static Optional<Covered> accurate(List<Covered> curve, double accuracy) {
        return curve.stream().filter(point -> point.accuracy() >= accuracy).max(Comparator.comparingDouble(Covered::coverage));
    }

    /// The surest rows that make up at least that share.
    public static Covered covering(List<Covered> curve, double coverage) {
        return curve.stream()
                .filter(point -> point.coverage() >= coverage)
                .min(Comparator.comparingDouble(Covered::coverage))
                .orElseThrow();
    }

    /// The value that a share of the values reaches.
    public static OptionalDouble reachedBy(double[] values, double share) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int left = (int) Math.floor((1 - share) * sorted.length + 1e-9);
        return sorted.length == 0 ? OptionalDouble.empty() : OptionalDouble.of(sorted[Math.min(left, sorted.length - 1)]);
    }
}

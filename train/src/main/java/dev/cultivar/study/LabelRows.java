package dev.cultivar.study;

import dev.cultivar.evaluate.Direction;
import dev.cultivar.evaluate.Metric;
import dev.cultivar.evaluate.PairedDifference;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/// How the contenders of a study over label counts did.
///
/// @param all in the order of the table: by network, label count and contender
record LabelRows(List<Row> all) {
    LabelRows {
        all = List.copyOf(all);
    }

    /// One row of the table: all seeds of one network, count and contender.
    ///
    /// @param right     of each test picture of each seed, whether it was read rightly
    /// @param scores    accuracy of each seed
    /// @param copies    of each seed, the share of the pictures that were drawn for it that are as near to a training picture as a copy; none where
    ///                  none were drawn
    /// @param seconds   an epoch of training took, the mean over seeds
    /// @param trainable numbers that moved
    record Row(Network network, int labels, Contender contender, boolean[] right, List<Double> scores, List<Metric> copies, double seconds, long trainable) {

        /// One for which nothing was drawn.
        Row(Network network, int labels, Contender contender, boolean[] right, List<Double> scores, double seconds, long trainable) {
            this(network, labels, contender, right, scores, List.of(), seconds, trainable);
        }

        /// Over all test pictures; of one seed with Wilson's interval, of several with Student's over seeds.
        Metric accuracy() {
            int hits = 0;
            for (boolean each : right) {
                hits += each ? 1 : 0;
            }
            return scores.size() == 1 ? Metric.share("accuracy", hits, right.length) : overSeeds("accuracy", scores);
        }

        /// What of the pictures that were drawn for it is as near to a training picture as a copy; empty where none were drawn.
        Optional<Metric> copied() {
            return copies.isEmpty() ? Optional.empty()
                    : Optional.of(copies.size() == 1 ? copies.getFirst() : overSeeds("as_near_as_a_copy", copies.stream().map(Metric::value).toList()));
        }

        /// How a sentence about it begins.
        String place() {
            return network.name() + ", " + labels + " labels: ";
        }

        /// This one's accuracy less another's, which had the same seeds and test pictures, seed by seed.
        List<Double> less(Row other) {
            List<Double> differences = new ArrayList<>();
            for (int seed = 0; seed < scores.size(); seed++) {
                differences.add(scores.get(seed) - other.scores.get(seed));
            }
            return differences;
        }

        /// How far this one is from another: of one seed by McNemar's test on the same pictures, of several by Student's on the seeds' differences.
        String against(Row other) {
            String beginning = place();
            if (scores.size() == 1) {
                return beginning + PairedDifference.of(other.right, right).sentence(other.contender.title(), contender.title());
            }
            Metric difference = overSeeds("accuracy_difference", less(other));
            return beginning + String.format(Locale.ROOT,
                    "%s is %.1f percentage points %s %s (mean of %d seeds; Student's 95 %% interval of the difference %+.1f to %+.1f): %s.",
                    contender.title(), 100 * Math.abs(difference.value()), difference.value() < 0 ? "below" : "above", other.contender.title(),
                    scores.size(), 100 * difference.low(), 100 * difference.high(),
                    difference.low() > 0 || difference.high() < 0 ? "beyond chance" : "not beyond chance");
        }
    }

    /// The mean with Student's interval over seeds.
    private static Metric overSeeds(String name, List<Double> scores) {
        double mean = scores.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
        double squares = scores.stream().mapToDouble(score -> (score - mean) * (score - mean)).sum();
        double half = quantile(scores.size() - 1) * Math.sqrt(squares / (scores.size() - 1) / scores.size());
        return new Metric(name, mean, mean - half, mean + half, Direction.HIGHER);
    }

    /// Student's t at 97.5 %, by degrees of freedom.
    private static double quantile(int freedom) {
        double[] known = {12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262};
        return freedom <= known.length ? known[freedom - 1] : 1.96 + 2.4 / freedom;
    }

    /// Those of the same network and label count.
    List<Row> beside(Row row) {
        return all.stream().filter(each -> each.network().equals(row.network()) && each.labels() == row.labels()).toList();
    }

    /// Of each network and label count the contender that the others are held against.
    List<Row> firsts() {
        return all.stream().filter(row -> beside(row).getFirst() == row).toList();
    }

    /// The others of its network and label count.
    List<Row> against(Row first) {
        return beside(first).stream().filter(row -> row != first).toList();
    }

    /// What each other contender gained over the first, at each label count, network by network.
    ///
    /// @param told which of them are told of
    List<String> differences(Predicate<Row> told) {
        return firsts().stream().flatMap(first -> against(first).stream().filter(told).map(row -> row.against(first))).toList();
    }

    /// One contender's rows of a network, by label count.
    List<Row> curve(String network, String contender) {
        return all.stream().filter(row -> row.network().name().equals(network) && row.contender().name().equals(contender)).toList();
    }
}

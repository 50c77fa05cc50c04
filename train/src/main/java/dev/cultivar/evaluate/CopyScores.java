package dev.cultivar.evaluate;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.DoubleStream;

/// Whether pictures that a model drew lie nearer to the pictures that it learned from than pictures do that it never saw.
///
/// How near something new normally lies, pictures say that were held out: what is nearer than all but one in a hundred of these is as near as a
/// copy. A model that copies nothing has about one such picture in a hundred, too.
///
/// A model that draws blurred pictures is near to everything, and copies nothing; [#nearer] tells the two apart.
///
/// @param near      share of samples that are as near as a copy, with Wilson's interval
/// @param expected  the share where nothing is copied: the mean of what lies below the threshold, which so many held-out pictures estimate
/// @param threshold what is nearer is as near as a copy: the first percentile of `others`
/// @param samples   the distance of each sample to the nearest training picture, ascending
/// @param others    the distance of each picture that was not learned from to the nearest training picture, ascending
/// @param nearer    share of samples that lie nearer to a training picture than to any held-out one, of equally many; a half where nothing is
///                  copied (the idea of Meehan et al., 2020, "A non-parametric test to detect data-copying in generative models"). Empty where
///                  nothing was held out
public record CopyScores(
        Metric near, double expected, double threshold, List<Double> samples, List<Double> others, Optional<Metric> nearer) {
    private static final double SHARE = 0.01;

    public CopyScores {
        samples = List.copyOf(samples);
        others = List.copyOf(others);
    }

    /// A sample's nearest training picture, of some, and its nearest held-out one, of equally many.
    ///
    /// @param toTraining its distance to the one
    /// @param training   which that is
    /// @param toHeldOut  its distance to the other
    /// @param heldOut    which that is
    public record Between(double toTraining, int training, double toHeldOut, int heldOut) {}

    /// @param samples distance of each sample to the nearest training picture
    /// @param others  the same of pictures that were not learned from
    /// @param between of each sample; empty where nothing was held out
    public static CopyScores of(double[] samples, double[] others, List<Between> between) {
        if (samples.length == 0 || others.length == 0 || !between.isEmpty() && between.size() != samples.length) {
            throw new IllegalArgumentException("a distance of each sample and of some other pictures is needed, got " + samples.length + " and "
                    + others.length + ", and what " + between.size() + " samples lie between");
        }
        double[] other = sorted(others);
        double threshold = quantile(other, SHARE);
        long hits = Arrays.stream(samples).filter(distance -> distance < threshold).count();
        return new CopyScores(
                lower(Metric.share("as_near_as_a_copy", hits, samples.length)),
                // The k-th of n ordered draws has k / (n + 1) below it, in the mean; the percentile lies between two of them.
                (1 + SHARE * (other.length - 1)) / (other.length + 1),
                threshold,
                list(sorted(samples)),
                list(other),
                between.isEmpty() ? Optional.empty() : Optional.of(nearer(between)));
    }

    /// Equally near ones count half. Samples that have the same nearest picture tell no more than one of them about which of the two sets is the nearer
    /// one, so the interval is that of fewer: `n^2 / sum of n_c^2`, with n_c samples at picture c (Kish, 1965, "Survey sampling", chapter 8).
    private static Metric nearer(List<Between> between) {
        double wins = 0;
        Map<Long, Long> clusters = new HashMap<>();
        for (Between each : between) {
            boolean training = each.toTraining() <= each.toHeldOut();
            wins += each.toTraining() < each.toHeldOut() ? 1 : training ? 0.5 : 0;
            clusters.merge(training ? each.training() : -1L - each.heldOut(), 1L, Long::sum);
        }
        double n = between.size();
        double squares = clusters.values().stream().mapToDouble(count -> (double) count * count).sum();
        return lower(Intervals.share("nearer_to_training", wins / n, n * n / squares));
    }

    private static Metric lower(Metric share) {
        return new Metric(share.name(), share.value(), share.low(), share.high(), Direction.LOWER);
    }

    /// Of the samples' distances.
    public double median() {
        return quantile(array(samples), 0.5);
    }

    /// Of the other pictures' distances.
    public double otherMedian() {
        return quantile(array(others), 0.5);
    }

    /// Between two values the straight line, as numpy has it.
    static double quantile(double[] ascending, double share) {
        double place = share * (ascending.length - 1);
        int below = (int) place;
        double above = ascending[Math.min(below + 1, ascending.length - 1)];
        return ascending[below] + (place - below) * (above - ascending[below]);
    }

    private static double[] sorted(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted;
    }

    private static List<Double> list(double[] values) {
        return DoubleStream.of(values).boxed().toList();
    }

    private static double[] array(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }
}

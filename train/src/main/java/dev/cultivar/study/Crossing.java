package dev.cultivar.study;

import dev.cultivar.study.LabelRows.Row;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// At how many labels one contender overtakes another.
///
/// @param labels at which they are level, by a straight line over the logarithm of the labels between the two counts around it; empty where they do
///               not cross
/// @param first  how far the second is above the first at the fewest labels
record Crossing(List<Double> labels, double first) {
    Crossing {
        labels = List.copyOf(labels);
    }

    /// @param firsts  one contender's rows
    /// @param seconds the other's at the same label counts
    static Crossing of(List<Row> firsts, List<Row> seconds) {
        List<double[]> points = new ArrayList<>(); // {logarithm of the labels, the second's accuracy less the first's}
        for (int i = 0; i < firsts.size(); i++) {
            points.add(new double[] {Math.log(firsts.get(i).labels()), seconds.get(i).accuracy().value() - firsts.get(i).accuracy().value()});
        }
        return of(points);
    }

    private static Crossing of(List<double[]> unordered) {
        List<double[]> points = unordered.stream().sorted(Comparator.comparingDouble(point -> point[0])).toList();
        List<Double> crossings = new ArrayList<>();
        double[] last = points.getFirst();
        for (double[] point : points) {
            if (last[1] * point[1] < 0) {
                crossings.add(Math.exp(last[0] + (point[0] - last[0]) * last[1] / (last[1] - point[1])));
            }
            if (point[1] != 0 || last[1] == 0) { // level at a count: the next one tells whether they crossed there
                last = point;
            }
        }
        return new Crossing(crossings, points.stream().mapToDouble(point -> point[1]).filter(value -> value != 0).findFirst().orElse(0));
    }

    /// @param one   what the first contender is called
    /// @param other what the second is
    String sentence(String one, String other) {
        if (first == 0) {
            return one + " and " + other + " are level at every label count.";
        }
        String ahead = first > 0 ? other : one;
        String behind = first > 0 ? one : other;
        if (labels.isEmpty()) {
            return "the curves do not cross: " + ahead + " is never behind " + behind + ".";
        }
        String at = labels.stream().map(count -> String.format(Locale.ROOT, "%,.0f", count)).collect(Collectors.joining(", then at "));
        return "the curves cross at about " + at + " labels (a straight line over their logarithm, between the counts that were measured); with fewer, "
                + ahead + " is above " + behind + ".";
    }
}

package dev.cultivar.run;

import dev.cultivar.checkpoint.MetricsFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A metric over a run, from its log.
///
/// @param points in the order of training
public record Curve(List<Point> points) {

    /// @param step    of the evaluation
    /// @param epochs  passes over the data
    /// @param tokens  seen
    /// @param seconds of training
    /// @param value   of the metric
    public record Point(long step, double epochs, double tokens, double seconds, double value) {}

    /// A metric of the evaluations on a task.
    public static Curve of(Path log, String task, String metric) {
        List<Point> points = new ArrayList<>();
        for (Map<String, @Nullable Object> line : MetricsFile.read(log)) {
            if (task.equals(line.get("task"))
                    && line.get("metrics") instanceof Map<?, ?> metrics
                    && metrics.get(metric) instanceof Map<?, ?> of
                    && of.get("value") instanceof Number value) {
                points.add(point(line, value.doubleValue()));
            }
        }
        return new Curve(points);
    }

    /// A term of the training loss, the mean of every `window` steps.
    public static Curve ofSteps(Path log, String term, int window) {
        List<Point> points = new ArrayList<>();
        double sum = 0;
        int count = 0;
        for (Map<String, @Nullable Object> line : MetricsFile.read(log)) {
            if ("step".equals(line.get("event")) && line.get(term) instanceof Number value) {
                sum += value.doubleValue();
                if (++count == window) {
                    points.add(point(line, sum / count));
                    sum = 0;
                    count = 0;
                }
            }
        }
        return new Curve(points);
    }

    private static Point point(Map<String, @Nullable Object> line, double value) {
        return new Point((long) number(line, "step"), number(line, "epochs"), number(line, "tokens"), number(line, "seconds"), value);
    }

    private static double number(Map<String, @Nullable Object> line, String key) {
        return line.get(key) instanceof Number number ? number.doubleValue() : 0;
    }

    /// The highest value.
    public double highest() {
        return points.stream().mapToDouble(Point::value).max().orElse(Double.NaN);
    }

    /// Seconds of training until the metric first was at least so high.
    public Optional<Double> secondsTo(double value) {
        return points.stream().filter(point -> point.value() >= value).map(Point::seconds).findFirst();
    }
}

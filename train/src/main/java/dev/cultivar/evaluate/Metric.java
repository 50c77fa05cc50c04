package dev.cultivar.evaluate;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A number that was measured, with the interval that holds the true one in 95 of 100 such measurements.
///
/// @param name      as recipes, logs and reports call it: `accuracy`, `macro_f1`, `loss`
/// @param value     what was measured
/// @param low       the interval's lower end; negative infinity where the rows do not tell
/// @param high      the interval's upper end; positive infinity where the rows do not tell
/// @param direction which way it improves
public record Metric(String name, double value, double low, double high, Direction direction) {

    public Metric {
        if (name.isBlank()) {
            throw new IllegalArgumentException("a metric needs a name");
        }
        if (low > value || value > high) {
            throw new IllegalArgumentException(
                    name + ": the interval [" + low + ", " + high + "] does not hold the value " + value);
        }
    }

    /// A share of independent rows, with Wilson's interval.
    public static Metric share(String name, long hits, long rows) {
        return Intervals.share(name, hits, rows);
    }

    /// Whether the first is strictly better than the second, judged by their values.
    public static boolean better(Metric a, Metric b) {
        if (!a.name.equals(b.name) || a.direction != b.direction) {
            throw new IllegalArgumentException(a.name + " and " + b.name + " are not the same metric");
        }
        return a.direction.better(a.value, b.value);
    }

    /// What JSON says of it: `{"value": v, "low": l, "high": h}`, with null for what is not finite, as JSON has no word for it.
    public Map<String, @Nullable Double> json() {
        Map<String, @Nullable Double> fields = new LinkedHashMap<>();
        fields.put("value", finite(value));
        fields.put("low", finite(low));
        fields.put("high", finite(high));
        return Collections.unmodifiableMap(fields);
    }

    private static @Nullable Double finite(double number) {
        return Double.isFinite(number) ? number : null;
    }
}

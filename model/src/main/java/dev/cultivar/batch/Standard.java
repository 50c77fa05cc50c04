package dev.cultivar.batch;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a regression's head says instead of the value itself: how many deviations the value lies above the mean.
///
/// @param mean      of the training rows' values
/// @param deviation of them, above 0
public record Standard(double mean, double deviation) {
    /// The value itself.
    public static final Standard NONE = new Standard(0, 1);

    public Standard {
        if (!(deviation > 0) || !Double.isFinite(deviation) || !Double.isFinite(mean)) {
            throw new IllegalArgumentException("a deviation must be above 0, and it and the mean finite, got " + mean + " and " + deviation);
        }
    }

    /// The value that a score stands for.
    public float value(float score) {
        return (float) (score * deviation + mean);
    }

    /// What `config.json` says of it, in Cultivar's own part.
    public Map<String, Object> json() {
        return Map.of("mean", mean, "deviation", deviation);
    }

    /// Reads [#json]; [#NONE] where there is nothing to read.
    public static Standard of(@Nullable Object json) {
        return json instanceof Map<?, ?> map && map.get("mean") instanceof Number mean && map.get("deviation") instanceof Number deviation
                ? new Standard(mean.doubleValue(), deviation.doubleValue())
                : NONE;
    }
}

package dev.cultivar.evaluate;

/// Which way a metric improves.
public enum Direction {
    /// More is better: accuracy, F1.
    HIGHER,
    /// Less is better: loss, perplexity, calibration error.
    LOWER;

    /// Whether `a` is strictly better than `b`; a value that is not a number is better than nothing.
    public boolean better(double a, double b) {
        if (Double.isNaN(a)) {
            return false;
        }
        return Double.isNaN(b) || (this == HIGHER ? a > b : a < b);
    }
}

package dev.cultivar.evaluate;

/// 95 % intervals from formulas.
final class Intervals {
    /// The 97.5th percentile of the standard normal distribution.
    static final double Z = 1.959963984540054;

    private Intervals() {}

    /// A share of independent rows: Wilson's score interval (1927), which stays inside [0, 1] and keeps its width where
    /// no row or every row is right.
    static Metric share(String name, long hits, long rows) {
        return share(name, hits / (double) rows, rows);
    }

    /// The same of a share `p` of rows that are worth `n` independent ones.
    static Metric share(String name, double p, double n) {
        double centre = (p + Z * Z / (2 * n)) / (1 + Z * Z / n);
        double half = Z / (1 + Z * Z / n) * Math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n));
        // Rounding must not push an end past the value when no row or every row is right.
        double low = Math.clamp(centre - half, 0, p);
        double high = Math.clamp(centre + half, p, 1);
        return new Metric(name, p, low, high, Direction.HIGHER);
    }

    /// A value plus and minus Z standard errors, cut off at the ends of what it can be; a standard error that is not a
    /// number, as one row gives it, leaves the interval open.
    static Metric normal(String name, double value, double standardError, double least, double most, Direction direction) {
        if (Double.isNaN(standardError)) {
            return new Metric(name, value, least, most, direction);
        }
        double low = Math.min(value, Math.max(least, value - Z * standardError));
        double high = Math.max(value, Math.min(most, value + Z * standardError));
        return new Metric(name, value, low, high, direction);
    }
}

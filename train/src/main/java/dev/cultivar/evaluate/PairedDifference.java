package dev.cultivar.evaluate;

import java.util.Locale;

/// Whether one classifier answers more rows rightly than another on the very same rows, or only seems to.
///
/// Rows that both get right, or both wrong, say nothing about it; of the others each would go either way by chance
/// alone (McNemar, 1947). The answer is about other rows of this kind, not about other seeds of the training.
///
/// @param rows       rows that both answered
/// @param firstOnly  rows that only the first got right
/// @param secondOnly rows that only the second got right
/// @param difference the second's accuracy minus the first's; the interval is Agresti and Min's (2005), which adds half
///                   a row to each of the four cells
/// @param p          the chance of a difference at least as large between equals: the exact two-sided binomial test
public record PairedDifference(long rows, long firstOnly, long secondOnly, Metric difference, double p) {

    /// What is called beyond chance.
    public static final double LEVEL = 0.05;

    /// @param first  whether each row was answered rightly by the one
    /// @param second by the other
    public static PairedDifference of(boolean[] first, boolean[] second) {
        if (first.length != second.length || first.length == 0) {
            throw new IllegalArgumentException("the same rows are needed twice, got " + first.length + " and " + second.length);
        }
        long firstOnly = 0;
        long secondOnly = 0;
        for (int row = 0; row < first.length; row++) {
            if (first[row] && !second[row]) {
                firstOnly++;
            } else if (second[row] && !first[row]) {
                secondOnly++;
            }
        }
        return of(first.length, firstOnly, secondOnly);
    }

    /// From counts.
    public static PairedDifference of(long rows, long firstOnly, long secondOnly) {
        double n = rows + 2.0;
        double b = firstOnly + 0.5;
        double c = secondOnly + 0.5;
        double centre = (c - b) / n;
        double half = Intervals.Z * Math.sqrt(b + c - (c - b) * (c - b) / n) / n;
        double value = (double) (secondOnly - firstOnly) / rows;
        double low = Math.clamp(centre - half, -1, value);
        double high = Math.clamp(centre + half, value, 1);
        return new PairedDifference(rows, firstOnly, secondOnly,
                new Metric("accuracy_difference", value, low, high, Direction.HIGHER), exact(firstOnly, secondOnly));
    }

    /// Two-sided: twice the lower tail of Binomial(b + c, 1/2) at min(b, c), at most 1.
    private static double exact(long b, long c) {
        long n = b + c;
        double logChance = -n * Math.log(2); // of no success in n
        double tail = 0;
        for (long k = 0; k <= Math.min(b, c); k++) {
            tail += Math.exp(logChance);
            logChance += Math.log(n - k) - Math.log(k + 1);
        }
        return Math.min(1, 2 * tail);
    }

    /// Whether chance alone would rarely do this.
    public boolean beyondChance() {
        return p < LEVEL;
    }

    /// The finding in a sentence, in percentage points.
    ///
    /// @param first  what the one is called, as `from scratch`
    /// @param second what the other is called
    public String sentence(String first, String second) {
        double points = 100 * difference.value();
        String chance = p < 0.001 ? "p < 0.001" : String.format(Locale.ROOT, "p = %.3f", p);
        String distance = firstOnly == secondOnly
                ? second + " and " + first + " are equally accurate"
                : String.format(Locale.ROOT, "%s is %.1f percentage points %s %s", second, Math.abs(points),
                        points > 0 ? "above" : "below", first);
        return String.format(Locale.ROOT, "%s (95 %% interval of the difference %+.1f to %+.1f; McNemar's exact test, %s): %s.",
                distance, 100 * difference.low(), 100 * difference.high(), chance,
                beyondChance() ? "beyond chance" : "not beyond chance");
    }
}

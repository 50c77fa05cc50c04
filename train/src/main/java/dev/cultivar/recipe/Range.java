package dev.cultivar.recipe;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;

/// The numbers that a key takes.
///
/// @param low      the least, `-Infinity` for none
/// @param lowOpen  whether `low` itself is too low
/// @param high     the greatest, `Infinity` for none
/// @param highOpen whether `high` itself is too high
record Range(BigDecimal low, boolean lowOpen, BigDecimal high, boolean highOpen) {
    private static final BigDecimal GREATEST = new BigDecimal(Double.MAX_VALUE);
    private static final BigDecimal GREATEST_LONG = BigDecimal.valueOf(Long.MAX_VALUE);
    private static final BigDecimal LEAST_LONG = BigDecimal.valueOf(Long.MIN_VALUE);
    private static final BigDecimal GREATEST_INT = BigDecimal.valueOf(Integer.MAX_VALUE);

    /// Any `long`.
    static final Range ANY_LONG = new Range(LEAST_LONG, false, GREATEST_LONG, false);

    /// Any finite `double`.
    static final Range ANY_DOUBLE = new Range(GREATEST.negate(), false, GREATEST, false);

    /// Whole numbers from `low` on, as far as a `long` goes.
    static Range wholeFrom(long low) {
        return new Range(BigDecimal.valueOf(low), false, GREATEST_LONG, false);
    }

    /// Whole numbers from `low` on, as far as an `int` goes.
    static Range countFrom(int low) {
        return new Range(BigDecimal.valueOf(low), false, GREATEST_INT, false);
    }

    /// Whole numbers in `[low, high]`.
    static Range closedCount(int low, int high) {
        return new Range(BigDecimal.valueOf(low), false, BigDecimal.valueOf(high), false);
    }

    static Range from(double low) {
        return new Range(BigDecimal.valueOf(low), false, GREATEST, false);
    }

    static Range above(double low) {
        return new Range(BigDecimal.valueOf(low), true, GREATEST, false);
    }

    /// `[low, high]`.
    static Range closed(double low, double high) {
        return new Range(BigDecimal.valueOf(low), false, BigDecimal.valueOf(high), false);
    }

    /// `[low, high)`.
    static Range below(double low, double high) {
        return new Range(BigDecimal.valueOf(low), false, BigDecimal.valueOf(high), true);
    }

    /// `(low, high)`.
    static Range open(double low, double high) {
        return new Range(BigDecimal.valueOf(low), true, BigDecimal.valueOf(high), true);
    }

    /// `(low, high]`.
    static Range aboveTo(double low, double high) {
        return new Range(BigDecimal.valueOf(low), true, BigDecimal.valueOf(high), false);
    }

    boolean contains(BigDecimal value) {
        return complaint(value).isEmpty();
    }

    /// The bound that a value breaks, as `at least 1`; empty where it breaks none.
    String complaint(BigDecimal value) {
        int toLow = value.compareTo(low);
        int toHigh = value.compareTo(high);
        if (toLow < 0 || lowOpen && toLow == 0) {
            return (lowOpen ? "above " : "at least ") + plain(low);
        }
        if (toHigh > 0 || highOpen && toHigh == 0) {
            return (highOpen ? "below " : "at most ") + plain(high);
        }
        return "";
    }

    /// Any value inside.
    BigDecimal inside() {
        return contains(low) ? low : contains(BigDecimal.ONE) ? BigDecimal.ONE : low.add(high).divide(BigDecimal.TWO);
    }

    /// Both bounds, as the table of keys shows them; bounds that only the type sets are left out.
    String described() {
        List<String> bounds = new ArrayList<>();
        if (!low.equals(LEAST_LONG) && !low.equals(GREATEST.negate())) {
            bounds.add((lowOpen ? "above " : "at least ") + plain(low));
        }
        if (!high.equals(GREATEST) && !high.equals(GREATEST_LONG) && !high.equals(GREATEST_INT)) {
            bounds.add((highOpen ? "below " : "at most ") + plain(high));
        }
        return String.join(", ", bounds);
    }

    private static String plain(BigDecimal bound) {
        return bound.precision() > 30
                ? bound.round(new MathContext(5)).toString()
                : bound.stripTrailingZeros().toPlainString();
    }
}

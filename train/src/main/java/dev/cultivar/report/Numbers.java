package dev.cultivar.report;

import java.util.Locale;

/// Numbers as people read them.
final class Numbers {

    private Numbers() {}

    /// So many decimals, groups of three digits; a negative number that rounds to zero is zero.
    static String fixed(double number, int decimals) {
        if (Double.isNaN(number)) {
            return "n/a";
        }
        if (Double.isInfinite(number)) {
            return number > 0 ? "∞" : "-∞";
        }
        String text = String.format(Locale.ROOT, "%,." + decimals + "f", number);
        return text.startsWith("-") && text.chars().noneMatch(c -> c >= '1' && c <= '9') ? text.substring(1) : text;
    }

    /// About four significant digits, for a number whose size is not known: 0.001234, 12.34, 12,340, 12.34M.
    static String compact(double number) {
        return compact(number, 4);
    }

    /// About so many significant digits.
    static String compact(double number, int digits) {
        double size = Math.abs(number);
        if (!Double.isFinite(number) || size == 0) {
            return fixed(number, 0);
        }
        if (size >= 1e6) {
            return trimmed(number, scale(size), digits - 2);
        }
        if (size < 1e-4) {
            return String.format(Locale.ROOT, "%.2e", number);
        }
        return fixed(number, Math.clamp(digits - 1 - (int) Math.floor(Math.log10(size)), 0, 7));
    }

    /// A label of an axis whose labels are `step` apart and at most `most` from zero.
    static String tick(double number, double step, double most) {
        double unit = most >= 10_000 ? scale(most) : 1;
        if (most < 1e-3) {
            return String.format(Locale.ROOT, "%.1e", number);
        }
        int decimals = Math.clamp((int) Math.ceil(-Math.log10(step / unit) - 1e-9), 0, 9);
        return number == 0 ? "0" : trimmed(number, unit, decimals);
    }

    private static String trimmed(double number, double unit, int decimals) {
        String suffix = unit == 1e3 ? "k" : unit == 1e6 ? "M" : unit == 1e9 ? "G" : unit == 1e12 ? "T" : "";
        return fixed(number / unit, decimals) + suffix;
    }

    private static double scale(double size) {
        return size >= 1e12 ? 1e12 : size >= 1e9 ? 1e9 : size >= 1e6 ? 1e6 : 1e3;
    }

    /// A share in percent.
    static String percent(double share) {
        return fixed(100 * share, 0) + " %";
    }
}

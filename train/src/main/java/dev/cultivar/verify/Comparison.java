package dev.cultivar.verify;

/// One tensor, or one list of numbers, against what was expected.
///
/// @param name     of the tensor
/// @param absolute the largest absolute difference
/// @param relative the largest difference relative to the expected number, over those above the absolute tolerance
/// @param within   whether every element is within `atol + rtol * |expected|`
/// @param compared how many elements were compared
public record Comparison(String name, double absolute, double relative, boolean within, long compared) {

    /// @param atol absolute part of the tolerance
    /// @param rtol relative part
    /// @param rows whether the element counts, null for all
    static Comparison of(String name, float[] got, float[] expected, double atol, double rtol, boolean @org.jspecify.annotations.Nullable [] counted) {
        if (got.length != expected.length) {
            return new Comparison(name + " (" + got.length + " elements, expected " + expected.length + ")", Double.NaN, Double.NaN, false, 0);
        }
        double absolute = 0;
        double relative = 0;
        boolean within = true;
        long compared = 0;
        int each = counted == null ? 1 : expected.length / counted.length;
        for (int i = 0; i < expected.length; i++) {
            if (counted != null && !counted[i / each]) {
                continue;
            }
            compared++;
            double difference = Math.abs((double) got[i] - expected[i]);
            boolean same = got[i] == expected[i];
            within &= same || difference <= atol + rtol * Math.abs(expected[i]); // NaN is never within
            absolute = same ? absolute : Math.max(absolute, difference);
            if (!same && Math.abs(expected[i]) > atol) {
                relative = Math.max(relative, difference / Math.abs(expected[i]));
            }
        }
        return new Comparison(name, absolute, relative, within && compared > 0, compared);
    }
}

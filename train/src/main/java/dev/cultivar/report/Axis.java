package dev.cultivar.report;

import java.util.ArrayList;
import java.util.List;

/// One axis of a chart: where a value lies on it, and round numbers to label it with.
///
/// @param from  the value at its start
/// @param to    the value at its end
/// @param log   whether equal distances are equal factors
/// @param ticks labelled values
record Axis(double from, double to, boolean log, List<Tick> ticks) {

    record Tick(double value, String label) {}

    /// A value's place, 0 at the start and 1 at the end.
    double place(double value) {
        return log ? Math.log(value / from) / Math.log(to / from) : (value - from) / (to - from);
    }

    /// Equal steps of 1, 2 or 5 times a power of ten, about `count` of them.
    ///
    /// @param round whether the ends move outwards to the next label
    static Axis linear(double low, double high, int count, boolean round) {
        double from = low;
        double to = high;
        if (from == to) {
            double around = from == 0 ? 1 : Math.abs(from) / 2;
            from -= around;
            to += around;
        }
        double step = step((to - from) / count);
        if (round) {
            from = Math.floor(from / step + 1e-9) * step;
            to = Math.ceil(to / step - 1e-9) * step;
        }
        double most = Math.max(Math.abs(from), Math.abs(to));
        List<Tick> ticks = new ArrayList<>();
        long first = (long) Math.ceil(from / step - 1e-9);
        long last = (long) Math.floor(to / step + 1e-9);
        for (long k = first; k <= last; k++) {
            ticks.add(new Tick(k * step, Numbers.tick(k * step, step, most)));
        }
        return new Axis(from, to, false, ticks);
    }

    /// The least of 1, 2, 5, 10 times a power of ten that is no smaller.
    private static double step(double atLeast) {
        double power = Math.pow(10, Math.floor(Math.log10(atLeast)));
        for (double factor : new double[] {1, 2, 5}) {
            if (factor * power >= atLeast * (1 - 1e-9)) {
                return factor * power;
            }
        }
        return 10 * power;
    }

    /// Powers of ten; where there are few, 2 and 5 times them as well.
    static Axis log(double low, double high, int count) {
        double from = low;
        double to = low == high ? low * 10 : high;
        double decades = Math.log10(to / from);
        double[] factors = decades <= count / 3.0 ? new double[] {1, 2, 5} : new double[] {1};
        int every = Math.max(1, (int) Math.ceil(decades / count));
        List<Tick> ticks = new ArrayList<>();
        int power = (int) Math.floor(Math.log10(from));
        for (; Math.pow(10, power) <= to * (1 + 1e-9); power++) {
            for (double factor : factors) {
                double value = factor * Math.pow(10, power);
                if (value >= from * (1 - 1e-9) && value <= to * (1 + 1e-9) && Math.floorMod(power, every) == 0) {
                    ticks.add(new Tick(value, Numbers.tick(value, value, value)));
                }
            }
        }
        return new Axis(from, to, true, ticks);
    }
}

package dev.cultivar.cli;

import java.time.Duration;
import java.util.Locale;

/// How far something is that takes a while.
///
/// @param what      is being done, for example `pretrain`
/// @param step      that ended last
/// @param steps     in all; 0 where nobody knows
/// @param perSecond speed
/// @param unit      of the speed, for example `tokens`
/// @param loss      of the last steps; NaN where there is none
/// @param left      how long it will still take
record Progress(String what, long step, long steps, double perSecond, String unit, double loss, Duration left) {
    private static final int BAR_COLUMNS = 20;

    boolean last() {
        return steps > 0 && step >= steps;
    }

    private double share() {
        return steps <= 0 ? 1 : Math.clamp((double) step / steps, 0.0, 1.0);
    }

    /// For a log.
    String line() {
        return what + ": " + figures();
    }

    /// For a terminal; ASCII, because the terminal's encoding is unknown.
    String bar() {
        if (steps <= 0) {
            return line();
        }
        int full = (int) (share() * BAR_COLUMNS);
        String drawn = "=".repeat(full) + (full < BAR_COLUMNS ? ">" : "") + " ".repeat(Math.max(0, BAR_COLUMNS - full - 1));
        return "%s [%s] %3.0f %%  %s".formatted(what, drawn, 100 * share(), figures());
    }

    private String figures() {
        if (steps <= 0) {
            return String.format(Locale.ROOT, "%,d %s, %,.0f %s/s", step, unit, perSecond, unit);
        }
        String speed = String.format(Locale.ROOT, "%s %,d/%,d  %,.0f %s/s", unit.equals("MB") ? unit : "step", step, steps, perSecond, unit);
        String withLoss = Double.isNaN(loss) ? speed : speed + String.format(Locale.ROOT, "  loss %.4f", loss);
        return last() ? withLoss : withLoss + "  " + clock(left) + " left";
    }

    private static String clock(Duration time) {
        return time.toHours() > 0
                ? "%d:%02d:%02d".formatted(time.toHours(), time.toMinutesPart(), time.toSecondsPart())
                : "%d:%02d".formatted(time.toMinutes(), time.toSecondsPart());
    }
}

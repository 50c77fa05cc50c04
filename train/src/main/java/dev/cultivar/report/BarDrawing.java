package dev.cultivar.report;

import dev.cultivar.report.Block.Bar;
import dev.cultivar.report.Block.Bars;
import java.util.stream.Collectors;

/// Draws bars with the whiskers of their intervals as SVG; on a phone the names stand above the bars.
final class BarDrawing {
    private static final double FONT = 12.5;

    private BarDrawing() {}

    static void draw(Markup svg, Bars bars, String id, boolean wide) {
        double width = wide ? 860 : 360;
        double names = bars.bars().stream().mapToDouble(bar -> Glyphs.pixels(name(bar, wide), FONT)).max().orElse(0);
        double left = wide ? names + 12 : 1;
        double right = width - 62; // room for the number
        double row = wide ? 30 : 44;
        double top = 26;
        double bottom = top + bars.bars().size() * row;
        Axis axis = axis(bars, wide);
        double scale = right - left;
        svg.open("svg", "class", wide ? "wide" : "narrow", "viewBox", "0 0 " + Markup.number(width) + " " + Markup.number(bottom + 24),
                "role", "img", "aria-labelledby", id + "t " + id + "d");
        svg.element("title", bars.title(), "id", id + "t");
        svg.element("desc", bars.axis() + ": " + bars.bars().stream()
                .map(bar -> bar.label() + " " + Numbers.compact(bar.value(), 3)).collect(Collectors.joining(", ")) + ".", "id", id + "d");
        for (Axis.Tick tick : axis.ticks()) {
            double at = left + axis.place(tick.value()) * scale;
            svg.empty("line", "class", "grid", "x1", at, "y1", top, "x2", at, "y2", bottom);
            svg.element("text", tick.label(), "x", at, "y", bottom + 17, "text-anchor", wide || tick.value() != axis.from() ? "middle" : "start");
        }
        svg.element("text", bars.axis(), "class", "label", "x", left, "y", 14.0);
        for (int k = 0; k < bars.bars().size(); k++) {
            bar(svg, bars.bars().get(k), top + k * row, left, scale, axis, wide);
        }
        double zero = left + axis.place(0) * scale;
        svg.empty("line", "class", "axis", "x1", zero, "y1", top, "x2", zero, "y2", bottom);
        svg.close("svg").newline();
    }

    private static void bar(Markup svg, Bar bar, double top, double left, double scale, Axis axis, boolean wide) {
        double middle = wide ? top + 15 : top + 30;
        double nameAt = wide ? middle + 4 : top + 14;
        svg.element("text", name(bar, wide), "x", wide ? left - 8 : left + 4, "y", nameAt, "text-anchor", wide ? "end" : "start");
        if (!Double.isFinite(bar.value())) {
            svg.element("text", "n/a", "x", left + 6, "y", middle + 4);
            return;
        }
        double zero = left + axis.place(0) * scale;
        double end = left + axis.place(bar.value()) * scale;
        svg.empty("rect", "class", "bar", "x", Math.min(zero, end), "y", middle - 8, "width", Math.abs(end - zero), "height", 16.0);
        double tip = end;
        if (bar.low() < bar.high()) {
            double low = left + Math.clamp(axis.place(bar.low()), 0, 1) * scale;
            double high = left + Math.clamp(axis.place(bar.high()), 0, 1) * scale;
            tip = high;
            String path = "M%s %sV%sM%s %sH%sM%s %sV%s".formatted(
                    Markup.number(low), Markup.number(middle - 4), Markup.number(middle + 4),
                    Markup.number(low), Markup.number(middle), Markup.number(high),
                    Markup.number(high), Markup.number(middle - 4), Markup.number(middle + 4));
            svg.empty("path", "class", "whisker", "d", path);
        }
        svg.element("text", Numbers.compact(bar.value(), 3), "class", "value", "x", Math.max(tip, zero) + 7, "y", middle + 4);
    }

    /// Bars start at zero: their length is what is read.
    private static Axis axis(Bars bars, boolean wide) {
        double low = 0;
        double high = 0;
        for (Bar bar : bars.bars()) {
            if (Double.isFinite(bar.value())) {
                low = Math.min(low, Double.isFinite(bar.low()) ? bar.low() : bar.value());
                high = Math.max(high, Double.isFinite(bar.high()) ? bar.high() : bar.value());
            }
        }
        return Axis.linear(low, high, wide ? 6 : 4, false);
    }

    private static String name(Bar bar, boolean wide) {
        return Glyphs.shortened(bar.label(), wide ? 32 : 48);
    }
}

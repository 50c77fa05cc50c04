package dev.cultivar.report;

import dev.cultivar.report.Block.LineChart;
import dev.cultivar.report.Block.Point;
import dev.cultivar.report.Block.Series;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/// Draws curves as SVG, for a page or, with larger letters for its width, for a phone.
final class LineDrawing {
    private static final int MOST_POINTS = 300;
    private static final int MARKED_POINTS = 25;
    private static final int NOISY_POINTS = 100;
    private static final double FONT = 12.5;
    private static final double BOLD = 1.12; // how much wider bold letters are
    private static final double LINE = 17; // between two labels' baselines

    private final LineChart chart;
    private final String id;
    private final double width;
    private final boolean wide;
    private final List<Series> drawn;
    private final Markup svg;

    // The plot's edges, and its axes.
    private final double left;
    private final double right;
    private final double top;
    private final double bottom;
    private final double height;
    private final Axis x;
    private final Axis y;
    private final boolean labelled;

    private LineDrawing(Markup svg, LineChart chart, String id, boolean wide) {
        this.svg = svg;
        this.chart = chart;
        this.id = id;
        this.wide = wide;
        width = wide ? 860 : 360;
        drawn = chart.series().stream().map(series -> visible(series, chart.logX())).toList();
        x = xAxis();
        y = Axis.linear(least(Point::y), most(Point::y), wide ? 6 : 5, true);
        double names = chart.series().stream().mapToDouble(s -> BOLD * Glyphs.pixels(name(s), FONT)).max().orElse(0);
        labelled = wide && names <= 230 && drawn.size() * LINE <= 300;
        left = 12 + y.ticks().stream().mapToDouble(t -> Glyphs.pixels(t.label(), FONT)).max().orElse(0);
        right = width - (labelled ? names + 26 : 14);
        top = 34 + (labelled ? 0 : legend(false));
        bottom = top + (wide ? 280 : 220);
        height = bottom + 46;
    }

    static void draw(Markup svg, LineChart chart, String id, boolean wide) {
        new LineDrawing(svg, chart, id, wide).draw();
    }

    private static Series visible(Series series, boolean logX) {
        List<Point> points = series.points().stream()
                .filter(p -> Double.isFinite(p.x()) && Double.isFinite(p.y()) && (!logX || p.x() > 0))
                .sorted(Comparator.comparingDouble(Point::x)).toList();
        return new Series(series.name(), Thinning.thin(points, MOST_POINTS));
    }

    private static String name(Series series) {
        return Glyphs.shortened(series.name(), 40);
    }

    private Axis xAxis() {
        double low = least(Point::x);
        double high = most(Point::x);
        if (chart.logX()) {
            return Axis.log(low, high, wide ? 8 : 5);
        }
        boolean nearZero = low > 0 && low < 0.2 * high; // an axis that nearly reaches zero had better start there
        return Axis.linear(nearZero ? 0 : low, high, wide ? 8 : 4, false);
    }

    private Stream<Point> points() {
        return drawn.stream().flatMap(series -> series.points().stream());
    }

    private double least(ToDoubleFunction<Point> coordinate) {
        return points().mapToDouble(coordinate).min().orElse(chart.logX() ? 1 : 0);
    }

    private double most(ToDoubleFunction<Point> coordinate) {
        return points().mapToDouble(coordinate).max().orElse(1);
    }

    private double xAt(double value) {
        return left + x.place(value) * (right - left);
    }

    private double yAt(double value) {
        return bottom - y.place(value) * (bottom - top);
    }

    private void draw() {
        svg.open("svg", "class", wide ? "wide" : "narrow", "viewBox", "0 0 " + Markup.number(width) + " " + Markup.number(height),
                "role", "img", "aria-labelledby", id + "t " + id + "d");
        svg.element("title", chart.title(), "id", id + "t");
        svg.element("desc", Charts.describe(chart), "id", id + "d");
        axes();
        if (!labelled) {
            legend(true);
        }
        for (int k = 0; k < drawn.size(); k++) {
            curve(drawn.get(k).points(), k);
        }
        if (labelled) {
            endLabels();
        }
        if (points().findAny().isEmpty()) {
            svg.element("text", "no data", "x", (left + right) / 2, "y", (top + bottom) / 2, "text-anchor", "middle");
        }
        svg.close("svg").newline();
    }

    private void axes() {
        for (Axis.Tick tick : y.ticks()) {
            double at = yAt(tick.value());
            svg.empty("line", "class", "grid", "x1", left, "y1", at, "x2", right, "y2", at);
            svg.element("text", tick.label(), "x", left - 6, "y", at + 4, "text-anchor", "end");
        }
        svg.empty("line", "class", "axis", "x1", left, "y1", bottom, "x2", right, "y2", bottom);
        for (Axis.Tick tick : x.ticks()) {
            double at = xAt(tick.value());
            svg.empty("line", "class", "axis", "x1", at, "y1", bottom, "x2", at, "y2", bottom + 5);
            svg.element("text", tick.label(), "x", at, "y", bottom + 19, "text-anchor", "middle");
        }
        svg.element("text", chart.yLabel(), "class", "label", "x", 0.0, "y", 14.0);
        svg.element("text", chart.xLabel(), "class", "label", "x", right, "y", bottom + 39, "text-anchor", "end");
    }

    private void curve(List<Point> points, int k) {
        var path = new StringBuilder();
        for (Point point : points) {
            path.append(path.isEmpty() ? "M" : "L").append(Markup.number(xAt(point.x()))).append(' ')
                    .append(Markup.number(yAt(point.y())));
        }
        svg.empty("path", "class", (points.size() > NOISY_POINTS ? "curve noisy " : "curve ") + Charts.colour(k), "d", path.toString());
        List<Point> marked = points.size() <= MARKED_POINTS ? points : points.subList(points.size() - 1, points.size());
        for (Point point : marked) {
            svg.empty("circle", "class", "dot " + Charts.colour(k), "cx", xAt(point.x()), "cy", yAt(point.y()), "r", 3.0);
        }
    }

    /// Each curve's name at its end, moved apart where they would touch, and tied to the end where it is far.
    private void endLabels() {
        List<Integer> order = new ArrayList<>();
        for (int k = 0; k < drawn.size(); k++) {
            if (!drawn.get(k).points().isEmpty()) {
                order.add(k);
            }
        }
        order.sort(Comparator.comparingDouble(k -> end(k)));
        double[] at = order.stream().mapToDouble(this::end).toArray();
        Charts.spread(at, LINE, top, bottom);
        for (int i = 0; i < at.length; i++) {
            int k = order.get(i);
            Point last = drawn.get(k).points().getLast();
            svg.empty("path", "class", "tie " + Charts.colour(k), "d", "M" + Markup.number(xAt(last.x())) + " "
                    + Markup.number(end(k)) + "L" + Markup.number(right + 4) + " " + Markup.number(end(k)) + "L"
                    + Markup.number(right + 14) + " " + Markup.number(at[i]));
            svg.element("text", name(drawn.get(k)), "class", "name " + Charts.colour(k), "x", right + 18, "y", at[i] + 4);
        }
    }

    private double end(int k) {
        return yAt(drawn.get(k).points().getLast().y());
    }

    /// Swatches and names above the plot, as many a line as fit; the height they take.
    private double legend(boolean write) {
        double at = 0;
        double line = 0;
        for (int k = 0; k < drawn.size(); k++) {
            String name = name(drawn.get(k));
            double space = 22 + Glyphs.pixels(name, FONT) + 16;
            if (at > 0 && at + space > width) {
                at = 0;
                line += LINE + 3;
            }
            if (write) {
                double middle = 34 + line;
                svg.empty("line", "class", "curve " + Charts.colour(k), "x1", at, "y1", middle, "x2", at + 16, "y2", middle);
                svg.element("text", name, "x", at + 22, "y", middle + 4);
            }
            at += space;
        }
        return line + LINE + 8;
    }
}

package dev.cultivar.report;

import dev.cultivar.report.Block.HeatMap;
import dev.cultivar.report.Block.Part;
import java.util.List;
import java.util.Locale;

/// Draws a heat map as SVG: a large one whose rows and columns have their names and whose cells tell their shares, and small ones without.
final class HeatDrawing {
    private static final double FONT = 11;
    private static final int NAME = 20;
    private static final double SWATCH = 58; // one step of the colour scale
    private static final double SMALL = 118;
    private static final int SHADES = 12;
    /// Cells below this part of an even share are left white.
    private static final double FAINT = 0.03;

    private final Markup svg;
    private final HeatMap map;
    private final int rows;
    private final int columns;
    private final double cell;
    private final double left;
    private final double top;

    private HeatDrawing(Markup svg, HeatMap map) {
        this.svg = svg;
        this.map = map;
        rows = map.rows().size();
        columns = map.columns().size();
        cell = Math.clamp(560.0 / Math.max(rows, columns), 12, 28);
        left = Math.max(widest(map.rows()) + 16, 96);
        top = widest(map.columns()) + 34;
    }

    private static double widest(List<String> names) {
        return names.stream().mapToDouble(name -> Glyphs.pixels(name(name), FONT)).max().orElse(0);
    }

    private static String name(String name) {
        return Glyphs.shortened(name, NAME);
    }

    static void draw(Markup svg, HeatMap map, String id) {
        var drawing = new HeatDrawing(svg, map);
        double width = drawing.left + Math.max(drawing.columns * drawing.cell, 5 * SWATCH) + 8;
        double height = drawing.top + drawing.rows * drawing.cell + 36;
        svg.open("svg", "class", "matrix", "viewBox", "0 0 " + Markup.number(width) + " " + Markup.number(height),
                "width", width, "height", height, "role", "img", "aria-labelledby", id + "t " + id + "d");
        svg.element("title", map.title(), "id", id + "t");
        svg.element("desc", drawing.words(), "id", id + "d");
        drawing.names();
        drawing.cells();
        drawing.scale();
        svg.close("svg").newline();
    }

    private String words() {
        int largest = 0;
        for (int i = 1; i < map.shares().length; i++) {
            largest = map.shares()[i] > map.shares()[largest] ? i : largest;
        }
        String size = rows + " rows (" + map.rowsName() + ") and " + columns + " columns (" + map.columnsName() + ").";
        return map.shares().length == 0 ? size : size + " The largest share is " + share(map.shares()[largest]) + ", of "
                + map.rows().get(largest / columns) + " and " + map.columns().get(largest % columns) + ".";
    }

    private static String share(double share) {
        return String.format(Locale.ROOT, "%.3f", share);
    }

    private void names() {
        svg.element("text", map.rowsName(), "class", "label", "x", left - 6, "y", top - 8, "text-anchor", "end");
        svg.element("text", map.columnsName(), "class", "label", "x", left, "y", 14.0);
        for (int row = 0; row < rows; row++) {
            svg.element("text", name(map.rows().get(row)), "class", "small", "x", left - 6, "y", top + (row + 0.5) * cell + 4, "text-anchor", "end");
        }
        for (int column = 0; column < columns; column++) {
            svg.element("text", name(map.columns().get(column)), "class", "small", "transform", "translate("
                    + Markup.number(left + (column + 0.5) * cell + 4) + " " + Markup.number(top - 6) + ") rotate(-90)");
        }
    }

    /// In units of a cell, so that a cell's place is two whole numbers.
    private void cells() {
        svg.open("g", "transform", "translate(" + Markup.number(left) + " " + Markup.number(top) + ") scale(" + Markup.number(cell) + ")", "class", "right");
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                double share = map.shares()[row * columns + column];
                if (share * columns >= FAINT) {
                    svg.open("rect", "x", column, "y", row, "width", 1, "height", 1, "fill-opacity", shade(share));
                    svg.element("title", map.rows().get(row) + " \u2192 " + map.columns().get(column) + ": " + share(share)).close("rect");
                }
            }
        }
        svg.close("g");
        svg.empty("rect", "class", "ground", "x", left, "y", top, "width", columns * cell, "height", rows * cell);
    }

    /// The square root makes a share of one in a hundred visible.
    private static double shade(double share) {
        return Math.sqrt(Math.min(1, share));
    }

    private void scale() {
        double y = top + rows * cell + 12;
        double x = left;
        svg.element("text", "share:", "class", "small", "x", left - 6, "y", y + 11, "text-anchor", "end");
        for (double share : new double[] {0.01, 0.05, 0.25, 0.5, 1}) {
            svg.empty("rect", "class", "right", "x", x, "y", y, "width", 14.0, "height", 14.0, "fill-opacity", shade(share));
            svg.element("text", Markup.number(share), "class", "small", "x", x + 19, "y", y + 11);
            x += SWATCH;
        }
    }

    /// A part, whose cells of like shade are one shape: there may be hundreds of parts.
    static void small(Markup svg, HeatMap map, Part part) {
        int columns = map.columns().size();
        int rows = map.rows().size();
        double side = SMALL / Math.max(1, Math.max(rows, columns));
        svg.open("svg", "class", "right part", "viewBox", "0 0 " + columns + " " + rows, "width", columns * side, "height", rows * side,
                "role", "img", "aria-label", map.title() + ", " + part.name());
        for (int shade = 1; shade <= SHADES; shade++) {
            String cells = cells(part.shares(), columns, shade);
            if (!cells.isEmpty()) {
                svg.empty("path", "fill-opacity", (double) shade / SHADES, "d", cells);
            }
        }
        svg.close("svg");
    }

    /// The cells of a shade, neighbours in a row as one rectangle.
    private static String cells(float[] shares, int columns, int shade) {
        var path = new StringBuilder();
        for (int at = 0; at < shares.length; at++) {
            int from = at;
            while (at < shares.length && at / columns == from / columns && Math.round(SHADES * shade(shares[at])) == shade) {
                at++;
            }
            if (at > from) {
                int width = at - from;
                path.append('M').append(from % columns).append(' ').append(from / columns).append('h').append(width).append("v1h-").append(width).append('z');
                at--;
            }
        }
        return path.toString();
    }
}

package dev.cultivar.report;

import dev.cultivar.evaluate.Confusion;
import dev.cultivar.report.Block.ConfusionMatrix;
import java.util.List;

/// Draws a confusion matrix as SVG: a row a class, coloured by the share of its rows, right answers in one hue and
/// mistakes in another.
final class ConfusionDrawing {
    /// Beyond this a picture shows nothing that the list of mistakes does not.
    static final int MOST_CLASSES = 100;
    /// Up to here counts stand in the cells, and mistakes need no list.
    static final int COUNTED_CLASSES = 12;
    private static final double FONT = 11;
    private static final double SMALL_FONT = 9.5; // of names in rows that are too low for the other
    private static final double SWATCH = 74; // one step of the colour scale

    private final Markup svg;
    private final Confusion confusion;
    private final int K;
    private final double cell;
    private final String names;
    private final double left;
    private final double top;
    private final double side;

    private ConfusionDrawing(Markup svg, Confusion confusion) {
        this.svg = svg;
        this.confusion = confusion;
        K = confusion.labels().size();
        cell = Math.clamp(600.0 / K, SMALL_FONT + 1.5, 44);
        double font = cell < FONT + 2 ? SMALL_FONT : FONT;
        names = font == FONT ? "small" : "tiny";
        double longest = confusion.labels().stream().mapToDouble(label -> Glyphs.pixels(name(label), font)).max().orElse(0);
        left = Math.max(longest + 28, 116);
        top = longest + 32;
        side = K * cell;
    }

    static void draw(Markup svg, ConfusionMatrix block, String id) {
        var drawing = new ConfusionDrawing(svg, block.confusion());
        double width = drawing.left + Math.max(drawing.side + 96, 5 * SWATCH + 76);
        double height = drawing.top + drawing.side + 44;
        svg.open("svg", "class", "matrix", "viewBox", "0 0 " + Markup.number(width) + " " + Markup.number(height),
                "width", width, "height", height, "role", "img", "aria-labelledby", id + "t " + id + "d");
        svg.element("title", block.title(), "id", id + "t");
        svg.element("desc", "Of " + block.confusion().rows() + " rows " + block.confusion().right()
                + " lie on the diagonal.", "id", id + "d");
        drawing.labels();
        drawing.cells();
        drawing.margin();
        drawing.scale();
        svg.close("svg").newline();
    }

    private static String name(String label) {
        return Glyphs.shortened(label, 28);
    }

    private void labels() {
        svg.element("text", "true class", "class", "label", "x", left - 8, "y", top - 10, "text-anchor", "end");
        svg.element("text", "taken for", "class", "label", "x", left, "y", 14.0);
        List<String> classes = confusion.labels();
        for (int k = 0; k < K; k++) {
            double middle = (k + 0.5) * cell;
            svg.element("text", name(classes.get(k)), "class", names, "x", left - 6, "y", top + middle + 4, "text-anchor", "end");
            svg.element("text", name(classes.get(k)), "class", names, "transform", "translate(" + Markup.number(left + middle + 4)
                    + " " + Markup.number(top - 6) + ") rotate(-90)");
        }
    }

    private void cells() {
        svg.empty("rect", "class", "ground", "x", left, "y", top, "width", side, "height", side);
        for (int k = 5; k < K; k += 5) { // every fifth line, so that an eye finds its row
            double at = k * cell;
            svg.empty("line", "class", "grid", "x1", left, "y1", top + at, "x2", left + side, "y2", top + at);
            svg.empty("line", "class", "grid", "x1", left + at, "y1", top, "x2", left + at, "y2", top + side);
        }
        for (int g = 0; g < K; g++) {
            for (int p = 0; p < K; p++) {
                if (confusion.count(g, p) > 0) {
                    cell(g, p);
                }
            }
        }
    }

    private void cell(int g, int p) {
        long count = confusion.count(g, p);
        double share = (double) count / confusion.support(g);
        double x = left + p * cell;
        double y = top + g * cell;
        svg.open("rect", "class", g == p ? "right" : "wrong", "x", x + 0.5, "y", y + 0.5, "width", cell - 1, "height", cell - 1,
                "fill-opacity", shade(share));
        svg.element("title", confusion.labels().get(g) + " taken for " + confusion.labels().get(p) + ": " + count + " of "
                + confusion.support(g) + " (" + Numbers.percent(share) + ")");
        svg.close("rect");
        if (K <= COUNTED_CLASSES) {
            svg.element("text", Long.toString(count), "class", shade(share) > 0.6 ? "small on" : "small", "x", x + cell / 2,
                    "y", y + cell / 2 + 4, "text-anchor", "middle");
        }
    }

    /// The square root makes a mistake of one in twenty visible.
    private static double shade(double share) {
        return Math.max(0.06, Math.sqrt(share));
    }

    private void margin() {
        double at = left + side;
        svg.element("text", "recall", "class", "label", "x", at + 48, "y", top - 10, "text-anchor", "end");
        svg.element("text", "rows", "class", "label", "x", at + 90, "y", top - 10, "text-anchor", "end");
        for (int k = 0; k < K; k++) {
            double y = top + (k + 0.5) * cell + 4;
            String recall = confusion.support(k) == 0 ? "n/a" : Numbers.percent(confusion.recall(k));
            svg.element("text", recall, "class", names, "x", at + 48, "y", y, "text-anchor", "end");
            svg.element("text", Long.toString(confusion.support(k)), "class", names, "x", at + 90, "y", y, "text-anchor", "end");
        }
    }

    private void scale() {
        double y = top + side + 14;
        double x = left;
        svg.element("text", "share of the class:", "class", "small", "x", left - 6, "y", y + 11, "text-anchor", "end");
        for (double share : new double[] {0.01, 0.05, 0.25, 0.5, 1}) {
            svg.empty("rect", "class", "right", "x", x, "y", y, "width", 14.0, "height", 14.0, "fill-opacity", shade(share));
            svg.empty("rect", "class", "wrong", "x", x + 15, "y", y, "width", 14.0, "height", 14.0, "fill-opacity", shade(share));
            svg.element("text", Numbers.percent(share), "class", "small", "x", x + 33, "y", y + 11);
            x += SWATCH;
        }
        svg.element("text", "right, wrong", "class", "small", "x", x, "y", y + 11);
    }
}

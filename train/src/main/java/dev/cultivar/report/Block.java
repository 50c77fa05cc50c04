package dev.cultivar.report;

import dev.cultivar.evaluate.Confusion;
import dev.cultivar.evaluate.Metric;
import java.util.List;
import java.util.Locale;

/// One piece of a [Document]. All text is plain: what looks like markup is shown, not obeyed. A title, a note or a label
/// may be empty, and then is left out.
public sealed interface Block {

    /// A section's name.
    ///
    /// @param level 2 for a section, 3 for one inside it
    record Heading(int level, String text) implements Block {
        public Heading {
            if (level < 2 || level > 3) {
                throw new IllegalArgumentException("a heading's level is 2 or 3, got " + level);
            }
        }
    }

    /// Sentences.
    record Paragraph(String text) implements Block {}

    /// Rows and columns.
    ///
    /// @param title   what stands above it
    /// @param columns names and alignment
    /// @param rows    as many cells each as there are columns
    /// @param note    what stands below it
    record Table(String title, List<Column> columns, List<List<Cell>> rows, String note) implements Block {
        public Table {
            columns = List.copyOf(columns);
            rows = rows.stream().map(List::copyOf).toList();
            for (int row = 0; row < rows.size(); row++) {
                if (rows.get(row).size() != columns.size()) {
                    throw new IllegalArgumentException("table '" + title + "', row " + row + ": " + rows.get(row).size()
                            + " cells, but " + columns.size() + " columns");
                }
            }
        }
    }

    /// Where a column's text stands; numbers to the right, on a terminal on their decimal point.
    enum Align { LEFT, RIGHT }

    /// A column's head.
    record Column(String name, Align align) {
        public static Column left(String name) {
            return new Column(name, Align.LEFT);
        }

        public static Column right(String name) {
            return new Column(name, Align.RIGHT);
        }
    }

    /// What stands in one place of a table.
    ///
    /// @param text   the thing itself
    /// @param detail said more quietly beside it, as an interval is
    /// @param best   whether it stands out as its column's best
    record Cell(String text, String detail, boolean best) {
        public static Cell of(String text) {
            return new Cell(text, "", false);
        }

        /// A whole number in groups of three digits.
        public static Cell count(long number) {
            return of(String.format(Locale.ROOT, "%,d", number));
        }

        /// A number with so many decimals.
        public static Cell number(double number, int decimals) {
            return of(Numbers.fixed(number, decimals));
        }

        /// A metric with its interval.
        public static Cell metric(Metric metric, int decimals) {
            return new Cell(Numbers.fixed(metric.value(), decimals),
                    "[" + Numbers.fixed(metric.low(), decimals) + ", " + Numbers.fixed(metric.high(), decimals) + "]", false);
        }

        /// The same, standing out.
        public Cell asBest() {
            return new Cell(text, detail, true);
        }
    }

    /// Curves over a common axis.
    ///
    /// @param logX whether x is drawn by its logarithm; points at or below 0 are then left out
    record LineChart(String title, String xLabel, String yLabel, List<Series> series, boolean logX, String note) implements Block {
        public LineChart {
            series = List.copyOf(series);
        }
    }

    /// One curve; points that are not finite are left out.
    record Series(String name, List<Point> points) {
        public Series {
            points = List.copyOf(points);
        }
    }

    /// A place on a curve.
    record Point(double x, double y) {}

    /// Numbers from 0 as bars, with their intervals.
    ///
    /// @param axis what the numbers are
    record Bars(String title, String axis, List<Bar> bars, String note) implements Block {
        public Bars {
            bars = List.copyOf(bars);
        }
    }

    /// One bar.
    ///
    /// @param low  the interval's lower end; the value itself where there is none
    /// @param high the interval's upper end; the value itself where there is none
    record Bar(String label, double value, double low, double high) {
        /// A metric's bar.
        public static Bar of(String label, Metric metric) {
            return new Bar(label, metric.value(), metric.low(), metric.high());
        }
    }

    /// Which class was taken for which.
    record ConfusionMatrix(String title, Confusion confusion, String note) implements Block {}

    /// A picture, as the bytes of a PNG file; a report that is one file holds them itself.
    ///
    /// @param alt what it shows, for who does not see it
    record Image(String title, byte[] png, String alt, String note) implements Block {}

    /// Pictures of one size beside each other.
    record Gallery(String title, List<Frame> frames, String note) implements Block {
        public Gallery {
            frames = List.copyOf(frames);
        }
    }

    /// One of them.
    ///
    /// @param name what stands above it
    /// @param png  the bytes of a PNG file
    /// @param alt  what it shows, for who does not see it
    record Frame(String name, byte[] png, String alt) {}

    /// Things that were looked at, each with pictures of it, where there are some, and with what is said of it.
    record Cards(String title, List<Card> cards, String note) implements Block {
        public Cards {
            cards = List.copyOf(cards);
        }
    }

    /// One of them.
    ///
    /// @param views the picture first, then others that belong to it; none where there is nothing to see
    /// @param facts what is said of it; alike in number and keys for all of them
    record Card(List<View> views, List<Fact> facts) {
        public Card {
            views = List.copyOf(views);
            facts = List.copyOf(facts);
        }
    }

    /// A small picture, as the bytes of a PNG file.
    ///
    /// @param alt    what it shows, for who does not see it, and below it
    /// @param pixels whether its pixels stay squares when it is enlarged
    record View(byte[] png, String alt, boolean pixels) {}

    /// How things divide themselves among others: a row for each that divides, the darker the more.
    ///
    /// @param rowsName    what the rows are
    /// @param rows        their names, down
    /// @param columnsName what the columns are
    /// @param columns     their names, across
    /// @param shares      from 0 to 1, row after row
    /// @param parts       smaller maps of the same rows and columns: what the large one is the mean of
    record HeatMap(
            String title, String rowsName, List<String> rows, String columnsName, List<String> columns, float[] shares, List<Part> parts, String note)
            implements Block {
        public HeatMap {
            rows = List.copyOf(rows);
            columns = List.copyOf(columns);
            parts = List.copyOf(parts);
            int cells = rows.size() * columns.size();
            if (shares.length != cells || parts.stream().anyMatch(part -> part.shares().length != cells)) {
                throw new IllegalArgumentException("heat map '" + title + "' has " + rows.size() + " rows and " + columns.size() + " columns, so "
                        + cells + " shares, and as many each of its parts; got " + shares.length);
            }
        }
    }

    /// One of the smaller maps.
    record Part(String name, float[] shares) {}

    /// A text in pieces, each the darker the larger its share.
    record ShadedText(String title, List<Share> pieces, String note) implements Block {
        public ShadedText {
            pieces = List.copyOf(pieces);
        }
    }

    /// A piece, and its share from 0 to 1.
    record Share(String text, double share) {}

    /// A program, a recipe, a command.
    ///
    /// @param folded whether only the title shows until it is asked for; paper shows all
    record Code(String title, String language, String text, boolean folded) implements Block {
        public Code {
            if (folded && title.isBlank()) {
                throw new IllegalArgumentException("folded code needs a title to be opened by");
            }
        }
    }

    /// Names and what they stand for.
    record Facts(String title, List<Fact> facts) implements Block {
        public Facts {
            facts = List.copyOf(facts);
        }
    }

    /// One of them.
    record Fact(String key, String value) {}
}

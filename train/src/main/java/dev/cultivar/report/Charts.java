package dev.cultivar.report;

import dev.cultivar.evaluate.Confusion;
import dev.cultivar.report.Block.Align;
import dev.cultivar.report.Block.Cell;
import dev.cultivar.report.Block.Column;
import dev.cultivar.report.Block.HeatMap;
import dev.cultivar.report.Block.LineChart;
import dev.cultivar.report.Block.Point;
import dev.cultivar.report.Block.Series;
import dev.cultivar.report.Block.ShadedText;
import dev.cultivar.report.Block.Table;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// What pictures have in common: colours, and their content in words and tables for those who cannot see them.
final class Charts {
    private static final int COLOURS = 8;
    private static final int MOST_SHARES = 3;

    private Charts() {}

    /// The style's classes of the k-th series: a colour, and once all are used dashes as well.
    static String colour(int k) {
        return "c" + k % COLOURS + (k >= COLOURS ? " dashed" : "");
    }

    /// Moves ascending places apart until neighbours are `gap` from each other, keeping them between `low` and `high`
    /// as far as they fit.
    static void spread(double[] at, double gap, double low, double high) {
        for (int i = 1; i < at.length; i++) {
            at[i] = Math.max(at[i], at[i - 1] + gap);
        }
        double ceiling = high;
        for (int i = at.length - 1; i >= 0; i--) {
            at[i] = Math.min(at[i], ceiling);
            ceiling = at[i] - gap;
        }
        double floor = low;
        for (int i = 0; i < at.length; i++) {
            at[i] = Math.max(at[i], floor);
            floor = at[i] + gap;
        }
    }

    static String describe(LineChart chart) {
        var words = new StringBuilder(chart.yLabel() + " over " + chart.xLabel() + ".");
        for (Series series : chart.series()) {
            List<Point> points = finite(series);
            if (!points.isEmpty()) {
                words.append(' ').append(series.name()).append(": from ").append(Numbers.compact(points.getFirst().y()))
                        .append(" to ").append(Numbers.compact(points.getLast().y())).append('.');
            }
        }
        return words.toString();
    }

    /// A chart's curves by their ends and extremes.
    static Table summary(LineChart chart) {
        List<List<Cell>> rows = new ArrayList<>();
        for (Series series : chart.series()) {
            List<Point> points = finite(series);
            if (points.isEmpty()) {
                continue;
            }
            var byHeight = Comparator.comparingDouble(Point::y);
            rows.add(List.of(Cell.of(series.name()), at(points.getFirst()), at(points.stream().min(byHeight).orElseThrow()),
                    at(points.stream().max(byHeight).orElseThrow()), at(points.getLast())));
        }
        return new Table("", List.of(Column.left("curve"), Column.right("first"), Column.right("lowest"), Column.right("highest"),
                Column.right("last")), rows, chart.yLabel() + " @ " + chart.xLabel());
    }

    /// A heat map by the largest shares of each row; its parts are left out.
    static Table most(HeatMap map) {
        int columns = map.columns().size();
        List<List<Cell>> rows = new ArrayList<>();
        for (int row = 0; row < map.rows().size(); row++) {
            int from = row * columns;
            String most = IntStream.range(0, columns).boxed()
                    .sorted(Comparator.comparingDouble((Integer column) -> -map.shares()[from + column]))
                    .limit(MOST_SHARES)
                    .filter(column -> map.shares()[from + column] > 0)
                    .map(column -> map.columns().get(column) + " " + share(map.shares()[from + column]))
                    .collect(Collectors.joining(", "));
            rows.add(List.of(Cell.of(map.rows().get(row)), Cell.of(most)));
        }
        return new Table(map.title(), List.of(Column.left(map.rowsName()), Column.left("most of all " + map.columnsName())), rows, map.note());
    }

    /// A shaded text as its pieces and their shares.
    static Table shares(ShadedText text) {
        List<List<Cell>> rows = text.pieces().stream().map(piece -> List.of(Cell.of(piece.text()), Cell.of(share(piece.share())))).toList();
        return new Table(text.title(), List.of(Column.left("piece"), Column.right("share")), rows, text.note());
    }

    /// A share in percent, a small one with a decimal.
    static String share(double share) {
        return share < 0.0995 ? Numbers.fixed(100 * share, 1) + " %" : Numbers.percent(share);
    }

    private static Cell at(Point point) {
        return new Cell(Numbers.compact(point.y()), "@ " + Numbers.compact(point.x()), false);
    }

    private static List<Point> finite(Series series) {
        return series.points().stream().filter(p -> Double.isFinite(p.x()) && Double.isFinite(p.y())).toList();
    }

    /// The most frequent mistakes, at most `most` of them.
    static Table mistakes(Confusion confusion, int most) {
        record Mistake(int gold, int predicted, long rows) {}
        int K = confusion.labels().size();
        List<Mistake> all = new ArrayList<>();
        for (int g = 0; g < K; g++) {
            for (int p = 0; p < K; p++) {
                if (g != p && confusion.count(g, p) > 0) {
                    all.add(new Mistake(g, p, confusion.count(g, p)));
                }
            }
        }
        all.sort(Comparator.comparingLong(Mistake::rows).reversed()); // stable: equals stay in the labels' order
        return new Table("The most frequent mistakes",
                List.of(Column.left("class"), Column.left("taken for"), Column.right("rows"), new Column("of the class", Align.RIGHT)),
                all.stream().limit(most).map(m -> List.of(Cell.of(confusion.labels().get(m.gold())),
                        Cell.of(confusion.labels().get(m.predicted())), Cell.count(m.rows()),
                        Cell.of(Numbers.percent((double) m.rows() / confusion.support(m.gold()))))).toList(), "");
    }
}

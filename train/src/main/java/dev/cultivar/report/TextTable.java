package dev.cultivar.report;

import dev.cultivar.report.Block.Align;
import dev.cultivar.report.Block.Cell;
import dev.cultivar.report.Block.Column;
import dev.cultivar.report.Block.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Writes a table as aligned plain text for a terminal: numbers stand on their decimal point, wide characters count two
/// columns, and nothing in a cell can move the cursor. The best of a column carries a star.
public final class TextTable {
    private static final String GAP = "  ";
    /// A cell that starts with a number: what stands before its decimal point, the decimals, the unit.
    private static final Pattern NUMBER = Pattern.compile("([+\\-−]?\\d[\\d,]*)((?:\\.\\d+)?)(.*)");

    private TextTable() {}

    /// The title, the head, a rule, the rows, the note; every line ends with a line feed and without spaces.
    public static String render(Table table) {
        List<List<String>> columns = new ArrayList<>();
        for (int k = 0; k < table.columns().size(); k++) {
            columns.add(column(table, k));
        }
        var out = new StringBuilder();
        line(out, Glyphs.oneLine(table.title()));
        for (int row = 0; row <= table.rows().size(); row++) {
            List<String> cells = new ArrayList<>();
            for (List<String> column : columns) {
                cells.add(column.get(row));
            }
            line(out, String.join(GAP, cells));
            if (row == 0) {
                line(out, String.join(GAP, columns.stream().map(column -> "─".repeat(Glyphs.columns(column.getFirst()))).toList()));
            }
        }
        line(out, Glyphs.oneLine(table.note()));
        return out.toString();
    }

    private static void line(StringBuilder out, String line) {
        if (!line.isBlank()) {
            out.append(line.stripTrailing()).append('\n');
        }
    }

    /// A column's head and cells, padded to one width.
    private static List<String> column(Table table, int k) {
        Column column = table.columns().get(k);
        List<Cell> cells = table.rows().stream().map(row -> row.get(k)).toList();
        List<String> texts = cells.stream().map(cell -> Glyphs.oneLine(cell.text())).toList();
        List<String> details = cells.stream().map(cell -> Glyphs.oneLine(cell.detail())).toList();
        boolean right = column.align() == Align.RIGHT;
        if (right) {
            texts = onPoint(texts);
        }
        if (cells.stream().anyMatch(Cell::best)) {
            texts = padded(texts, right);
            texts = joined(texts, cells.stream().map(cell -> cell.best() ? "*" : " ").toList(), "");
        }
        if (details.stream().anyMatch(detail -> !detail.isEmpty())) {
            texts = joined(padded(texts, right), padded(details, false), " ");
        }
        List<String> all = new ArrayList<>();
        all.add(Glyphs.oneLine(column.name()));
        all.addAll(texts);
        return padded(all, right);
    }

    /// Makes numbers end alike, so that, set to the right, their decimal points and their units stand below each other.
    private static List<String> onPoint(List<String> texts) {
        int decimals = 0;
        int unit = 0;
        for (String text : texts) {
            Matcher number = NUMBER.matcher(text);
            if (number.matches()) {
                decimals = Math.max(decimals, number.group(2).length());
                unit = Math.max(unit, Glyphs.columns(number.group(3)));
            }
        }
        List<String> out = new ArrayList<>();
        for (String text : texts) {
            Matcher number = NUMBER.matcher(text);
            out.add(!number.matches() ? text : number.group(1)
                    + number.group(2) + " ".repeat(decimals - number.group(2).length())
                    + number.group(3) + " ".repeat(unit - Glyphs.columns(number.group(3))));
        }
        return out;
    }

    private static List<String> joined(List<String> first, List<String> second, String between) {
        List<String> out = new ArrayList<>();
        for (int i = 0; i < first.size(); i++) {
            out.add(first.get(i) + between + second.get(i));
        }
        return out;
    }

    private static List<String> padded(List<String> texts, boolean right) {
        int width = texts.stream().mapToInt(Glyphs::columns).max().orElse(0);
        return texts.stream().map(text -> {
            String space = " ".repeat(width - Glyphs.columns(text));
            return right ? space + text : text + space;
        }).toList();
    }
}

package dev.cultivar.report;

import dev.cultivar.evaluate.Confusion;
import dev.cultivar.report.Block.Align;
import dev.cultivar.report.Block.Bar;
import dev.cultivar.report.Block.Bars;
import dev.cultivar.report.Block.Cards;
import dev.cultivar.report.Block.Cell;
import dev.cultivar.report.Block.Code;
import dev.cultivar.report.Block.Column;
import dev.cultivar.report.Block.ConfusionMatrix;
import dev.cultivar.report.Block.Fact;
import dev.cultivar.report.Block.Facts;
import dev.cultivar.report.Block.Frame;
import dev.cultivar.report.Block.Gallery;
import dev.cultivar.report.Block.Heading;
import dev.cultivar.report.Block.HeatMap;
import dev.cultivar.report.Block.Image;
import dev.cultivar.report.Block.LineChart;
import dev.cultivar.report.Block.Paragraph;
import dev.cultivar.report.Block.ShadedText;
import dev.cultivar.report.Block.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Writes a document as Markdown with GitHub's tables; pictures become small tables.
public final class Markdown {
    private static final int LISTED_MISTAKES = 10;

    private final StringBuilder out = new StringBuilder();

    private Markdown() {}

    /// The whole text.
    public static String render(Document document) {
        var markdown = new Markdown();
        markdown.paragraph("# " + escape(document.title()));
        markdown.paragraph(escape(document.subtitle()));
        document.blocks().forEach(markdown::block);
        return markdown.out.toString();
    }

    private void block(Block block) {
        switch (block) {
            case Heading(int level, String text) -> paragraph("#".repeat(level) + " " + escape(text));
            case Paragraph(String text) -> paragraph(escape(text));
            case Table table -> table(table);
            case LineChart chart -> {
                Table summary = Charts.summary(chart);
                table(new Table(chart.title(), summary.columns(), summary.rows(), summary.note()));
                paragraph(escape(chart.note()));
            }
            case Bars bars -> table(bars(bars));
            case ConfusionMatrix matrix -> confusion(matrix);
            case Image image -> picture(image.title(), image.alt(), image.note());
            case Gallery gallery -> picture(
                    gallery.title(), gallery.frames().stream().map(Frame::alt).collect(Collectors.joining("; ")), gallery.note());
            case HeatMap map -> table(Charts.most(map));
            case ShadedText text -> table(Charts.shares(text));
            case Cards cards -> cards(cards);
            case Code code -> code(code);
            case Facts facts -> {
                title(facts.title());
                paragraph(facts.facts().stream().map(Markdown::fact).collect(Collectors.joining("\n")));
            }
        }
    }

    private void picture(String title, String alt, String note) {
        paragraph("*" + escape(title + ": " + alt) + ", in the report's HTML form.*" + (note.isBlank() ? "" : " " + escape(note)));
    }

    private void paragraph(String text) {
        if (!text.isBlank()) {
            out.append(text).append("\n\n");
        }
    }

    private void title(String title) {
        if (!title.isBlank()) {
            paragraph("**" + escape(title) + "**");
        }
    }

    static String fact(Fact fact) {
        return "- " + escape(fact.key()) + ": " + escape(fact.value());
    }

    private void table(Table table) {
        title(table.title());
        out.append(table(table.columns(), table.rows())).append('\n');
        paragraph(escape(table.note()));
    }

    static String table(List<Column> columns, List<List<Cell>> rows) {
        var lines = new StringBuilder();
        row(lines, columns.stream().map(column -> escape(column.name())).toList());
        row(lines, columns.stream().map(column -> column.align() == Align.RIGHT ? "--:" : ":--").toList());
        rows.forEach(cells -> row(lines, cells.stream().map(Markdown::cell).toList()));
        return lines.toString();
    }

    private static void row(StringBuilder lines, List<String> cells) {
        lines.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }

    private static String cell(Cell cell) {
        String text = escape(cell.text());
        String strong = cell.best() && !text.isBlank() ? "**" + text + "**" : text;
        return cell.detail().isBlank() ? strong : strong + " " + escape(cell.detail());
    }

    private static Table bars(Bars bars) {
        List<List<Cell>> rows = new ArrayList<>();
        for (Bar bar : bars.bars()) {
            String interval = bar.low() < bar.high() ? "[" + Numbers.compact(bar.low()) + ", " + Numbers.compact(bar.high()) + "]" : "";
            rows.add(List.of(Cell.of(bar.label()), new Cell(Numbers.compact(bar.value()), interval, false)));
        }
        return new Table(bars.title(), List.of(Column.left(""), Column.right(bars.axis())), rows, bars.note());
    }

    private void confusion(ConfusionMatrix matrix) {
        Confusion confusion = matrix.confusion();
        int K = confusion.labels().size();
        boolean counted = K <= ConfusionDrawing.COUNTED_CLASSES;
        List<Column> columns = new ArrayList<>(List.of(Column.left("true class"), Column.right("rows"), Column.right("recall")));
        if (counted) {
            confusion.labels().forEach(label -> columns.add(Column.right("taken for " + label)));
        }
        List<List<Cell>> rows = new ArrayList<>();
        for (int g = 0; g < K; g++) {
            List<Cell> row = new ArrayList<>(List.of(Cell.of(confusion.labels().get(g)), Cell.count(confusion.support(g)),
                    Cell.of(confusion.support(g) == 0 ? "n/a" : Numbers.percent(confusion.recall(g)))));
            for (int p = 0; counted && p < K; p++) {
                row.add(Cell.count(confusion.count(g, p)));
            }
            rows.add(row);
        }
        table(new Table(matrix.title(), columns, rows, matrix.note()));
        Table mistakes = Charts.mistakes(confusion, LISTED_MISTAKES);
        if (!counted && !mistakes.rows().isEmpty()) {
            table(mistakes);
        }
    }

    /// What is said of each; pictures are in the page.
    private void cards(Cards cards) {
        if (cards.cards().isEmpty()) {
            return;
        }
        List<Column> columns = cards.cards().getFirst().facts().stream().map(fact -> Column.left(fact.key())).toList();
        List<List<Cell>> rows = cards.cards().stream().map(card -> card.facts().stream().map(fact -> Cell.of(fact.value())).toList()).toList();
        boolean pictures = cards.cards().stream().anyMatch(card -> !card.views().isEmpty());
        table(new Table(cards.title(), columns, rows, pictures ? "The pictures are in the report's HTML form." : cards.note()));
    }

    private void code(Code code) {
        title(code.title());
        paragraph(fenced(code.language(), code.text()));
    }

    /// A fence longer than any run of backticks inside.
    static String fenced(String language, String text) {
        int run = 0;
        int longest = 2;
        for (int i = 0; i < text.length(); i++) {
            run = text.charAt(i) == '`' ? run + 1 : 0;
            longest = Math.max(longest, run);
        }
        String fence = "`".repeat(longest + 1);
        return fence + language.replaceAll("[^A-Za-z0-9+-]", "") + "\n" + text.stripTrailing() + "\n" + fence;
    }

    /// One line in which no character is markup. An underscore inside a word is none, and stays readable.
    static String escape(String text) {
        String line = Glyphs.oneLine(text);
        var safe = new StringBuilder(line.length() + 8);
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            boolean start = safe.isEmpty();
            switch (c) {
                case '&' -> safe.append("&amp;");
                case '<' -> safe.append("&lt;");
                case '>' -> safe.append("&gt;");
                case '\\', '`', '*', '|', '~', '[', ']' -> safe.append('\\').append(c);
                case '_' -> safe.append(insideWord(line, i) ? "_" : "\\_");
                case '#' -> safe.append(start ? "\\" : "").append(c);
                case '+', '-' -> safe.append(start && spaceAfter(line, i) ? "\\" : "").append(c);
                case '.', ')' -> safe.append(line.substring(0, i).matches("\\d+") && spaceAfter(line, i) ? "\\" : "").append(c);
                default -> safe.append(c);
            }
        }
        return safe.toString();
    }

    /// Only then does a sign or a number's point begin a list.
    private static boolean spaceAfter(String line, int at) {
        return at + 1 == line.length() || line.charAt(at + 1) == ' ';
    }

    private static boolean insideWord(String line, int at) {
        return at > 0 && at + 1 < line.length()
                && Character.isLetterOrDigit(line.charAt(at - 1)) && Character.isLetterOrDigit(line.charAt(at + 1));
    }
}

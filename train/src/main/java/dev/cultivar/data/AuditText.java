package dev.cultivar.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// An [Audit] as lines of text with aligned columns.
public final class AuditText {
    private static final int LABELS_SHOWN = 20;

    private AuditText() {}

    public static List<String> lines(Audit audit) {
        List<String> lines = new ArrayList<>(aligned(parts(audit)));
        if (!audit.labels().isEmpty()) {
            lines.add("");
            lines.addAll(aligned(labels(audit)));
        }
        if (!audit.samples().isEmpty()) {
            lines.add("");
            lines.add("as the model will see it ([what it must say→what it sees])");
            audit.samples().forEach(sample -> lines.add("  " + sample(sample)));
        }
        if (!audit.findings().isEmpty()) {
            lines.add("");
            audit.findings().forEach(finding -> lines.add((finding.severity() == Audit.Severity.ERROR ? "error  " : "note   ") + finding.message()));
        }
        return lines;
    }

    /// `tickets.csv:7  billing  [CLS] my [card→[MASK]] [SEP]`
    static String sample(Audit.Sample sample) {
        String tokens = sample.tokens().stream()
                .map(token -> token.original().isEmpty() ? token.piece() : "[" + token.original() + "→" + bare(token.piece()) + "]")
                .collect(Collectors.joining(" "));
        return sample.place() + "  " + (sample.label().isEmpty() ? "" : sample.label() + "  ") + tokens;
    }

    /// A special piece without its brackets, which the mark has already.
    private static String bare(String piece) {
        return piece.length() > 2 && piece.startsWith("[") && piece.endsWith("]") ? piece.substring(1, piece.length() - 1) : piece;
    }

    private static List<List<String>> parts(Audit audit) {
        List<List<String>> table = new ArrayList<>();
        if (audit.parts().stream().allMatch(part -> part.tokens() == 0)) { // pictures, which have no tokens
            table.add(List.of("part", "pictures", "repeated", "leaked"));
            audit.parts().forEach(part -> table.add(
                    List.of(part.name(), number(part.rows()), number(part.duplicates()), number(part.leaked()))));
            return table;
        }
        table.add(List.of("part", "rows", "tokens", "median", "p95", "longest", "cut", "unknown", "empty", "repeated", "leaked"));
        for (Audit.Part part : audit.parts()) {
            table.add(List.of(part.name(), number(part.rows()), number(part.tokens()), number(part.median()), number(part.p95()),
                    number(part.longest()), Findings.percent(part.truncatedShare()), Findings.percent(part.unknownShare()),
                    number(part.nothing()), number(part.duplicates()), number(part.leaked())));
        }
        return table;
    }

    /// All labels, or the most and the least frequent where they are many.
    private static List<List<String>> labels(Audit audit) {
        List<List<String>> table = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of("label"));
        audit.parts().forEach(part -> head.add(part.name()));
        table.add(head);
        int all = audit.labels().size();
        for (int i = 0; i < all; i++) {
            boolean shown = all <= LABELS_SHOWN || i < LABELS_SHOWN / 2 || i >= all - LABELS_SHOWN / 2;
            if (shown) {
                Audit.LabelCount label = audit.labels().get(i);
                List<String> row = new ArrayList<>(List.of(label.label()));
                label.counts().forEach(count -> row.add(number(count)));
                table.add(row);
            } else if (i == LABELS_SHOWN / 2) {
                table.add(List.of("... " + (all - LABELS_SHOWN) + " more"));
            }
        }
        return table;
    }

    /// The first column to the left, numbers to the right.
    private static List<String> aligned(List<List<String>> table) {
        int columns = table.stream().mapToInt(List::size).max().orElse(0);
        int[] widths = IntStream.range(0, columns)
                .map(c -> table.stream().filter(row -> row.size() > c).mapToInt(row -> row.get(c).length()).max().orElse(0))
                .toArray();
        return table.stream()
                .map(row -> IntStream.range(0, row.size())
                        .mapToObj(c -> pad(row.get(c), widths[c], c == 0))
                        .collect(Collectors.joining("  ")).stripTrailing())
                .toList();
    }

    private static String pad(String text, int width, boolean left) {
        String spaces = " ".repeat(width - text.length());
        return left ? text + spaces : spaces + text;
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}

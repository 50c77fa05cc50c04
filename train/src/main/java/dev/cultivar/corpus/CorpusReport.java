package dev.cultivar.corpus;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// What a corpus holds, and what became of the documents that it does not hold any more.
///
/// @param sources in the order of the recipe
public record CorpusReport(List<Source> sources) {
    public CorpusReport {
        sources = List.copyOf(sources);
    }

    /// The same with each source's tokens.
    public CorpusReport withTokens(long[] tokens) {
        return new CorpusReport(IntStream.range(0, sources.size()).mapToObj(i -> sources.get(i).withTokens(tokens[i])).toList());
    }

    /// One source.
    ///
    /// @param name       as the recipe names it
    /// @param weight     how often an epoch sees each of its documents
    /// @param files      0 for a query
    /// @param bytes      that the files take on disk
    /// @param documents  that were read; parts of a long one count
    /// @param characters of the documents that stay
    /// @param kept       documents that stay
    /// @param tokens     of the documents that stay; empty where nobody has encoded them
    /// @param dropped    the others, by reason, in the order of the steps
    /// @param notes      what was met on the way: empty files, bytes that are no UTF-8, NUL characters, documents that were cut
    public record Source(
            String name, double weight, long files, long bytes, long documents, long characters, long kept, OptionalLong tokens,
            List<Dropped> dropped, List<String> notes) {
        public Source {
            dropped = List.copyOf(dropped);
            notes = List.copyOf(notes);
        }

        Source withTokens(long count) {
            return new Source(name, weight, files, bytes, documents, characters, kept, OptionalLong.of(count), dropped, notes);
        }
    }

    /// Documents that a step left out for one reason.
    ///
    /// @param step    as the recipe names it
    /// @param example where one of them is
    public record Dropped(String step, String reason, long documents, String example) {}

    /// How many documents a step left out, of all sources.
    public long dropped(String step) {
        return sources.stream().flatMap(source -> source.dropped().stream())
                .filter(dropped -> dropped.step().equals(step)).mapToLong(Dropped::documents).sum();
    }

    /// The report as lines of text with aligned columns.
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        List<List<String>> table = new ArrayList<>();
        boolean encoded = sources.stream().anyMatch(source -> source.tokens().isPresent());
        Stream<String> columns = Stream.of("source", "weight", "files", "bytes", "documents", "kept", "characters");
        table.add(Stream.concat(columns, encoded ? Stream.of("tokens") : Stream.of()).toList());
        for (Source source : sources) {
            Stream<String> tokens = encoded ? Stream.of(source.tokens().isPresent() ? number(source.tokens().getAsLong()) : "") : Stream.of();
            Stream<String> cells = Stream.of(shortened(source.name()), String.format(Locale.ROOT, "%.4g", source.weight()), number(source.files()), number(source.bytes()),
                    number(source.documents()), number(source.kept()), number(source.characters()));
            table.add(Stream.concat(cells, tokens).toList());
        }
        lines.addAll(aligned(table));
        for (Source source : sources) {
            lines.addAll(lines(source));
        }
        return lines;
    }

    /// Why documents of a source were left out, and what else was met.
    static List<String> lines(Source source) {
        List<List<String>> table = new ArrayList<>();
        table.add(List.of("left out of " + shortened(source.name()), "documents", "share", "  for example"));
        for (Dropped dropped : source.dropped()) {
            table.add(List.of(dropped.step() + ": " + dropped.reason(), number(dropped.documents()),
                    String.format(Locale.ROOT, "%.2f %%", 100.0 * dropped.documents() / Math.max(1, source.documents())), "  " + dropped.example()));
        }
        List<String> lines = new ArrayList<>();
        if (table.size() > 1) {
            lines.add("");
            lines.addAll(aligned(table));
        }
        source.notes().forEach(note -> lines.add("note   " + note));
        return lines;
    }

    private static String shortened(String name) {
        return name.length() <= 48 ? name : name.substring(0, 20) + "..." + name.substring(name.length() - 25);
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static List<String> aligned(List<List<String>> table) {
        int[] widths = IntStream.range(0, table.getFirst().size())
                .map(column -> table.stream().mapToInt(row -> row.get(column).length()).max().orElse(0)).toArray();
        return table.stream().map(row -> IntStream.range(0, row.size()).mapToObj(column -> {
            String cell = row.get(column);
            String spaces = " ".repeat(widths[column] - cell.length());
            return column == 0 || cell.startsWith("  ") ? cell + spaces : spaces + cell;
        }).collect(Collectors.joining("  ")).stripTrailing()).toList();
    }
}

package dev.cultivar.data;

import dev.cultivar.batch.DataException;
import dev.cultivar.recipe.DataRecipe.Columns;
import dev.cultivar.recipe.DataRecipe.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;

/// Opens what a recipe names as a source of rows: a table, a text, a query, a part of the zoo.
///
/// A file is a table by its ending (`csv`, `tsv`, `json`, `jsonl`, `ndjson`, `parquet`) and plain text otherwise, except
/// that a file of another ending is a table all the same where the recipe's columns stand in its first line. Where rows are tagged words,
/// `conll`, `iob2` and `bio` are the CoNLL tasks' form; where they are questions, a `json` may be SQuAD's.
/// What is wrong with a file as a whole is said here; what is wrong with a row, when it is read.
public final class RowReader {
    private static final Set<String> TABLES = Set.of("csv", "tsv", "json", "jsonl", "ndjson", "parquet");

    private RowReader() {}

    public static Examples open(Source source, Columns columns) {
        return open(source, columns, RowKind.LABELS);
    }

    /// @param kind what the rows' labels are
    public static Examples open(Source source, Columns columns, RowKind kind) {
        return switch (source) {
            case Source.Table table -> file(table, columns, kind);
            case Source.Sql sql -> TableExamples.query(sql.query(), columns, kind);
            case Source.Zoo zoo -> ZooExamples.open(zoo, columns);
            case Source.Corpus corpus -> CorpusExamples.open(corpus.corpus(), columns);
        };
    }

    /// Rows to answer for: of a table the columns that a recipe names, its label left aside; of plain text each line, whatever the
    /// recipe calls it.
    ///
    /// @param lenient whether rows without a text, and JSON lines that are none, are handed on with an empty text instead of refused
    public static Examples unlabelled(Path path, Columns recorded, boolean lenient) {
        readable(path);
        Columns columns = new Columns(recorded.text(), recorded.pair(), "");
        String ending = ending(path);
        boolean named = !columns.text().equals(TextExamples.COLUMN) || !columns.pair().isEmpty();
        if (TABLES.contains(ending) || named && Header.names(path, columns)) {
            return TableExamples.asked(
                    path, TABLES.contains(ending) ? ending : "csv", columns, "Leave them out of the file, or set them aside with --set-aside", lenient);
        }
        return TextExamples.open(path, "", new Columns(TextExamples.COLUMN, columns.pair(), ""));
    }

    private static Examples file(Source.Table table, Columns columns, RowKind kind) {
        Path path = table.path();
        readable(path);
        String ending = ending(path);
        if (kind == RowKind.TAGS && TaggedFile.ENDINGS.contains(ending)) {
            return TaggedFile.open(path, table.where(), columns);
        }
        if (kind == RowKind.ANSWERS && ending.equals("json") && SquadFile.is(path)) {
            return SquadFile.open(path, table.where(), columns);
        }
        if (TABLES.contains(ending)) {
            return TableExamples.file(path, ending, table.where(), columns, kind);
        }
        boolean named = !columns.label().isEmpty() || !columns.pair().isEmpty()
                || !columns.text().isEmpty() && !columns.text().equals(TextExamples.COLUMN);
        if (named && Header.names(path, columns)) {
            return TableExamples.file(path, "csv", table.where(), columns, kind);
        }
        return TextExamples.open(path, table.where(), columns);
    }

    private static void readable(Path path) {
        if (Files.isDirectory(path)) {
            throw new DataException(path + " is a directory, not a file; name a file in it");
        }
        if (!Files.exists(path)) {
            throw new DataException(path + " does not exist; a relative path is taken from the working directory, "
                    + Path.of("").toAbsolutePath());
        }
        if (!Files.isReadable(path)) {
            throw new DataException(path + " may not be read; check its permissions");
        }
        try {
            if (Files.size(path) == 0) {
                throw new DataException(path + " is empty; expected at least one row");
            }
        } catch (IOException e) {
            throw new DataException(path + " cannot be read: " + e.getMessage(), e);
        }
    }

    static String ending(Path path) {
        String name = path.getFileName().toString();
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }
}

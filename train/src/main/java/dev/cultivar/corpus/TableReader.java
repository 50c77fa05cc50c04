package dev.cultivar.corpus;

import dev.cultivar.batch.DataException;
import dev.cultivar.recipe.CorpusRecipe;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;

/// Reads one column of a table or query, row after row, through DuckDB; each row is a document.
///
/// Cells of text formats are taken as the text that they are. One thread reads, for an order that is always the same.
final class TableReader {
    private static final Set<String> TABLES = Set.of("csv", "tsv", "json", "jsonl", "ndjson", "parquet");

    private TableReader() {}

    /// The kind of table that a name ends in, packed or not; empty for a text.
    static String ending(Path path) {
        String name = path.getFileName().toString().toLowerCase(Locale.ROOT).replaceFirst("\\.(gz|zst)$", "");
        String ending = name.substring(name.lastIndexOf('.') + 1);
        return TABLES.contains(ending) && name.contains(".") ? ending : "";
    }

    static void file(Path path, String ending, CorpusRecipe.Source source, Tally tally, Documents.Sink sink) {
        String file = quote(path.toString().replaceAll("([\\[*?])", "[$1]"), '\'');
        String relation = switch (ending) {
            case "csv" -> "read_csv(" + file + ", all_varchar=true, header=true)";
            case "tsv" -> "read_csv(" + file + ", all_varchar=true, header=true, delim='\t', quote='', escape='')";
            case "parquet" -> "read_parquet(" + file + ")";
            default -> "read_json(" + file + ", columns={" + quote(source.column(), '\'') + ": 'VARCHAR'}, format="
                    + (ending.equals("json") ? "'auto'" : "'newline_delimited'") + ", maximum_object_size=134217728)";
        };
        boolean json = ending.startsWith("json") || ending.equals("ndjson");
        long texts = read(path.toString(), "select * from " + relation, source, tally, sink);
        if (json && texts == 0) {
            throw new DataException(path + ": no row has a text in '" + source.column() + "'; name the key with column");
        }
    }

    static void query(String sql, CorpusRecipe.Source source, Tally tally, Documents.Sink sink) {
        read(name(sql), sql.strip().replaceAll(";+\\s*$", ""), source, tally, sink);
    }

    static String name(String sql) {
        String query = sql.strip();
        return "query `" + (query.length() > 60 ? query.substring(0, 57) + "..." : query) + "`";
    }

    /// How many rows had a text.
    private static long read(String name, String select, CorpusRecipe.Source source, Tally tally, Documents.Sink sink) {
        long texts = 0;
        try (Connection duckdb = connect(); Statement statement = duckdb.createStatement();
                ResultSet result = statement.executeQuery(select)) {
            int column = column(result.getMetaData(), name, source.column());
            for (long row = 1; result.next(); row++) {
                String text = result.getString(column);
                String place = name + ": row " + row;
                if (text != null && text.indexOf(0) >= 0) {
                    text = withoutNul(text, place, source, tally);
                }
                texts += text == null || text.isBlank() ? 0 : 1;
                Segmenter.whole(place, text == null ? "" : text, tally, sink);
            }
        } catch (SQLException e) {
            throw new DataException(name + ": " + String.valueOf(e.getMessage()).lines().findFirst().orElse("cannot be read").strip(), e);
        }
        return texts;
    }

    private static String withoutNul(String text, String place, CorpusRecipe.Source source, Tally tally) {
        if (source.nul() == CorpusRecipe.Nul.REFUSE) {
            throw new DataException(place + " has a NUL character, which no text has. Leave the row out, or set nul: drop");
        }
        String without = text.replace("\0", "");
        tally.nul(place, text.length() - without.length());
        return without;
    }

    private static int column(ResultSetMetaData columns, String name, String wanted) throws SQLException {
        List<String> names = new ArrayList<>();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            names.add(columns.getColumnName(i));
            if (names.getLast().equals(wanted)) {
                return i;
            }
        }
        throw new DataException(name + ": no column '" + wanted + "'; there are " + names + ". Name it with column");
    }

    private static Connection connect() throws SQLException {
        Properties options = new Properties();
        options.setProperty("jdbc_stream_results", "true");
        options.setProperty("threads", "1");
        options.setProperty("autoinstall_known_extensions", "false");
        return DriverManager.getConnection("jdbc:duckdb:", options);
    }

    private static String quote(String text, char mark) {
        return mark + text.replace("" + mark, "" + mark + mark) + mark;
    }
}

package dev.cultivar.data;

import dev.cultivar.batch.DataException;
import dev.cultivar.recipe.DataRecipe.Columns;
import java.nio.file.Path;
import java.sql.Array;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Struct;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;

/// Records of a table, streamed through DuckDB.
///
/// Every cell of a text format (CSV, TSV, JSON) is taken as the text it is, so that no `007` becomes 7 and no text a date;
/// numbers of a Parquet file or a query are written without a trailing `.0`. One thread reads, for an order that is always
/// the same.
final class TableExamples implements Examples {
    private static final String ROW = "row of the source";

    private final String name;
    private final String select;
    private final Columns columns;
    private final RowPlace place;
    private final String remedy;
    private final String nothing;
    private final RowKind kind;
    private final boolean lenient;

    private TableExamples(
            String name, String select, Columns columns, RowPlace place, String remedy, String nothing, RowKind kind, boolean lenient) {
        this.name = name;
        this.select = select;
        this.columns = columns;
        this.place = place;
        this.remedy = remedy;
        this.nothing = nothing;
        this.kind = kind;
        this.lenient = lenient;
    }

    static TableExamples file(Path path, String ending, String where, Columns columns, RowKind kind) {
        return file(path, ending, where, columns, "Drop them with data.train.where", kind, false);
    }

    /// Rows to answer for.
    ///
    /// @param remedy  what to do about rows without a text
    /// @param lenient whether rows without a text, and JSON lines that are none, are handed on with an empty text
    static TableExamples asked(Path path, String ending, Columns columns, String remedy, boolean lenient) {
        return file(path, ending, "", columns, remedy, RowKind.LABELS, lenient);
    }

    private static TableExamples file(
            Path path, String ending, String where, Columns columns, String remedy, RowKind kind, boolean lenient) {
        String relation;
        RowPlace place;
        switch (ending) {
            case "csv", "tsv" -> {
                Header header = Header.read(path, columns);
                check(path.toString(), columns, header.columns());
                relation = "read_csv(" + glob(path) + ", columns={" + header.columns().stream()
                        .map(column -> quote(column, '\'') + ": 'VARCHAR'").collect(Collectors.joining(", "))
                        + "}, auto_detect=false, header=true, strict_mode=true, null_padding=false, delim='" + header.delimiter()
                        + (header.quoted() ? "', quote='\"', escape='\"')" : "', quote='', escape='')");
                place = new RowPlace.Delimited(path, header.quoted());
            }
            case "parquet" -> {
                relation = "read_parquet(" + glob(path) + ")";
                place = new RowPlace.Numbered(path.toString());
            }
            default -> {
                relation = "(select json_extract_string(columns(*), '$') from read_json(" + glob(path)
                        + (ending.equals("json") ? ", format='auto'" : ", format='newline_delimited'" + (lenient ? ", ignore_errors=true" : ""))
                        + ", maximum_depth=1, sample_size=-1))";
                place = ending.equals("json") ? new RowPlace.Numbered(path.toString()) : new RowPlace.Lines(path);
            }
        }
        String select = "select * from (select row_number() over () as " + quote(ROW, '"') + ", * from " + relation + ")"
                + (where.isBlank() ? "" : " where (\n" + where + "\n)");
        String nothing = where.isBlank() ? "has no row below its header; expected at least one" : "has no row where " + where;
        return new TableExamples(path.toString(), select, columns, place, remedy, nothing, kind, lenient).checked();
    }

    static TableExamples query(String sql, Columns columns, RowKind kind) {
        String query = sql.strip().replaceAll(";+\\s*$", "");
        String name = "query `" + (query.length() > 60 ? query.substring(0, 57) + "..." : query) + "`";
        return new TableExamples(name, query, columns, new RowPlace.Numbered(name), "Drop them in the query", "gives no row", kind, false).checked();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String place(long row) {
        return place.of(row);
    }

    @Override
    public boolean plainText() {
        return false;
    }

    /// Asks DuckDB for the columns without reading the rows.
    private TableExamples checked() {
        try (Connection duckdb = connect(); PreparedStatement statement = duckdb.prepareStatement(select)) {
            check(name, columns, labels(statement.getMetaData()));
            return this;
        } catch (SQLException e) {
            throw DuckErrors.translate(e, name);
        }
    }

    @Override
    public void each(Sink sink) {
        try (Connection duckdb = connect();
                Statement statement = duckdb.createStatement();
                ResultSet result = statement.executeQuery(select)) {
            List<String> labels = labels(result.getMetaData());
            int row = labels.indexOf(ROW) + 1;
            int text = labels.indexOf(columns.text()) + 1;
            int pair = labels.indexOf(columns.pair()) + 1;
            int negative = labels.indexOf(columns.negative()) + 1;
            int label = labels.indexOf(columns.label()) + 1;
            int start = labels.indexOf(columns.start()) + 1;
            EmptyCells noText = new EmptyCells(columns.text());
            EmptyCells noLabel = new EmptyCells(columns.label());
            long read = 0;
            while (result.next()) {
                long number = row == 0 ? read + 1 : result.getLong(row);
                read++;
                String labelled = cell(result, label, number);
                boolean answers = kind == RowKind.ANSWERS && label > 0;
                Example example = new Example(number, cell(result, text, number), cell(result, pair, number), cell(result, negative, number),
                        answers ? GoldAnswer.label(GoldAnswer.cell(labelled, cell(result, start, number), place(number))) : labelled, "");
                noText.see(example.text().isBlank(), number);
                noLabel.see(label > 0 && example.label().isBlank(), number);
                sink.row(example);
            }
            if (read == 0) {
                throw new DataException(name + " " + nothing);
            }
            if (!lenient) {
                noText.refuse(this, remedy + ".");
            }
            noLabel.refuse(this, remedy + ", or label them.");
        } catch (SQLException e) {
            throw DuckErrors.translate(e, name);
        }
    }

    private String cell(ResultSet result, int column, long row) throws SQLException {
        if (column == 0) {
            return "";
        }
        Object value = result.getObject(column);
        boolean nested = (kind == RowKind.TAGS || kind == RowKind.ANSWERS) && (value instanceof Array || value instanceof Struct);
        return Cell.text(nested ? Cell.json(value) : value, () -> place(row), result.getMetaData().getColumnName(column));
    }

    private static void check(String name, Columns columns, List<String> there) {
        List<String> named = there.stream().filter(column -> !column.equals(ROW)).toList();
        if (columns.text().isEmpty()) {
            throw new DataException(name + ": data.columns.text names no column; there are " + listed(named));
        }
        for (String column : Header.names(columns)) {
            if (!named.contains(column)) {
                throw new DataException(name + ": no column '" + column + "'; there are " + listed(named) + "."
                        + Nearest.hint(column, named));
            }
        }
    }

    private static String listed(List<String> columns) {
        String shown = columns.stream().limit(20).map(c -> "'" + (c.length() > 40 ? c.substring(0, 37) + "..." : c) + "'")
                .collect(Collectors.joining(", "));
        return columns.size() > 20 ? shown + " and " + (columns.size() - 20) + " more" : shown;
    }

    private static List<String> labels(ResultSetMetaData columns) throws SQLException {
        List<String> labels = new ArrayList<>();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            labels.add(columns.getColumnName(i));
        }
        return labels;
    }

    private static Connection connect() throws SQLException {
        Properties options = new Properties();
        options.setProperty("jdbc_stream_results", "true");
        options.setProperty("threads", "1");
        options.setProperty("autoinstall_known_extensions", "false");
        return DriverManager.getConnection("jdbc:duckdb:", options);
    }

    /// A file's name as a SQL string in which no character is a pattern.
    private static String glob(Path path) {
        return quote(path.toString().replaceAll("([\\[*?])", "[$1]"), '\'');
    }

    private static String quote(String text, char mark) {
        return mark + text.replace("" + mark, "" + mark + mark) + mark;
    }
}

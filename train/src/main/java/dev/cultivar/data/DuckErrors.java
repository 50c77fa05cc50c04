package dev.cultivar.data;

import dev.cultivar.batch.DataException;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Says in a reader's words what DuckDB found wrong with a table or a query.
final class DuckErrors {
    private static final Pattern CSV_LINE = Pattern.compile("CSV Error on Line: (\\d+)");
    private static final Pattern CELLS = Pattern.compile("Expected Number of Columns: (\\d+) Found: (\\d+)");
    private static final Pattern JSON = Pattern.compile("Malformed JSON in file \".*\", at byte (\\d+) in (line|record/value) (\\d+): ([^\\n]*)");
    private static final Pattern COLUMN = Pattern.compile("Referenced column \"(.*?)\" not found");
    private static final Pattern CANDIDATES = Pattern.compile("Candidate bindings: ([^\\n]*)");
    private static final Pattern NO_FILE = Pattern.compile("No files found that match the pattern \"(.*?)\"");
    private static final Pattern PREFIX = Pattern.compile("^(?s:.*?Attempting to execute an unsuccessful or closed pending query result\\s*Error: )");

    private DuckErrors() {}

    static DataException translate(SQLException e, String name) {
        String message = PREFIX.matcher(String.valueOf(e.getMessage())).replaceFirst("");
        Matcher csv = CSV_LINE.matcher(message);
        if (csv.find()) {
            return new DataException(name + ":" + csv.group(1) + ": " + csvReason(message), e);
        }
        Matcher json = JSON.matcher(message);
        if (json.find()) {
            long number = Long.parseLong(json.group(3)) - 1; // DuckDB counts the bad one before it tells
            String place = json.group(2).equals("line") ? name + ":" + number : name + ": row " + number;
            return new DataException(place + ": malformed JSON at byte " + json.group(1) + ": "
                    + json.group(4).replaceAll("[.\\s]+$", "") + ". Expected one object a row", e);
        }
        return new DataException(name + ": " + reason(message), e);
    }

    private static String csvReason(String message) {
        Matcher cells = CELLS.matcher(message);
        if (cells.find()) {
            return "expected " + cells.group(1) + " cells as in the header, got " + cells.group(2)
                    + ". Quote a cell that holds the delimiter";
        }
        if (message.contains("unterminated quote")) {
            return "a quoted cell is not closed, or text follows its end. Double the quotation marks inside a quoted cell";
        }
        if (message.contains("Invalid unicode")) {
            return "the bytes are not UTF-8. Convert the file, for example with `iconv -f LATIN1 -t UTF-8`";
        }
        if (message.contains("Maximum line size")) {
            return "the row is longer than 2,000,000 bytes. Is a quotation mark missing?";
        }
        return firstSentence(message.lines().skip(2).findFirst().orElse(message));
    }

    private static String reason(String message) {
        Matcher column = COLUMN.matcher(message);
        if (column.find()) {
            Matcher candidates = CANDIDATES.matcher(message);
            List<String> names = candidates.find()
                    ? Arrays.stream(candidates.group(1).split(",")).map(n -> n.strip().replace("\"", "")).toList()
                    : List.of();
            return "the condition or query names a column '" + column.group(1) + "' that is not there."
                    + Nearest.hint(column.group(1), names);
        }
        Matcher file = NO_FILE.matcher(message);
        if (file.find()) {
            return file.group(1) + " does not exist; a relative path is taken from the working directory";
        }
        if (message.contains("Cannot compare values of type VARCHAR")) {
            return "cells of CSV, TSV and JSON files are text, which cannot be compared with a number."
                    + " Write the number between single quotes, or convert the column: `stars::int > 3`";
        }
        if (message.contains("No magic bytes found") || message.contains("too small to be a Parquet file")) {
            return "not a Parquet file, or one that was cut short; a file is read by its ending";
        }
        if (message.startsWith("Parser Error")) {
            return "the condition or query is not SQL: " + firstSentence(message.substring("Parser Error:".length()).strip());
        }
        return firstSentence(message);
    }

    private static String firstSentence(String message) {
        return message.lines().findFirst().orElse(message).strip();
    }
}

package dev.cultivar.data;

import dev.cultivar.batch.DataException;
import dev.cultivar.recipe.DataRecipe.Columns;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/// The first line of a delimited table: which character parts the cells, and what the columns are called.
///
/// Cells of a tab-separated table are taken as they stand, quotation marks included (as the `text/tab-separated-values`
/// media type says); of other tables, as in RFC 4180.
record Header(char delimiter, List<String> columns) {
    private static final String DELIMITERS = ",;\t|";

    /// The delimiter that makes most of the wanted columns; among equals the one that makes most columns, then the ending's.
    static Header read(Path path, Columns wanted) {
        String line = firstLine(path);
        char usual = RowReader.ending(path).equals("tsv") ? '\t' : ',';
        Header best = of(line, usual);
        for (char delimiter : DELIMITERS.toCharArray()) {
            Header other = of(line, delimiter);
            if (other.score(wanted) > best.score(wanted)) {
                best = other;
            }
        }
        return best.distinct(path);
    }

    /// Whether the wanted columns stand in the first line.
    static boolean names(Path path, Columns wanted) {
        String line = firstLine(path);
        return DELIMITERS.chars().anyMatch(delimiter -> of(line, (char) delimiter).columns.containsAll(names(wanted)));
    }

    boolean quoted() {
        return delimiter != '\t';
    }

    static List<String> names(Columns wanted) {
        return Stream.of(wanted.text(), wanted.pair(), wanted.negative(), wanted.label(), wanted.start()).filter(name -> !name.isEmpty()).toList();
    }

    private long score(Columns wanted) {
        return 1_000L * names(wanted).stream().filter(columns::contains).count() + Math.min(columns.size(), 999);
    }

    private static Header of(String line, char delimiter) {
        List<String> columns = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i <= line.length(); i++) {
            char c = i < line.length() ? line.charAt(i) : delimiter;
            if (c == '"' && delimiter != '\t') {
                boolean doubled = quoted && i + 1 < line.length() && line.charAt(i + 1) == '"';
                if (doubled) {
                    cell.append(line.charAt(i++));
                } else {
                    quoted = !quoted;
                }
            } else if (c == delimiter && (!quoted || i == line.length())) {
                columns.add(cell.isEmpty() ? "column" + columns.size() : cell.toString());
                cell.setLength(0);
            } else {
                cell.append(c);
            }
        }
        return new Header(delimiter, List.copyOf(columns));
    }

    private Header distinct(Path path) {
        Set<String> seen = new HashSet<>();
        for (String column : columns) {
            if (!seen.add(column.toLowerCase(Locale.ROOT))) {
                throw new DataException(path + ":1: two columns are called '" + column
                        + "' (case aside); the first line must name each column once");
            }
        }
        return this;
    }

    private static String firstLine(Path path) {
        try (BufferedReader reader = Utf8.open(path)) {
            String line = reader.readLine();
            if (line == null || line.isBlank()) {
                throw new DataException(path + ":1: the first line is empty; expected the names of the columns");
            }
            return line;
        } catch (CharacterCodingException e) {
            throw Utf8.invalid(path);
        } catch (IOException e) {
            throw new DataException(path + " cannot be read: " + e.getMessage(), e);
        }
    }
}

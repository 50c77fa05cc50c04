package dev.cultivar.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;

/// Turns a record's number, from 1, into a place that an editor can go to.
sealed interface RowPlace {
    String of(long row);

    /// Formats without lines.
    record Numbered(String name) implements RowPlace {
        @Override
        public String of(long row) {
            return name + ": row " + row;
        }
    }

    /// One record a line, empty lines aside.
    record Lines(Path path) implements RowPlace {
        @Override
        public String of(long row) {
            return found(path, row, 0, false);
        }
    }

    /// A header, then records, which take several lines where a quoted cell does.
    record Delimited(Path path, boolean quoted) implements RowPlace {
        @Override
        public String of(long row) {
            return found(path, row, 1, quoted);
        }
    }

    /// Reads the file again, which only an error does.
    private static String found(Path path, long row, int header, boolean quoted) {
        try (BufferedReader reader = Utf8.open(path)) {
            long records = -header;
            boolean open = false;
            long number = 1;
            for (String line = reader.readLine(); line != null; line = reader.readLine(), number++) {
                if (!open && !line.isEmpty() && ++records == row) {
                    return path + ":" + number;
                }
                open ^= quoted && line.chars().filter(c -> c == '"').count() % 2 == 1;
            }
        } catch (IOException e) {
            // the number of the record will do
        }
        return path + ": row " + row;
    }
}

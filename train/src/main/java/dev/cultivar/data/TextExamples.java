package dev.cultivar.data;

import dev.cultivar.batch.DataException;
import dev.cultivar.recipe.DataRecipe.Columns;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;

/// A plain text file: each line is a row, an empty line ends a document.
record TextExamples(Path path) implements Examples {
    static final String COLUMN = "text";

    static TextExamples open(Path path, String where, Columns columns) {
        String wrong = !columns.label().isEmpty()
                ? columns.label()
                : !columns.pair().isEmpty() ? columns.pair() : columns.text().equals(COLUMN) ? "" : columns.text();
        if (!wrong.isEmpty()) {
            throw new DataException(path + ": no column '" + wrong + "'; the file is read as plain text, whose only column is '"
                    + COLUMN + "'. A table's file ends in .csv, .tsv, .json, .jsonl or .parquet, or has these columns in its"
                    + " first line");
        }
        if (!where.isEmpty()) {
            throw new DataException(path + ": 'where' chooses rows of a table, but the file is plain text; leave it out");
        }
        return new TextExamples(path);
    }

    @Override
    public String name() {
        return path.toString();
    }

    @Override
    public String place(long row) {
        return path + ":" + row;
    }

    @Override
    public boolean plainText() {
        return true;
    }

    @Override
    public void each(Sink sink) {
        long rows = 0;
        boolean open = false;
        try (BufferedReader reader = Utf8.open(path)) {
            long number = 1;
            for (String line = reader.readLine(); line != null; line = reader.readLine(), number++) {
                String text = line.strip();
                if (!text.isEmpty()) {
                    sink.row(new Example(number, text, "", ""));
                    rows++;
                    open = true;
                } else if (open) {
                    sink.endOfDocument();
                    open = false;
                }
            }
        } catch (CharacterCodingException e) {
            throw Utf8.invalid(path);
        } catch (IOException e) {
            throw new DataException(path + " cannot be read: " + e.getMessage(), e);
        }
        if (rows == 0) {
            throw new DataException(path + " holds only empty lines; expected at least one row");
        }
        if (open) {
            sink.endOfDocument();
        }
    }
}

package dev.cultivar.data;

import java.util.ArrayList;
import java.util.List;

/// Rows in memory, for tests.
record ListExamples(String name, boolean plainText, List<Example> rows) implements Examples {

    /// Lines of plain text; an empty one ends a document.
    static ListExamples text(String... lines) {
        List<Example> rows = new ArrayList<>();
        for (int i = 0; i < lines.length; i++) {
            rows.add(new Example(i + 1, lines[i], "", ""));
        }
        return new ListExamples("t.txt", true, rows);
    }

    /// Records `text`, `text | pair` or `text = label`.
    static ListExamples table(String... records) {
        List<Example> rows = new ArrayList<>();
        for (int i = 0; i < records.length; i++) {
            String[] label = records[i].split(" ?= ?", 2);
            String[] pair = label[0].split(" ?\\| ?", 2);
            rows.add(new Example(i + 1, pair[0], pair.length > 1 ? pair[1] : "", label.length > 1 ? label[1] : ""));
        }
        return new ListExamples("t.csv", false, rows);
    }

    @Override
    public void each(Sink sink) {
        for (Example row : rows) {
            if (row.text().isEmpty()) {
                sink.endOfDocument();
            } else {
                sink.row(row);
            }
        }
        if (plainText) {
            sink.endOfDocument();
        }
    }
}

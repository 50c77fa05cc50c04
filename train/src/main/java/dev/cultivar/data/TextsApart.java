package dev.cultivar.data;

import dev.cultivar.batch.DataException;
import java.util.List;
import java.util.stream.Stream;

/// Rows of two or three texts, each text a row of its own: the first, its pair, its negative, then the next row's first.
///
/// @param rows  the rows as they were read
/// @param texts of a row, 2 or 3
public record TextsApart(Examples rows, int texts) implements Examples {
    public TextsApart {
        if (texts < 2 || texts > 3) {
            throw new IllegalArgumentException("a row has 2 or 3 texts, got " + texts);
        }
    }

    @Override
    public String name() {
        return rows.name();
    }

    @Override
    public String place(long row) {
        return rows.place(row);
    }

    @Override
    public boolean plainText() {
        return false;
    }

    @Override
    public void each(Sink sink) {
        rows.each(example -> {
            List<String> all = Stream.of(example.text(), example.pair(), example.negative()).limit(texts).toList();
            for (int i = 1; i < texts; i++) {
                if (all.get(i).isBlank()) {
                    throw new DataException(rows.place(example.row()) + ": the " + (i == 1 ? "pair" : "negative")
                            + " is empty. Drop such rows with data.train.where, or fill the column");
                }
            }
            all.forEach(text -> sink.row(new Example(example.row(), text, "", example.label())));
        });
    }
}

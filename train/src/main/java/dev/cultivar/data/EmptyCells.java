package dev.cultivar.data;

import dev.cultivar.batch.DataException;

/// Counts the rows that lack what they must have, so that one error tells of all of them.
final class EmptyCells {
    private final String column;
    private long first;
    private long count;

    EmptyCells(String column) {
        this.column = column;
    }

    void see(boolean empty, long row) {
        if (empty && count++ == 0) {
            first = row;
        }
    }

    void refuse(Examples examples, String remedy) {
        if (count > 0) {
            throw new DataException(examples.place(first) + ": column '" + column + "' is empty; " + count
                    + (count == 1 ? " such row. " : " such rows. ") + remedy);
        }
    }
}

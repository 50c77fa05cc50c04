package dev.cultivar.data;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// Rows that can be read again and again, in an order that never changes, without holding them all in memory.
public interface Examples {

    /// What messages call the source: a file, a query, a part of the zoo.
    String name();

    /// Where a row is, for messages: `tickets.csv:1042`.
    default String place(long row) {
        return name() + ": row " + row;
    }

    /// Where a word of a row is, for messages.
    ///
    /// @param word from 0
    default String place(long row, int word) {
        return place(row) + ", word " + (word + 1);
    }

    /// What reading mended or left out, as messages; reads all of it.
    default List<String> changes() {
        return List.of();
    }

    /// Whether rows are lines of documents (with [Sink#endOfDocument] between them) rather than records of a table.
    boolean plainText();

    /// Reads all rows from the first.
    void each(Sink sink);

    /// All rows in memory, for small sets and tests.
    default List<Example> list() {
        List<Example> list = new ArrayList<>();
        each(list::add);
        return list;
    }

    /// SHA-256 of what is read; reads all of it.
    default String fingerprint() {
        return Fingerprint.of(this);
    }

    /// The rows whose number in the order of reading, from 0, is in a set.
    default Examples only(BitSet places) {
        return new Only(this, places);
    }

    /// Takes rows as they are read.
    @FunctionalInterface
    interface Sink {
        void row(Example example);

        /// What follows is no continuation of what came before; only plain text says so, and never twice in a row.
        default void endOfDocument() {}
    }

    /// Some of the rows.
    record Only(Examples all, BitSet places) implements Examples {
        public Only {
            places = (BitSet) places.clone();
        }

        @Override
        public String name() {
            return all.name();
        }

        @Override
        public String place(long row) {
            return all.place(row);
        }

        @Override
        public String place(long row, int word) {
            return all.place(row, word);
        }

        @Override
        public boolean plainText() {
            return all.plainText();
        }

        @Override
        public void each(Sink sink) {
            all.each(new Sink() {
                private int at;
                private boolean open;

                @Override
                public void row(Example example) {
                    if (places.get(at++)) {
                        sink.row(example);
                        open = true;
                    }
                }

                @Override
                public void endOfDocument() {
                    if (open) {
                        sink.endOfDocument();
                        open = false;
                    }
                }
            });
        }
    }
}

package dev.cultivar.text;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// What becomes of a text, or of two that are read together, where they are longer than a row.
public sealed interface Fitting {

    /// A row that comes of it.
    ///
    /// @param first  the pieces of the first text that are kept, by their places in it, rising
    /// @param second likewise of the second
    /// @param cut    how many pieces no row has
    record Row(int[] first, int[] second, int cut) {
        /// The kept pieces of a text.
        ///
        /// @param places `first` or `second`
        public static int[] of(int[] pieces, int[] places) {
            return IntStream.of(places).map(place -> pieces[place]).toArray();
        }
    }

    /// The rows that two texts make, at least one.
    ///
    /// @param first     pieces of the first text
    /// @param second    pieces of the second, 0 where there is none
    /// @param maxLength of a row, special pieces included
    List<Row> rows(int first, int second, int maxLength);

    /// The end is cut off; of two texts the longer one is cut first, and then both alike.
    record Truncate() implements Fitting {
        @Override
        public List<Row> rows(int first, int second, int maxLength) {
            int[] kept = TokenGrid.fit(first, second, maxLength);
            return List.of(new Row(range(0, kept[0]), range(0, kept[1]), first + second - kept[0] - kept[1]));
        }
    }

    /// The middle is cut out (Sun et al., 2019): of what a text may keep, this share is its beginning, the rest its end.
    ///
    /// @param head in [0, 1]
    record HeadTail(double head) implements Fitting {
        @Override
        public List<Row> rows(int first, int second, int maxLength) {
            int[] kept = TokenGrid.fit(first, second, maxLength);
            return List.of(new Row(ends(first, kept[0]), ends(second, kept[1]), first + second - kept[0] - kept[1]));
        }

        private int[] ends(int pieces, int kept) {
            int before = pieces <= kept ? kept : (int) Math.round(head * kept);
            return IntStream.concat(IntStream.range(0, before), IntStream.range(pieces - kept + before, pieces)).toArray();
        }
    }

    /// Nothing is cut: the text becomes several rows that overlap. Of two texts the longer one does; the shorter one stands in each
    /// row, cut where it is longer than half of it.
    ///
    /// @param stride pieces that two neighbours share
    record Chunk(int stride) implements Fitting {
        @Override
        public List<Row> rows(int first, int second, int maxLength) {
            int budget = maxLength - (second == 0 ? 2 : 3);
            if (first + second <= budget) {
                return List.of(new Row(range(0, first), range(0, second), 0));
            }
            boolean firstIsLong = first >= second;
            int shorter = Math.min(Math.min(first, second), budget / 2);
            int cut = Math.min(first, second) - shorter;
            List<Row> rows = new ArrayList<>();
            for (Windows window : Windows.of(Math.max(first, second), budget - shorter, stride)) {
                int[] part = range(window.from(), window.to());
                int[] whole = range(0, shorter);
                rows.add(firstIsLong ? new Row(part, whole, cut) : new Row(whole, part, cut));
            }
            return rows;
        }
    }

    private static int[] range(int from, int to) {
        return IntStream.range(from, to).toArray();
    }
}

package dev.cultivar.data;

import dev.cultivar.batch.DataException;
import dev.cultivar.batch.Draw;
import dev.cultivar.corpus.TokenStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A stream of tokens cut into rows for causal language modelling.
public abstract sealed class CausalRows {
    private final TokenStream stream;

    private CausalRows(TokenStream stream, int context, int overlap) {
        if (overlap >= context) {
            throw new DataException("objective.overlap must be below batching.max_length, " + context + ", got " + overlap);
        }
        if (stream.length() < 2) {
            throw new DataException("the corpus has " + stream.length() + " tokens; at least 2 are needed to predict one");
        }
        this.stream = stream;
    }

    TokenStream stream() {
        return stream;
    }

    /// How many rows.
    public abstract long count();

    abstract boolean packed();

    /// What a row sees, from left to right.
    abstract Stretch[] row(long row, long epoch);

    /// Tokens of a row.
    abstract int length(long row, long epoch);

    /// Windows of the stream, one after the other; a window may begin in the middle of a document.
    ///
    /// To train on, all windows of an epoch are shifted by one draw, so that a token has another place in its window in
    /// every epoch; the few tokens before the first window and after the last are left out that time. To measure on, they
    /// cover the stream from its first token, the last window is as long as what is left, and every token but the first
    /// is predicted once.
    ///
    /// @param context tokens in a window
    /// @param overlap tokens that a window shares with the one before: context that is not predicted again
    public static CausalRows windows(TokenStream stream, int context, int overlap, boolean training, long seed) {
        return new Windows(stream, context, overlap, training, seed);
    }

    /// Documents side by side, which do not see each other; one that is longer than the context goes on in other rows.
    ///
    /// @param overlap tokens that a piece of a long document shares with the piece before
    public static CausalRows packed(TokenStream stream, int context, int overlap) {
        return new Packed(stream, context, overlap);
    }

    private static final class Windows extends CausalRows {
        private static final long SHIFT = Draw.name("where windows start");

        private final int context;
        private final int overlap;
        private final boolean shifted;
        private final long seed;
        private final long count;

        Windows(TokenStream stream, int context, int overlap, boolean training, long seed) {
            super(stream, context, overlap);
            this.context = context;
            this.overlap = overlap;
            this.seed = seed;
            long targets = stream.length() - 1;
            long step = context - overlap;
            shifted = training && targets >= 2L * context;
            count = shifted ? (targets - context - (step - 1)) / step + 1 : Math.max(1, Math.ceilDiv(targets - overlap, step));
        }

        @Override
        public long count() {
            return count;
        }

        @Override
        boolean packed() {
            return false;
        }

        private long from(long row, long epoch) {
            int step = context - overlap;
            return row * step + (shifted ? Draw.below(step, seed, SHIFT, epoch) : 0);
        }

        @Override
        Stretch[] row(long row, long epoch) {
            return new Stretch[] {new Stretch(from(row, epoch), row == 0 ? 0 : overlap, length(row, epoch))};
        }

        @Override
        int length(long row, long epoch) {
            return (int) Math.min(context, stream().length() - 1 - from(row, epoch));
        }
    }

    private static final class Packed extends CausalRows {
        private final List<Stretch[]> rows;

        Packed(TokenStream stream, int context, int overlap) {
            super(stream, context, overlap);
            List<Stretch> pieces = new ArrayList<>();
            for (int document = 0; document < stream.documents(); document++) {
                long start = stream.documentStart(document);
                long end = document + 1 < stream.documents() ? stream.documentStart(document + 1) : stream.length();
                cut(start, end, context, overlap, pieces);
            }
            if (pieces.isEmpty()) {
                throw new DataException("no document of the corpus has two tokens; there is nothing to predict");
            }
            rows = Packing.bestFitDecreasing(pieces.stream().mapToInt(Stretch::length).toArray(), context).stream()
                    .map(row -> Arrays.stream(row).mapToObj(pieces::get).toArray(Stretch[]::new))
                    .toList();
        }

        /// A document's pieces: together they predict each of its tokens but the first, once.
        private static void cut(long start, long end, int context, int overlap, List<Stretch> into) {
            int seen = 0;
            for (long from = start; from + seen < end - 1; from += context - overlap) {
                into.add(new Stretch(from, seen, (int) Math.min(context, end - 1 - from)));
                seen = overlap;
            }
        }

        @Override
        public long count() {
            return rows.size();
        }

        @Override
        boolean packed() {
            return true;
        }

        @Override
        Stretch[] row(long row, long epoch) {
            return rows.get((int) row);
        }

        @Override
        int length(long row, long epoch) {
            return Arrays.stream(row(row, epoch)).mapToInt(Stretch::length).sum();
        }
    }
}

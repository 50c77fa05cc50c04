package dev.cultivar.data;

import dev.cultivar.batch.Batch;
import dev.cultivar.batch.DataException;
import dev.cultivar.corpus.Mixture;
import dev.cultivar.corpus.TokenStream;
import java.util.Arrays;
import java.util.List;

/// Batches for causal language modelling from streams of tokens.
///
/// Fields: `input_ids` and `targets` (B, T), the token that follows each position, -100 where none is to be predicted;
/// `target_bytes` (B), how many bytes of text a row's targets stand for; where rows are packed, `position_ids` and `segment_ids`
/// (B, T), 0 for padding; and `attention_mask` (B, T) where there is padding.
public final class CausalBatches implements BatchMaker {
    private final List<CausalRows> sources;
    private final Order order;
    private final int context;
    private final int rows;

    /// Which row of which source comes where in an epoch.
    private interface Order {
        Mixture.Place at(long epoch, int row);
    }

    private CausalBatches(List<CausalRows> sources, Order order, long rows, int context) {
        if (rows > Integer.MAX_VALUE) {
            throw new DataException("the corpus makes " + rows + " rows of " + context
                    + " tokens an epoch; at most 2,147,483,647 are supported. Raise batching.max_length, or lower the sources' weights");
        }
        this.sources = List.copyOf(sources);
        this.order = order;
        this.context = context;
        this.rows = (int) rows;
    }

    /// Every row of every source once, one source after the other: to measure on, or to train on without weights.
    public static CausalBatches each(List<CausalRows> sources, int context) {
        long[] ends = new long[sources.size()];
        long end = 0;
        for (int source = 0; source < ends.length; source++) {
            end += sources.get(source).count();
            ends[source] = end;
        }
        return new CausalBatches(sources, (epoch, row) -> {
            int source = 0;
            while (row >= ends[source]) {
                source++;
            }
            return new Mixture.Place(source, row - (source == 0 ? 0 : ends[source - 1]));
        }, end, context);
    }

    /// Rows as often as their sources' weights say.
    public static CausalBatches mixed(List<CausalRows> sources, Mixture mixture, int context) {
        return new CausalBatches(sources, mixture::at, mixture.length(), context);
    }

    @Override
    public int rows() {
        return rows;
    }

    @Override
    public int maxLength() {
        return context;
    }

    @Override
    public int[] lengths(long epoch) {
        int[] lengths = new int[rows];
        Arrays.setAll(lengths, row -> {
            Mixture.Place place = order.at(epoch, row);
            return sources.get(place.source()).length(place.unit(), epoch);
        });
        return lengths;
    }

    @Override
    public Batch make(int[] rows, int height, int length, long epoch) {
        boolean packed = sources.stream().anyMatch(CausalRows::packed);
        var grid = new Grid(height, length);
        for (int i = 0; i < rows.length; i++) {
            Mixture.Place place = order.at(epoch, rows[i]);
            CausalRows source = sources.get(place.source());
            grid.put(i, source.stream(), source.row(place.unit(), epoch));
        }
        grid.fill(rows.length);
        return grid.batch(Arrays.stream(rows).asLongStream().toArray(), packed);
    }

    /// Rows in the making.
    private static final class Grid {
        private final int height;
        private final int length;
        private final int[] ids;
        private final int[] targets;
        private final int[] positions;
        private final int[] segments;
        private final int[] targetBytes;

        Grid(int height, int length) {
            this.height = height;
            this.length = length;
            ids = new int[height * length];
            targets = new int[height * length];
            positions = new int[height * length];
            segments = new int[height * length];
            targetBytes = new int[height];
            Arrays.fill(targets, LabelledBatches.IGNORED);
        }

        void put(int row, TokenStream stream, Stretch... stretches) {
            int at = row * length;
            int counted = 0;
            for (int s = 0; s < stretches.length; s++) {
                Stretch stretch = stretches[s];
                stream.read(stretch.from(), stretch.length(), ids, at);
                stream.read(stretch.from() + 1 + stretch.context(), stretch.length() - stretch.context(), targets, at + stretch.context());
                counted += stretch.length() - stretch.context();
                for (int i = 0; i < stretch.length(); i++) {
                    positions[at + i] = i;
                    segments[at + i] = s + 1;
                }
                at += stretch.length();
            }
            targetBytes[row] = (int) Math.round(counted * (double) stream.bytes() / stream.length());
        }

        /// Copies of the first row, of which nothing is predicted.
        void fill(int from) {
            for (int row = from; row < height; row++) {
                System.arraycopy(ids, 0, ids, row * length, length);
                System.arraycopy(positions, 0, positions, row * length, length);
                System.arraycopy(segments, 0, segments, row * length, length);
            }
        }

        Batch batch(long[] origin, boolean packed) {
            Batch.Builder batch = Batch.of(origin).ints("input_ids", ids, height, length).ints("targets", targets, height, length)
                    .ints("target_bytes", targetBytes, height);
            if (packed) {
                batch.ints("position_ids", positions, height, length).ints("segment_ids", segments, height, length);
            }
            int[] mask = Arrays.stream(segments).map(segment -> segment == 0 ? 0 : 1).toArray();
            return (Arrays.stream(mask).allMatch(one -> one == 1) ? batch : batch.ints("attention_mask", mask, height, length)).build();
        }
    }
}

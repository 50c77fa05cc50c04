package dev.cultivar.data;

import dev.cultivar.batch.Batch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;

/// Every row once, in batches whose shape depends on nothing but a row's own length: for evaluation and frozen work.
///
/// A matrix product's last bits depend on the shape of the batch around a row. Here a row always stands in an array of 32
/// rows whose width is its own length rounded up to a multiple of 16; where rows run out, filler follows. So no setting
/// of the training changes a score. What place a row has among the 32 may still move its last bits: [RowByRow] is slower, and
/// free of that too.
public final class CanonicalBatches implements Iterable<Batch> {
    static final int HEIGHT = 32;
    static final int MULTIPLE = 16;

    private final BatchMaker maker;
    private final List<int[]> batches = new ArrayList<>();
    private final List<Integer> widths = new ArrayList<>();

    public CanonicalBatches(BatchMaker maker) {
        this.maker = maker;
        int[] lengths = maker.lengths(0);
        int[] rows = IntStream.range(0, maker.rows()).boxed()
                .sorted(Comparator.<Integer>comparingInt(row -> width(lengths[row])).thenComparing(row -> row))
                .mapToInt(row -> row).toArray();
        int from = 0;
        for (int at = 1; at <= rows.length; at++) {
            boolean full = at - from == HEIGHT;
            if (at == rows.length || full || width(lengths[rows[at]]) != width(lengths[rows[from]])) {
                batches.add(Arrays.copyOfRange(rows, from, at));
                widths.add(width(lengths[rows[from]]));
                from = at;
            }
        }
    }

    private int width(int length) {
        return Math.min((length + MULTIPLE - 1) / MULTIPLE * MULTIPLE, maker.maxLength());
    }

    /// How many batches.
    public int size() {
        return batches.size();
    }

    /// Rows in rising order of width, then of number; masks, where there are any, are those of epoch 0.
    public Batch batch(int index) {
        return maker.make(batches.get(index), HEIGHT, widths.get(index), 0);
    }

    @Override
    public Iterator<Batch> iterator() {
        return new Iterator<>() {
            private int at;

            @Override
            public boolean hasNext() {
                return at < size();
            }

            @Override
            public Batch next() {
                if (!hasNext()) {
                    throw new NoSuchElementException("there are " + size() + " batches");
                }
                return batch(at++);
            }
        };
    }
}

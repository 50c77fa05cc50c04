package dev.cultivar.data;

import dev.cultivar.batch.Batch;
import java.util.Iterator;
import java.util.NoSuchElementException;

/// Every row once, in its order, alone in an array of its own length: what a model makes of it depends on nothing but the row,
/// to the bit, whatever the processor's matrix kernels do with rows that stand together. Predictions are made the same way.
public record RowByRow(BatchMaker maker) implements Iterable<Batch> {

    @Override
    public Iterator<Batch> iterator() {
        int[] lengths = maker.lengths(0);
        return new Iterator<>() {
            private int row;

            @Override
            public boolean hasNext() {
                return row < lengths.length;
            }

            @Override
            public Batch next() {
                if (!hasNext()) {
                    throw new NoSuchElementException("there are " + lengths.length + " rows");
                }
                Batch batch = maker.make(new int[] {row}, 1, lengths[row], 0);
                row++;
                return batch;
            }
        };
    }
}

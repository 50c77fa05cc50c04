package dev.cultivar.data;

import dev.cultivar.batch.DataException;
import dev.cultivar.batch.Standard;
import java.util.List;
import java.util.stream.LongStream;

/// What the labels of encoded rows come to: rows of each class, or mean and deviation of values.
public final class LabelCounts {
    private LabelCounts() {}

    /// Rows of each class, in the classes' order.
    public static List<Long> rows(TokenStore store, Targets targets) {
        long[] counts = new long[targets.labels().size()];
        for (int row = 0; row < store.rows(); row++) {
            for (int label : targets.classes(store.row(row))) {
                counts[label]++;
            }
        }
        return LongStream.of(counts).boxed().toList();
    }

    /// Mean and deviation of the rows' values.
    public static Standard standard(TokenStore store) {
        double sum = 0;
        double squares = 0;
        int rows = store.rows();
        for (int row = 0; row < rows; row++) {
            sum += Targets.Value.of(store.row(row));
        }
        double mean = sum / rows;
        for (int row = 0; row < rows; row++) {
            double gap = Targets.Value.of(store.row(row)) - mean;
            squares += gap * gap;
        }
        if (squares == 0) {
            throw new DataException("all " + rows + " training rows have the same value, " + mean + "; there is nothing to learn. Look at the label's "
                    + "column, or set objective.standardize=false");
        }
        return new Standard(mean, Math.sqrt(squares / rows));
    }
}

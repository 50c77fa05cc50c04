package dev.cultivar.data;

import dev.cultivar.batch.DataException;
import dev.cultivar.batch.Standard;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.LongStream;

/// What the labels of encoded rows come to: rows of each class, or mean and deviation of values.
public final class LabelCounts {
    private LabelCounts() {}

    /// Rows of each class, in the classes' order.
    public static List<Long> rows(TokenStore store, Targets targets) {
        return rows(store.rows(), store::row, targets);
    }

    /// The same of rows that are kept elsewhere.
    ///
    /// @param rows how many there are
    /// @param row  each of them, by its number from 0
    public static List<Long> rows(int rows, IntFunction<? extends Labelled> row, Targets targets) {
        long[] counts = new long[targets.labels().size()];
        for (int i = 0; i < rows; i++) {
            for (int label : targets.classes(row.apply(i))) {
                counts[label]++;
            }
        }
        return LongStream.of(counts).boxed().toList();
    }

    /// Mean and deviation of the rows' values.
    public static Standard standard(TokenStore store) {
        return standard(store.rows(), store::row);
    }

    /// The same of rows that are kept elsewhere.
    public static Standard standard(int rows, IntFunction<? extends Labelled> row) {
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < rows; i++) {
            sum += Targets.Value.of(row.apply(i));
        }
        double mean = sum / rows;
        for (int i = 0; i < rows; i++) {
            double gap = Targets.Value.of(row.apply(i)) - mean;
            squares += gap * gap;
        }
        if (squares == 0) {
            throw new DataException("all " + rows + " training rows have the same value, " + mean + "; there is nothing to learn. Look at the label's "
                    + "column, or set objective.standardize=false");
        }
        return new Standard(mean, Math.sqrt(squares / rows));
    }
}

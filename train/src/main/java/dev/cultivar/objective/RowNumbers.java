package dev.cultivar.objective;

import java.util.Arrays;

/// So many numbers a row, gathered batch after batch.
final class RowNumbers {
    private final int width;
    private float[] numbers = new float[1_024];
    private int count;

    /// @param width numbers a row
    RowNumbers(int width) {
        this.width = width;
    }

    /// @param values of a batch, row after row; those beyond `rows` are of filler
    void add(float[] values, int rows) {
        int more = rows * width;
        if (count + more > numbers.length) {
            numbers = Arrays.copyOf(numbers, Math.max(count + more, 2 * numbers.length));
        }
        System.arraycopy(values, 0, numbers, count, more);
        count += more;
    }

    double[] doubles() {
        double[] doubles = new double[count];
        for (int i = 0; i < count; i++) {
            doubles[i] = numbers[i];
        }
        return doubles;
    }

    float[] all() {
        return Arrays.copyOf(numbers, count);
    }
}

package dev.cultivar.objective;

import dev.cultivar.evaluate.LossScores;
import java.util.ArrayList;
import java.util.List;

/// Losses of rows in the making: a sum and what it is over, for each.
final class RowLosses {
    private final String name;
    private final List<Double> sums = new ArrayList<>();
    private final List<Long> counts = new ArrayList<>();

    RowLosses(String name) {
        this.name = name;
    }

    void add(double sum, long count) {
        sums.add(sum);
        counts.add(count);
    }

    LossScores scores() {
        return LossScores.of(
                name,
                sums.stream().mapToDouble(Double::doubleValue).toArray(),
                counts.stream().mapToLong(Long::longValue).toArray());
    }
}

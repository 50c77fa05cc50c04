package dev.cultivar.objective;

import dev.cultivar.evaluate.Direction;
import dev.cultivar.evaluate.LossScores;
import dev.cultivar.evaluate.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/// How well replaced tokens are told from original ones: accuracy, and precision, recall and F1 of "replaced".
///
/// Tokens of one row are not independent, so the intervals take rows as what varies, as those of losses do.
final class DetectionCounts {
    private final List<Row> rows = new ArrayList<>();

    /// The tokens of one row, counted.
    static final class Row {
        private long found;
        private long missed;
        private long suspected;
        private long left;

        /// @param replaced whether the token is another than the original's
        /// @param told     whether it was told to be
        void add(boolean replaced, boolean told) {
            if (replaced) {
                found += told ? 1 : 0;
                missed += told ? 0 : 1;
            } else {
                suspected += told ? 1 : 0;
                left += told ? 0 : 1;
            }
        }

        private long tokens() {
            return found + missed + suspected + left;
        }
    }

    void add(Row row) {
        rows.add(row);
    }

    /// `original_share` is the accuracy of telling "original" of every token: what accuracy has to be read against.
    List<Metric> metrics() {
        return List.of(
                share("accuracy", row -> row.missed + row.suspected, Row::tokens),
                share("original_share", row -> row.found + row.missed, Row::tokens),
                share("replaced_precision", row -> row.suspected, row -> row.found + row.suspected),
                share("replaced_recall", row -> row.missed, row -> row.found + row.missed),
                share("replaced_f1", row -> row.missed + row.suspected, row -> 2 * row.found + row.missed + row.suspected));
    }

    /// One less the share of wrong ones; 0, and nothing known of it, where there is nothing to be wrong about.
    private Metric share(String name, ToLongFunction<Row> wrong, ToLongFunction<Row> of) {
        if (rows.stream().mapToLong(of).sum() == 0) {
            return new Metric(name, 0, 0, 1, Direction.HIGHER);
        }
        Metric error = LossScores.of(
                        name,
                        rows.stream().mapToDouble(row -> wrong.applyAsLong(row)).toArray(),
                        rows.stream().mapToLong(of).toArray())
                .loss();
        double value = 1 - error.value();
        return new Metric(name, value, Math.max(0, 1 - error.high()), Math.min(1, 1 - error.low()), Direction.HIGHER);
    }
}

package dev.cultivar.objective;

import dev.cultivar.evaluate.Confusion;
import dev.cultivar.evaluate.Probabilities;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// What was said of measured rows that have one class each.
///
/// @param labels        the classes' names
/// @param gold          the right class of each row
/// @param predicted     the class that was answered
/// @param probabilities of each row's classes
/// @param rows          each row's number, as its batch told it; of texts in several parts the text's
public record Answers(List<String> labels, int[] gold, int[] predicted, Probabilities probabilities, long[] rows) {

    public Answers {
        labels = List.copyOf(labels);
        if (gold.length != rows.length || predicted.length != rows.length || probabilities.rows() != rows.length) {
            throw new IllegalArgumentException(rows.length + " rows, but " + gold.length + " gold labels, " + predicted.length + " answers and probabilities of "
                    + probabilities.rows());
        }
    }

    /// A row whose answer is wrong.
    ///
    /// @param row         its number
    /// @param probability of the answer
    public record Misread(long row, int gold, int predicted, double probability) {}

    /// Which class was taken for which.
    public Confusion confusion() {
        return Confusion.of(gold, predicted, labels);
    }

    /// The share of rows that were taken for their class.
    public double accuracy() {
        return (double) IntStream.range(0, rows.length).filter(i -> gold[i] == predicted[i]).count() / rows.length;
    }

    /// Wrong answers, the surest first, of equally sure ones the earlier row's.
    ///
    /// @param most how many at most
    public List<Misread> misread(int most) {
        return IntStream.range(0, rows.length)
                .filter(i -> gold[i] != predicted[i])
                .mapToObj(i -> new Misread(rows[i], gold[i], predicted[i], probabilities.at(i, predicted[i])))
                .sorted(Comparator.comparingDouble(Misread::probability).reversed().thenComparingLong(Misread::row))
                .limit(most)
                .toList();
    }
}

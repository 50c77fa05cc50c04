package dev.cultivar.evaluate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleBiFunction;

/// Written texts against references: ROUGE-1, ROUGE-2 and ROUGE-L as means over rows, without stems, and BLEU over all rows.
public final class TextScores {
    private final List<double[]> rouge = new ArrayList<>();
    private final List<Bleu> bleu = new ArrayList<>();
    private final List<ToDoubleBiFunction<String, String>> scores = List.of(
            (reference, text) -> Rouge.ofRuns(1, reference, text, false).f1(),
            (reference, text) -> Rouge.ofRuns(2, reference, text, false).f1(),
            (reference, text) -> Rouge.ofSequence(reference, text, false).f1());

    public void add(String reference, String text) {
        rouge.add(scores.stream().mapToDouble(score -> score.applyAsDouble(reference, text)).toArray());
        bleu.add(Bleu.of(reference, text));
    }

    /// How many rows.
    public int rows() {
        return rouge.size();
    }

    /// With intervals over rows: of a mean by its standard error, of BLEU by drawing the rows again a thousand times (Koehn, 2004,
    /// "Statistical significance tests for machine translation evaluation").
    public List<Metric> metrics() {
        List<Metric> metrics = new ArrayList<>();
        List<String> names = List.of("rouge1", "rouge2", "rougeL");
        for (int i = 0; i < names.size(); i++) {
            int score = i;
            double[] values = rouge.stream().mapToDouble(row -> row[score]).toArray();
            double mean = Arrays.stream(values).average().orElseThrow();
            double squares = Arrays.stream(values).map(value -> (value - mean) * (value - mean)).sum();
            double error = Math.sqrt(squares / (values.length - 1.0) / values.length);
            metrics.add(Intervals.normal(names.get(i), mean, error, 0, 1, Direction.HIGHER));
        }
        Bleu all = bleu.stream().reduce(Bleu::plus).orElseThrow();
        metrics.add(Intervals.normal("bleu", all.score(true), bleuError(), 0, 100, Direction.HIGHER));
        return metrics;
    }

    private double bleuError() {
        if (bleu.size() == 1) {
            return Double.NaN;
        }
        double[][] counts = bleu.stream().map(Bleu::counts).toArray(double[][]::new);
        return Bootstrap.sums(counts, sums -> Bleu.of(sums).score(true));
    }
}

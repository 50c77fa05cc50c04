package dev.cultivar.evaluate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleBiFunction;

/// Written texts against references: ROUGE-1, ROUGE-2 and ROUGE-L as means over rows, without stems, and BLEU over all rows; where the
/// texts are known that they were written from, beside what their first sentences would score.
public final class TextScores {
    private static final List<String> NAMES = List.of("rouge1", "rouge2", "rougeL");
    private static final int LONGEST = NAMES.size() - 1;
    private static final String LEAD = "lead_sentence";

    private final List<double[]> rouge = new ArrayList<>();
    private final List<double[]> lead = new ArrayList<>();
    private final List<Bleu> bleu = new ArrayList<>();
    private final List<ToDoubleBiFunction<String, String>> scores = List.of(
            (reference, text) -> Rouge.ofRuns(1, reference, text, false).f1(),
            (reference, text) -> Rouge.ofRuns(2, reference, text, false).f1(),
            (reference, text) -> Rouge.ofSequence(reference, text, false).f1());

    public void add(String reference, String text) {
        rouge.add(scored(reference, text));
        bleu.add(Bleu.of(reference, text));
    }

    /// @param source that the text was written from; given for every row or for none
    public void add(String source, String reference, String text) {
        add(reference, text);
        lead.add(scored(reference, LeadSentence.of(source)));
    }

    private double[] scored(String reference, String text) {
        return scores.stream().mapToDouble(score -> score.applyAsDouble(reference, text)).toArray();
    }

    /// How many rows.
    public int rows() {
        return rouge.size();
    }

    /// With intervals over rows: of a mean by its standard error, of BLEU by drawing the rows again a thousand times (Koehn, 2004,
    /// "Statistical significance tests for machine translation evaluation"). How far the texts are above first sentences is judged row by row.
    public List<Metric> metrics() {
        List<Metric> metrics = new ArrayList<>();
        for (int i = 0; i < NAMES.size(); i++) {
            metrics.add(mean(NAMES.get(i), column(rouge, i), 0));
        }
        Bleu all = bleu.stream().reduce(Bleu::plus).orElseThrow();
        metrics.add(Intervals.normal("bleu", all.score(true), bleuError(), 0, 100, Direction.HIGHER));
        if (!lead.isEmpty()) {
            for (int i = 0; i < NAMES.size(); i++) {
                metrics.add(mean(LEAD + "_" + NAMES.get(i), column(lead, i), 0));
            }
            double[] above = column(rouge, LONGEST);
            double[] sentences = column(lead, LONGEST);
            Arrays.setAll(above, row -> above[row] - sentences[row]);
            metrics.add(mean(NAMES.get(LONGEST) + "_above_" + LEAD, above, -1));
        }
        return metrics;
    }

    private static double[] column(List<double[]> rows, int score) {
        return rows.stream().mapToDouble(row -> row[score]).toArray();
    }

    private static Metric mean(String name, double[] values, double least) {
        double mean = Arrays.stream(values).average().orElseThrow();
        double squares = Arrays.stream(values).map(value -> (value - mean) * (value - mean)).sum();
        double error = Math.sqrt(squares / (values.length - 1.0) / values.length);
        return Intervals.normal(name, mean, error, least, 1, Direction.HIGHER);
    }

    private double bleuError() {
        if (bleu.size() == 1) {
            return Double.NaN;
        }
        double[][] counts = bleu.stream().map(Bleu::counts).toArray(double[][]::new);
        return Bootstrap.sums(counts, sums -> Bleu.of(sums).score(true));
    }
}

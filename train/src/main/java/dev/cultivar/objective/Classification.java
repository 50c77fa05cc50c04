package dev.cultivar.objective;

import dev.cultivar.batch.Batch;
import dev.cultivar.evaluate.ClassificationScores;
import dev.cultivar.evaluate.Metric;
import dev.cultivar.evaluate.Probabilities;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.Mode;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.RowClassifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// One label a row, by cross entropy over a linear layer.
///
/// Batches: what the backbone reads, and `labels` (B); where rows are parts of longer texts also `document` (B); where each is mixed with
/// another, that one's `mixed_labels` (B) and the `mixed_share` (B) that its own label counts.
public final class Classification implements OverRows {
    private static final String ROWS = "classification";

    private final RowClassifier network;
    private final ClassLoss rows;
    private final List<String> labels;

    /// @param smoothing share of the target spread over all labels
    /// @param weights   what the rows of each class count, in the order of the head's outputs; empty where all count alike
    /// @param focus     how much less rows count that are answered rightly already; 0 for plain cross entropy
    /// @param labels    the labels' names, in the order of the head's outputs
    public Classification(RowClassifier network, double smoothing, float[] weights, double focus, List<String> labels) {
        this.network = network;
        this.rows = new ClassLoss(smoothing, weights.clone(), focus);
        this.labels = List.copyOf(labels);
    }

    @Override
    public Denominators denominators(Batch batch) {
        return Denominators.of(ROWS, rows.count(batch));
    }

    @Override
    public Loss loss(Model model, Inputs inputs, Mode mode) {
        return Loss.of(new Loss.Term(ROWS, rows.sum(network.logits(inputs, mode), inputs), 1));
    }

    @Override
    public RowClassifier network() {
        return network;
    }

    @Override
    public Measurement measurement(Model model) {
        return new Scores();
    }

    /// Accuracy, F1 and the rest over real rows; over texts, where they are parts of such.
    public final class Scores implements Measurement {
        private final List<Integer> gold = new ArrayList<>();
        private final List<Long> rows = new ArrayList<>();
        private final RowNumbers probabilities = new RowNumbers(labels.size());
        private final Documents documents = new Documents();
        private final List<Double> energies = new ArrayList<>();

        @Override
        public void add(Inputs inputs) {
            Batch batch = inputs.batch();
            RowClassifier.Said said = network.said(inputs);
            float[] flat = said.numbers();
            int[] labelled = batch.ints("labels").values();
            int outputs = network.head().outputs();
            for (int row = 0; row < batch.rows(); row++) {
                float[] own = Arrays.copyOfRange(flat, row * outputs, (row + 1) * outputs);
                energies.add((double) said.energies()[row]);
                if (batch.has("document")) {
                    documents.add(batch.ints("document").values()[row], batch.origin()[row], labelled[row], own);
                } else {
                    add(batch.origin()[row], labelled[row], own);
                }
            }
        }

        private void add(long row, int label, float[] own) {
            rows.add(row);
            gold.add(label);
            probabilities.add(own, 1);
        }

        /// Texts of several rows count once, by the mean of what was said of the rows.
        private void pool() {
            documents.each(this::add);
            documents.clear();
        }

        /// Of each row that was added, also where several make up a text: how strongly any class speaks for itself.
        public double[] energies() {
            return energies.stream().mapToDouble(Double::doubleValue).toArray();
        }

        /// The probabilities of each row, in the order in which rows were added.
        public Probabilities probabilities() {
            pool();
            return new Probabilities(labels.size(), probabilities.all());
        }

        /// The classes' names.
        public List<String> labels() {
            return labels;
        }

        /// The right class of each row, in the order in which rows were added.
        public int[] gold() {
            pool();
            return gold.stream().mapToInt(Integer::intValue).toArray();
        }

        /// The class with the highest score of each row, in the same order; of equal ones the first.
        public int[] predicted() {
            pool();
            var each = new Probabilities(labels.size(), probabilities.all());
            return IntStream.range(0, each.rows()).map(each::top).toArray();
        }

        /// All scores, for reports.
        public ClassificationScores scores() {
            pool();
            return ClassificationScores.of(gold(), probabilities.all(), labels);
        }

        @Override
        public Optional<Answers> classified() {
            pool();
            var each = new Probabilities(labels.size(), probabilities.all());
            return Optional.of(new Answers(labels, gold(), predicted(), each, rows.stream().mapToLong(Long::longValue).toArray()));
        }

        @Override
        public List<Metric> metrics() {
            return scores().metrics();
        }
    }
}

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
import java.util.List;
import java.util.stream.IntStream;

/// One label a row, by cross entropy over a linear layer.
///
/// Batches: what the backbone reads, and `labels` (B).
public final class Classification implements Objective {
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
        return Loss.of(new Loss.Term(ROWS, rows.sum(network.logits(inputs, mode), inputs.tensor("labels")), 1));
    }

    @Override
    public Reads reads() {
        return Reads.of(network);
    }

    @Override
    public boolean concurrent() {
        return true;
    }

    @Override
    public Measurement measurement(Model model) {
        return new Scores();
    }

    /// Accuracy, F1 and the rest over real rows.
    public final class Scores implements Measurement {
        private final List<Integer> gold = new ArrayList<>();
        private final RowNumbers probabilities = new RowNumbers(labels.size());

        @Override
        public void add(Inputs inputs) {
            Batch batch = inputs.batch();
            probabilities.add(network.probabilities(inputs), batch.rows());
            int[] labelled = batch.ints("labels").values();
            for (int row = 0; row < batch.rows(); row++) {
                gold.add(labelled[row]);
            }
        }

        /// The right class of each row, in the order in which rows were added.
        public int[] gold() {
            return gold.stream().mapToInt(Integer::intValue).toArray();
        }

        /// The class with the highest score of each row, in the same order; of equal ones the first.
        public int[] predicted() {
            var each = new Probabilities(labels.size(), probabilities.all());
            return IntStream.range(0, each.rows()).map(each::top).toArray();
        }

        /// All scores, for reports.
        public ClassificationScores scores() {
            return ClassificationScores.of(gold(), probabilities.all(), labels);
        }

        @Override
        public List<Metric> metrics() {
            return scores().metrics();
        }
    }
}

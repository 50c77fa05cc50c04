package dev.cultivar.objective;

import dev.cultivar.batch.Batch;
import dev.cultivar.evaluate.ClassificationScores;
import dev.cultivar.evaluate.Metric;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.Mode;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.RowClassifier;
import java.util.ArrayList;
import java.util.List;

/// One label a row, by cross entropy over a linear layer.
///
/// Batches: what the backbone reads, and `labels` (B).
public final class Classification implements Objective {
    private static final String ROWS = "classification";

    private final RowClassifier network;
    private final double smoothing;
    private final List<String> labels;

    /// @param labels the labels' names, in the order of the head's outputs
    public Classification(RowClassifier network, double smoothing, List<String> labels) {
        this.network = network;
        this.smoothing = smoothing;
        this.labels = List.copyOf(labels);
    }

    @Override
    public Denominators denominators(Batch batch) {
        return Denominators.of(ROWS, batch.rows());
    }

    @Override
    public Loss loss(Model model, Inputs inputs, Mode mode) {
        return Loss.of(new Loss.Term(ROWS, CrossEntropy.sum(network.logits(inputs, mode), inputs.tensor("labels"), smoothing), 1));
    }

    @Override
    public Reads reads() {
        return network.head().pooling().map(pooling -> switch (pooling) {
            case CLS -> Reads.POOLED;
            case MEAN -> Reads.MEAN;
        }).orElse(Reads.FIRST);
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
        private final List<Float> probabilities = new ArrayList<>();

        @Override
        public void add(Inputs inputs) {
            Batch batch = inputs.batch();
            float[] flat = network.probabilities(inputs);
            int[] labelled = batch.ints("labels").values();
            for (int row = 0; row < batch.rows(); row++) {
                gold.add(labelled[row]);
            }
            for (int i = 0; i < batch.rows() * network.head().outputs(); i++) {
                probabilities.add(flat[i]);
            }
        }

        /// The right class of each row, in the order in which rows were added.
        public int[] gold() {
            return gold.stream().mapToInt(Integer::intValue).toArray();
        }

        /// The class with the highest score of each row, in the same order; of equal ones the first.
        public int[] predicted() {
            int[] predicted = new int[gold.size()];
            for (int row = 0; row < predicted.length; row++) {
                int from = row * network.head().outputs();
                for (int k = 1; k < network.head().outputs(); k++) {
                    if (probabilities.get(from + k) > probabilities.get(from + predicted[row])) {
                        predicted[row] = k;
                    }
                }
            }
            return predicted;
        }

        /// All scores, for reports.
        public ClassificationScores scores() {
            float[] flat = new float[probabilities.size()];
            for (int i = 0; i < flat.length; i++) {
                flat[i] = probabilities.get(i);
            }
            return ClassificationScores.of(gold(), flat, labels);
        }

        @Override
        public List<Metric> metrics() {
            return scores().metrics();
        }
    }
}

package dev.cultivar.objective;

import dev.cultivar.batch.Batch;
import dev.cultivar.evaluate.Metric;
import dev.cultivar.evaluate.MultiLabelScores;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.Mode;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.RowClassifier;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/// Any number of labels a row, by binary cross entropy of each, averaged over rows and labels.
///
/// Batches: what the backbone reads, and `labels` (B, K) of zeros and ones.
public final class MultiLabel implements OverRows {
    private static final String LABELS = "labels";
    /// PyTorch's code for a sum.
    private static final long SUM = 2;

    private final RowClassifier network;
    private final List<String> labels;

    /// @param labels the labels' names, in the order of the head's outputs
    public MultiLabel(RowClassifier network, List<String> labels) {
        this.network = network;
        this.labels = List.copyOf(labels);
    }

    @Override
    public Denominators denominators(Batch batch) {
        return Denominators.of(LABELS, (double) batch.rows() * labels.size());
    }

    @Override
    public Loss loss(Model model, Inputs inputs, Mode mode) {
        int rows = inputs.batch().rows();
        Tensor scores = network.logits(inputs, mode).narrow(0, 0, rows).to(torch.ScalarType.Float); // (B, K) without filler
        Tensor truth = inputs.tensor("labels").narrow(0, 0, rows);
        return Loss.of(new Loss.Term(
                LABELS, torch.binary_cross_entropy_with_logits(scores, truth, new TensorOptional(), new TensorOptional(), SUM), 1));
    }

    @Override
    public RowClassifier network() {
        return network;
    }

    @Override
    public Measurement measurement(Model model) {
        return new Scores();
    }

    /// F1 and the rest over real rows.
    public final class Scores implements Measurement {
        private final RowNumbers gold = new RowNumbers(labels.size());
        private final RowNumbers probabilities = new RowNumbers(labels.size());

        @Override
        public void add(Inputs inputs) {
            Batch batch = inputs.batch();
            probabilities.add(network.probabilities(inputs), batch.rows());
            gold.add(batch.floats("labels").values(), batch.rows());
        }

        /// All scores, for reports.
        public MultiLabelScores scores() {
            return MultiLabelScores.of(gold.all(), probabilities.all(), labels);
        }

        @Override
        public List<Metric> metrics() {
            return scores().metrics();
        }
    }
}

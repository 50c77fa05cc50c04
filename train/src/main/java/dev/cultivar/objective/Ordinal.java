package dev.cultivar.objective;

import dev.cultivar.batch.Batch;
import dev.cultivar.batch.Chances;
import dev.cultivar.evaluate.Metric;
import dev.cultivar.evaluate.OrdinalScores;
import dev.cultivar.evaluate.Probabilities;
import dev.cultivar.nn.Meaning;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.Mode;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.RowClassifier;
import dev.cultivar.torch.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/// One of several classes that have an order: a yes or no for each threshold between neighbours (Cao, Mirjalili and Raschka, 2020,
/// equation 5), or, to compare with, cross entropy over the classes.
///
/// Batches: what the backbone reads, and `labels` (B), the classes' places in their order.
public final class Ordinal implements OverRows {
    private static final String ROWS = "ordinal";
    /// PyTorch's code for a sum.
    private static final long SUM = 2;

    private final RowClassifier network;
    private final List<String> order;

    /// @param order the classes' names from the lowest to the highest
    public Ordinal(RowClassifier network, List<String> order) {
        this.network = network;
        this.order = List.copyOf(order);
    }

    @Override
    public Denominators denominators(Batch batch) {
        return Denominators.of(ROWS, batch.rows());
    }

    @Override
    public Loss loss(Model model, Inputs inputs, Mode mode) {
        Tensor scores = network.logits(inputs, mode).to(torch.ScalarType.Float);
        if (network.meaning() == Meaning.ONE_CLASS) {
            return Loss.of(new Loss.Term(ROWS, CrossEntropy.sum(scores, inputs.tensor("labels"), 0), 1));
        }
        Batch batch = inputs.batch();
        Tensor above = Tensors.ofFloats(above(batch), batch.rows(), order.size() - 1L); // (B, K - 1)
        Tensor real = scores.narrow(0, 0, batch.rows());
        return Loss.of(new Loss.Term(
                ROWS, torch.binary_cross_entropy_with_logits(real, above, new TensorOptional(), new TensorOptional(), SUM), 1));
    }

    /// Whether a row lies above each threshold.
    private float[] above(Batch batch) {
        int thresholds = order.size() - 1;
        float[] above = new float[batch.rows() * thresholds];
        int[] labels = batch.ints("labels").values();
        for (int row = 0; row < batch.rows(); row++) {
            for (int k = 0; k < thresholds; k++) {
                above[row * thresholds + k] = labels[row] > k ? 1 : 0;
            }
        }
        return above;
    }

    @Override
    public RowClassifier network() {
        return network;
    }

    @Override
    public Measurement measurement(Model model) {
        return new Scores();
    }

    /// Agreement weighted by distance, and the rest, over real rows.
    public final class Scores implements Measurement {
        private final List<Integer> gold = new ArrayList<>();
        private final List<Long> rows = new ArrayList<>();
        private final RowNumbers probabilities = new RowNumbers(order.size());

        @Override
        public void add(Inputs inputs) {
            Batch batch = inputs.batch();
            probabilities.add(network.probabilities(inputs), batch.rows());
            int[] labels = batch.ints("labels").values();
            for (int row = 0; row < batch.rows(); row++) {
                gold.add(labels[row]);
                rows.add(batch.origin()[row]);
            }
        }

        /// All scores, for reports.
        public OrdinalScores scores() {
            return OrdinalScores.of(gold.stream().mapToInt(Integer::intValue).toArray(), probabilities.all(), order);
        }

        /// Each answer is the class in the middle.
        @Override
        public Optional<Answers> classified() {
            float[] all = probabilities.all();
            int[] predicted = IntStream.range(0, rows.size()).map(row -> Chances.median(all, row * order.size(), order.size())).toArray();
            return Optional.of(new Answers(
                    order,
                    gold.stream().mapToInt(Integer::intValue).toArray(),
                    predicted,
                    new Probabilities(order.size(), all),
                    rows.stream().mapToLong(Long::longValue).toArray()));
        }

        @Override
        public List<Metric> metrics() {
            return scores().metrics();
        }
    }
}

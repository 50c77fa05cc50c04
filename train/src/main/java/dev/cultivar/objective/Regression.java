package dev.cultivar.objective;

import dev.cultivar.batch.Batch;
import dev.cultivar.evaluate.Metric;
import dev.cultivar.evaluate.RegressionScores;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.Mode;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.RowClassifier;
import dev.cultivar.batch.Standard;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// A number a row, by what the difference costs.
///
/// Batches: what the backbone reads, and `labels` (B), the values as the data have them.
public final class Regression implements OverRows {
    private static final String ROWS = "regression";

    private final RowClassifier network;
    private final Difference difference;
    private final Standard standard;

    /// What a difference costs.
    public enum Difference { MSE, MAE, HUBER }

    /// @param network  with one output
    /// @param standard what the head learns instead of the value itself
    public Regression(RowClassifier network, Difference difference, Standard standard) {
        this.network = network;
        this.difference = difference;
        this.standard = standard;
    }

    @Override
    public Denominators denominators(Batch batch) {
        return Denominators.of(ROWS, batch.rows());
    }

    @Override
    public Loss loss(Model model, Inputs inputs, Mode mode) {
        int rows = inputs.batch().rows();
        Tensor got = network.logits(inputs, mode).to(torch.ScalarType.Float).squeeze(1).narrow(0, 0, rows); // (B, 1) -> (B)
        Tensor wanted = inputs.tensor("labels")
                .narrow(0, 0, rows)
                .sub(new Scalar(standard.mean()))
                .div(new Scalar(standard.deviation()));
        Tensor gap = got.sub(wanted);
        Tensor cost = switch (difference) {
            case MSE -> gap.mul(gap);
            case MAE -> gap.abs();
            case HUBER -> {
                Tensor size = gap.abs();
                Tensor near = size.clamp_max(new Scalar(1));
                yield near.mul(near).mul(new Scalar(0.5)).add(size.sub(near)); // n^2 / 2 + (|gap| - n), n = min(|gap|, 1)
            }
        };
        return Loss.of(new Loss.Term(ROWS, cost.sum(), 1));
    }

    @Override
    public RowClassifier network() {
        return network;
    }

    @Override
    public Measurement measurement(Model model) {
        return new Scores();
    }

    /// Errors and correlations over real rows, in the data's own unit.
    public final class Scores implements Measurement {
        private final RowNumbers gold = new RowNumbers(1);
        private final RowNumbers predicted = new RowNumbers(1);

        @Override
        public void add(Inputs inputs) {
            Batch batch = inputs.batch();
            gold.add(batch.floats("labels").values(), batch.rows());
            float[] values = network.probabilities(inputs);
            for (int i = 0; i < values.length; i++) {
                values[i] = standard.value(values[i]);
            }
            predicted.add(values, batch.rows());
        }

        /// All scores, for reports.
        public RegressionScores scores() {
            return RegressionScores.of(predicted.doubles(), gold.doubles());
        }

        @Override
        public List<Metric> metrics() {
            return scores().metrics();
        }
    }
}

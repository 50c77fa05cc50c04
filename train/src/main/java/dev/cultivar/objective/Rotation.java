package dev.cultivar.objective;

import dev.cultivar.batch.Batch;
import dev.cultivar.evaluate.Direction;
import dev.cultivar.evaluate.LossScores;
import dev.cultivar.evaluate.Metric;
import dev.cultivar.nn.Backbone;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.LinearHead;
import dev.cultivar.nn.Mode;
import dev.cultivar.nn.Model;
import dev.cultivar.recipe.RecipeException;
import dev.cultivar.torch.Tensors;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/// Rotation (Gidaris et al., 2018, equation 3): each picture is shown four times, turned by no, one, two and three quarters, and it is to be told
/// by how many.
///
/// Batches: `pixel_values` (B, C, H, W), as high as wide.
final class Rotation implements Objective {
    private static final String NAME = "rotation";
    static final int QUARTERS = 4;

    private final Backbone backbone;
    private final LinearHead head;

    Rotation(Model model, LabelFacts facts, double headDeviation) {
        if (facts.pictures().height() != facts.pictures().width()) {
            throw new RecipeException("objective rotation turns pictures by a quarter, and these, " + facts.pictures().shape()
                    + ", are then of another shape; give pictures that are as high as wide, or another objective");
        }
        backbone = model.backbone();
        head = model.network(NAME, LinearHead.class, weights -> new LinearHead(weights, NAME, backbone.width(), QUARTERS, headDeviation));
    }

    /// All pictures turned by no quarter, then all by one, and so on: (B, C, H, W) -> (4B, C, H, W)
    static Tensor turned(Tensor pictures) {
        var turned = new TensorVector(QUARTERS);
        for (int quarters = 0; quarters < QUARTERS; quarters++) {
            turned.put(quarters, torch.rot90(pictures, quarters, 2, 3));
        }
        return torch.cat(turned, 0);
    }

    /// By how many quarters each of those is turned: (4B)
    static int[] quarters(int rows) {
        int[] quarters = new int[QUARTERS * rows];
        for (int i = 0; i < quarters.length; i++) {
            quarters[i] = i / rows;
        }
        return quarters;
    }

    /// (4B, 4)
    private Tensor logits(Inputs inputs, Mode mode) {
        Inputs all = inputs.with(Normalizing.VALUES, turned(inputs.tensor(Normalizing.VALUES)));
        return head.logits(backbone.pooled(backbone.forward(all, mode), all, mode));
    }

    @Override
    public Denominators denominators(Batch batch) {
        return Denominators.of(NAME, (double) QUARTERS * batch.rows());
    }

    @Override
    public Loss loss(Model model, Inputs inputs, Mode mode) {
        Tensor logits = logits(inputs, mode);
        int[] quarters = quarters(Math.toIntExact(logits.size(0)) / QUARTERS);
        return Loss.of(new Loss.Term(NAME, CrossEntropy.sum(logits, Tensors.ofInts(quarters, quarters.length), 0), 1));
    }

    /// All turns but the first go through the backbone as well.
    @Override
    public double headFlops(Model model) {
        return (QUARTERS - 1) * backbone.forwardFlops(0);
    }

    @Override
    public boolean concurrent() {
        return true;
    }

    @Override
    public Measurement measurement(Model model) {
        return new Scores();
    }

    /// How often the turn is told, and the loss. The four turns of a picture are not independent: intervals come from pictures.
    private final class Scores implements Measurement {
        private final RowLosses losses = new RowLosses("rotation_loss");
        private final List<Double> wrong = new ArrayList<>();

        @Override
        public void add(Inputs inputs) {
            Tensor logits = logits(inputs, Mode.INFERENCE);
            int all = Math.toIntExact(logits.size(0)) / QUARTERS; // filler rows included
            int[] quarters = quarters(all);
            float[] each = Tensors.floats(CrossEntropy.each(logits, Tensors.ofInts(quarters, quarters.length)));
            float[] said = Tensors.floats(logits.argmax(new org.bytedeco.pytorch.LongOptional(1), false));
            for (int row = 0; row < inputs.batch().rows(); row++) {
                double sum = 0;
                int missed = 0;
                for (int i = row; i < quarters.length; i += all) {
                    sum += each[i];
                    missed += (int) said[i] == quarters[i] ? 0 : 1;
                }
                losses.add(sum, QUARTERS);
                wrong.add(missed / (double) QUARTERS);
            }
        }

        @Override
        public List<Metric> metrics() {
            return List.of(accuracy(), losses.scores().loss());
        }

        private Metric accuracy() {
            Metric error = LossScores.ofRows("error", wrong.stream().mapToDouble(Double::doubleValue).toArray()).loss();
            double value = 1 - error.value();
            // Where no picture is told wrongly, or none rightly, rows show no error: a share of as many pictures bounds it.
            Metric bound = Metric.share("bound", Math.round(value * wrong.size()), wrong.size());
            boolean silent = error.value() == 0 || error.value() == 1;
            double low = silent ? Math.min(value, bound.low()) : Math.max(0, 1 - error.high());
            double high = silent ? Math.max(value, bound.high()) : Math.min(1, 1 - error.low());
            return new Metric("rotation_accuracy", value, low, high, Direction.HIGHER);
        }
    }
}

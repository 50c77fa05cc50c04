package dev.cultivar.objective;

import dev.cultivar.evaluate.Direction;
import dev.cultivar.evaluate.LossScores;
import dev.cultivar.evaluate.Metric;
import dev.cultivar.recipe.PictureObjectiveRecipe.Game;
import dev.cultivar.torch.Tensors;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/// How a GAN's critic judges held-out pictures, each beside one that was drawn.
final class GanScores {
    private final List<Double> gaps = new ArrayList<>();
    private long told; // pictures of the data that are taken for such, and drawn ones that are not
    private long fooled; // drawn pictures that are taken for pictures of the data

    /// @param real of pictures of the data, (B)
    /// @param fake of drawn ones, (B)
    /// @param rows that are no filler
    void add(Tensor real, Tensor fake, int rows) {
        float[] ofReal = Tensors.floats(real);
        float[] ofFake = Tensors.floats(fake);
        for (int row = 0; row < rows; row++) {
            gaps.add((double) ofReal[row] - ofFake[row]);
            told += (ofReal[row] > 0 ? 1 : 0) + (ofFake[row] > 0 ? 0 : 1);
            fooled += ofFake[row] > 0 ? 1 : 0;
        }
    }

    /// @param better which way the critic's being right is better: HIGHER for the critic, LOWER for the generator
    List<Metric> metrics(Game game, Direction better) {
        Metric gap = LossScores.ofRows("critic_gap", gaps.stream().mapToDouble(Double::doubleValue).toArray()).loss();
        List<Metric> metrics = new ArrayList<>();
        if (game != Game.WASSERSTEIN) { // its scores have no zero
            metrics.add(turned(Metric.share("critic_accuracy", told, 2L * gaps.size()), better));
            metrics.add(turned(
                    Metric.share("fooled", fooled, gaps.size()), better == Direction.HIGHER ? Direction.LOWER : Direction.HIGHER));
        }
        metrics.add(turned(gap, better));
        return metrics;
    }

    private static Metric turned(Metric metric, Direction direction) {
        return new Metric(metric.name(), metric.value(), metric.low(), metric.high(), direction);
    }
}

package dev.cultivar.optim;

import dev.cultivar.recipe.OptimizerRecipe;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/// Rectified Adam (Liu et al., 2020, algorithm 2), as PyTorch has it: as long as the second moment rests on too few gradients, the
/// first one moves the weights undivided.
final class RAdam implements Rule {
    private static final double ENOUGH = 5;

    private final OptimizerRecipe.RAdam recipe;
    private final Moments first;
    private final Moments second;

    RAdam(OptimizerRecipe.RAdam recipe, Memories memories) {
        this.recipe = recipe;
        first = memories.moments("exp_avg");
        second = memories.moments("exp_avg_sq");
    }

    @Override
    public void step(Segment segment, long step, double rate) {
        Tensor gradient = Rule.decayed(segment, recipe.weightDecay());
        Tensor m = first.of(segment);
        Tensor v = second.of(segment);
        m.lerp_(gradient, new Scalar(1 - recipe.beta1()));
        v.mul_(new Scalar(recipe.beta2())).addcmul_(gradient, gradient, new Scalar(1 - recipe.beta2()));
        double change = -rate / (1 - Math.pow(recipe.beta1(), step));
        double correction2 = 1 - Math.pow(recipe.beta2(), step);
        double most = 2 / (1 - recipe.beta2()) - 1;
        double now = most - 2 * step * Math.pow(recipe.beta2(), step) / correction2; // equation 5
        if (now > ENOUGH) {
            double rectified = Math.sqrt((now - 4) * (now - 2) * most / ((most - 4) * (most - 2) * now)); // equation 6
            segment.data().addcdiv_(
                    m, v.sqrt().add_(new Scalar(recipe.epsilon())), new Scalar(change * Math.sqrt(correction2) * rectified));
        } else {
            segment.data().add_(m, new Scalar(change));
        }
    }
}

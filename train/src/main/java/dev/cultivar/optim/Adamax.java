package dev.cultivar.optim;

import dev.cultivar.recipe.OptimizerRecipe;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// Adamax (Kingma and Ba, 2015, algorithm 2), in PyTorch's order of operations.
final class Adamax implements Rule {
    private final OptimizerRecipe.Adamax recipe;
    private final Moments first;
    private final Moments largest;

    Adamax(OptimizerRecipe.Adamax recipe, Memories memories) {
        this.recipe = recipe;
        first = memories.moments("exp_avg");
        largest = memories.moments("exp_inf");
    }

    @Override
    public void step(Segment segment, long step, double rate) {
        Tensor gradient = Rule.decayed(segment, recipe.weightDecay());
        Tensor m = first.of(segment);
        Tensor u = largest.of(segment);
        m.lerp_(gradient, new Scalar(1 - recipe.beta1()));
        u.mul_(new Scalar(recipe.beta2()));
        torch.maximum_out(u, u, gradient.abs().add_(new Scalar(recipe.epsilon())));
        segment.data().addcdiv_(m, u, new Scalar(-rate / (1 - Math.pow(recipe.beta1(), step))));
    }
}

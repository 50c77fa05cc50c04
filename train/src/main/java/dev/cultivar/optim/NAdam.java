package dev.cultivar.optim;

import dev.cultivar.recipe.OptimizerRecipe;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/// NAdam (Dozat, 2016, algorithm 8 of the longer report), in PyTorch's order of operations.
final class NAdam implements Rule {
    private static final double NEGLIGIBLE = 1e-20;

    private final OptimizerRecipe.NAdam recipe;
    private final Moments first;
    private final Moments second;

    NAdam(OptimizerRecipe.NAdam recipe, Memories memories) {
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
        Tensor denominator = v.div(new Scalar(1 - Math.pow(recipe.beta2(), step))).sqrt_().add_(new Scalar(recipe.epsilon()));
        double product = product(step);
        double next = momentum(step + 1);
        segment.data()
                .addcdiv_(gradient, denominator, new Scalar(-rate * (1 - momentum(step)) / (1 - product)))
                .addcdiv_(m, denominator, new Scalar(-rate * next / (1 - product * next)));
    }

    /// The momentum of a step: it rises from about half of `beta1` to `beta1`.
    private double momentum(long step) {
        return recipe.beta1() * (1 - 0.5 * Math.pow(0.96, step * recipe.momentumDecay()));
    }

    /// The product of the momenta so far: what the steps are divided by is one minus it, so it is 0 once it is negligible.
    private double product(long step) {
        double product = 1;
        for (long i = 1; i <= step && product > NEGLIGIBLE; i++) {
            product *= momentum(i);
        }
        return product > NEGLIGIBLE ? product : 0;
    }
}

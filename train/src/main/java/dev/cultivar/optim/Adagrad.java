package dev.cultivar.optim;

import dev.cultivar.recipe.OptimizerRecipe;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/// Adagrad (Duchi, Hazan and Singer, 2011, figure 1, diagonal), in PyTorch's order of operations.
final class Adagrad implements Rule {
    private final OptimizerRecipe.Adagrad recipe;
    private final Moments sum;

    Adagrad(OptimizerRecipe.Adagrad recipe, Memories memories) {
        this.recipe = recipe;
        sum = memories.moments("sum", recipe.accumulator());
    }

    @Override
    public void step(Segment segment, long step, double rate) {
        Tensor gradient = Rule.decayed(segment, recipe.weightDecay());
        Tensor squares = sum.of(segment);
        squares.addcmul_(gradient, gradient, new Scalar(1.0));
        Tensor denominator = squares.sqrt().add_(new Scalar(recipe.epsilon()));
        segment.data().addcdiv_(gradient, denominator, new Scalar(-rate / (1 + (step - 1) * recipe.rateDecay())));
    }
}

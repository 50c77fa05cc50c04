package dev.cultivar.optim;

import dev.cultivar.recipe.OptimizerRecipe;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/// Adadelta (Zeiler, 2012, algorithm 1): changes in the weights' own unit, by the ratio of two root mean squares.
final class Adadelta implements Rule {
    private final OptimizerRecipe.Adadelta recipe;
    private final Moments squares;
    private final Moments changes;

    Adadelta(OptimizerRecipe.Adadelta recipe, Memories memories) {
        this.recipe = recipe;
        squares = memories.moments("square_avg");
        changes = memories.moments("acc_delta");
    }

    @Override
    public void step(Segment segment, long step, double rate) {
        Tensor gradient = Rule.decayed(segment, recipe.weightDecay());
        Tensor square = squares.of(segment);
        Tensor change = changes.of(segment);
        var epsilon = new Scalar(recipe.epsilon());
        var rho = new Scalar(recipe.rho());
        var rest = new Scalar(1 - recipe.rho());
        square.mul_(rho).addcmul_(gradient, gradient, rest);
        Tensor delta = change.add(epsilon).sqrt_().div_(square.add(epsilon).sqrt_()).mul_(gradient);
        change.mul_(rho).addcmul_(delta, delta, rest);
        segment.data().add_(delta, new Scalar(-rate));
    }
}

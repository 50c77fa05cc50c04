package dev.cultivar.optim;

import dev.cultivar.recipe.OptimizerRecipe;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/// RMSprop (Tieleman and Hinton, 2012, lecture 6e; centred as in Graves, 2013, equations 38 to 45), as PyTorch has it: epsilon
/// stands outside the root.
final class RmsProp implements Rule {
    private final OptimizerRecipe.RmsProp recipe;
    private final Moments squares;
    private final List<Moments> means;
    private final List<Moments> momentum;

    RmsProp(OptimizerRecipe.RmsProp recipe, Memories memories) {
        this.recipe = recipe;
        squares = memories.moments("square_avg");
        means = recipe.centered() ? List.of(memories.moments("grad_avg")) : List.of();
        momentum = recipe.momentum() == 0 ? List.of() : List.of(memories.moments("momentum"));
    }

    @Override
    public void step(Segment segment, long step, double rate) {
        Tensor gradient = Rule.decayed(segment, recipe.weightDecay());
        Tensor square = squares.of(segment);
        square.mul_(new Scalar(recipe.alpha())).addcmul_(gradient, gradient, new Scalar(1 - recipe.alpha()));
        Tensor spread = square;
        if (recipe.centered()) {
            Tensor mean = means.getFirst().of(segment);
            mean.lerp_(gradient, new Scalar(1 - recipe.alpha()));
            spread = square.addcmul(mean, mean, new Scalar(-1.0)).clamp_min_(new Scalar(0.0)); // rounding may take it below
        }
        Tensor denominator = spread.sqrt().add_(new Scalar(recipe.epsilon()));
        if (momentum.isEmpty()) {
            segment.data().addcdiv_(gradient, denominator, new Scalar(-rate));
        } else {
            Tensor buffer = momentum.getFirst().of(segment);
            buffer.mul_(new Scalar(recipe.momentum())).addcdiv_(gradient, denominator, new Scalar(1.0));
            segment.data().add_(buffer, new Scalar(-rate));
        }
    }
}

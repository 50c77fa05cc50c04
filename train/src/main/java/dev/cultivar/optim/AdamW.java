package dev.cultivar.optim;

import dev.cultivar.checkpoint.StateReader;
import dev.cultivar.checkpoint.StateWriter;
import dev.cultivar.checkpoint.TensorState;
import dev.cultivar.nn.FlatGroup;
import dev.cultivar.recipe.OptimizerRecipe;
import dev.cultivar.torch.Owned;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/// AdamW (Loshchilov and Hutter, 2019, algorithm 2), in PyTorch's order of operations.
final class AdamW implements Optimizer {
    private final OptimizerRecipe.AdamW recipe;
    private final StepCounts counts;
    private final Moments first;
    private final Moments second;

    AdamW(OptimizerRecipe.AdamW recipe, List<FlatGroup> groups, Owned memory) {
        this.recipe = recipe;
        counts = new StepCounts(groups);
        first = new Moments(groups, memory);
        second = new Moments(groups, memory);
    }

    @Override
    public void step(List<Segment> segments, double factor) {
        for (Segment segment : counts.split(segments)) {
            long step = counts.next(segment);
            double rate = recipe.learningRate() * segment.rate() * factor;
            Tensor data = segment.data();
            Tensor gradient = segment.gradient();
            Tensor m = first.of(segment);
            Tensor v = second.of(segment);
            if (segment.decayed() && recipe.weightDecay() != 0) {
                data.mul_(new Scalar(1 - rate * recipe.weightDecay()));
            }
            m.lerp_(gradient, new Scalar(1 - recipe.beta1()));
            v.mul_(new Scalar(recipe.beta2())).addcmul_(gradient, gradient, new Scalar(1 - recipe.beta2()));
            double correction1 = 1 - Math.pow(recipe.beta1(), step);
            double correction2 = Math.sqrt(1 - Math.pow(recipe.beta2(), step));
            Tensor denominator = v.sqrt().div_(new Scalar(correction2)).add_(new Scalar(recipe.epsilon()));
            data.addcdiv_(m, denominator, new Scalar(-rate / correction1));
        }
    }

    @Override
    public double learningRate() {
        return recipe.learningRate();
    }

    @Override
    public void save(StateWriter out) {
        counts.save(out);
        TensorState.save(out, "exp_avg", first.tensors());
        TensorState.save(out, "exp_avg_sq", second.tensors());
    }

    @Override
    public void restore(StateReader in) {
        counts.restore(in);
        TensorState.restore(in, "exp_avg", first.tensors());
        TensorState.restore(in, "exp_avg_sq", second.tensors());
    }
}

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

/// Stochastic gradient descent with momentum (Sutskever et al., 2013), as PyTorch has it: weight decay is L2, and the
/// first momentum is the bare gradient, undampened.
final class Sgd implements Optimizer {
    private final OptimizerRecipe.Sgd recipe;
    private final StepCounts counts;
    private final Moments momentum;

    Sgd(OptimizerRecipe.Sgd recipe, List<FlatGroup> groups, Owned memory) {
        this.recipe = recipe;
        counts = new StepCounts(groups);
        momentum = new Moments(recipe.momentum() == 0 ? List.of() : groups, memory);
    }

    @Override
    public void step(List<Segment> segments, double factor) {
        for (Segment segment : counts.split(segments)) {
            long step = counts.next(segment);
            Tensor gradient = segment.gradient();
            if (segment.decayed() && recipe.weightDecay() != 0) {
                gradient = gradient.add(segment.data(), new Scalar(recipe.weightDecay()));
            }
            if (recipe.momentum() != 0) {
                Tensor buffer = momentum.of(segment);
                if (step == 1) {
                    buffer.copy_(gradient);
                } else {
                    buffer.mul_(new Scalar(recipe.momentum())).add_(gradient, new Scalar(1 - recipe.dampening()));
                }
                gradient = recipe.nesterov() ? gradient.add(buffer, new Scalar(recipe.momentum())) : buffer;
            }
            segment.data().add_(gradient, new Scalar(-recipe.learningRate() * segment.rate() * factor));
        }
    }

    @Override
    public double learningRate() {
        return recipe.learningRate();
    }

    @Override
    public void save(StateWriter out) {
        counts.save(out);
        TensorState.save(out, "momentum", momentum.tensors());
    }

    @Override
    public void restore(StateReader in) {
        counts.restore(in);
        TensorState.restore(in, "momentum", momentum.tensors());
    }
}

package dev.cultivar.optim;

import dev.cultivar.recipe.OptimizerRecipe;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/// Stochastic gradient descent with momentum (Sutskever et al., 2013), as PyTorch has it: weight decay is L2, and the
/// first momentum is the bare gradient, undampened.
final class Sgd implements Rule {
    private final OptimizerRecipe.Sgd recipe;
    private final List<Moments> momentum;

    Sgd(OptimizerRecipe.Sgd recipe, Memories memories) {
        this.recipe = recipe;
        momentum = recipe.momentum() == 0 ? List.of() : List.of(memories.moments("momentum"));
    }

    @Override
    public void step(Segment segment, long step, double rate) {
        Tensor gradient = Rule.decayed(segment, recipe.weightDecay());
        if (!momentum.isEmpty()) {
            Tensor buffer = momentum.getFirst().of(segment);
            if (step == 1) {
                buffer.copy_(gradient);
            } else {
                buffer.mul_(new Scalar(recipe.momentum())).add_(gradient, new Scalar(1 - recipe.dampening()));
            }
            gradient = recipe.nesterov() ? gradient.add(buffer, new Scalar(recipe.momentum())) : buffer;
        }
        segment.data().add_(gradient, new Scalar(-rate));
    }

    @Override
    public void consume(Segment segment, long step, double rate, double scale) {
        if (!OnePass.reaches(segment)) {
            Rule.super.consume(segment, step, rate, scale);
            return;
        }
        float decay = (float) (segment.decayed() ? recipe.weightDecay() : 0);
        float stays = (float) (step == 1 ? 0 : recipe.momentum());
        float enters = (float) (step == 1 ? 1 : 1 - recipe.dampening());
        float ahead = (float) recipe.momentum();
        float change = (float) -rate;
        List<Tensor> state = momentum.stream().map(moments -> moments.of(segment)).toList();
        OnePass.over(segment, state, scale, (w, g, s, count) -> {
            if (s.length == 0) {
                descend(w, g, decay, change, count);
            } else if (recipe.nesterov()) {
                look(w, g, s[0], decay, stays, enters, ahead, change, count);
            } else {
                roll(w, g, s[0], decay, stays, enters, change, count);
            }
        });
    }

    private static void descend(float[] w, float[] g, float decay, float change, int count) {
        for (int i = 0; i < count; i++) {
            w[i] += change * (g[i] + decay * w[i]);
        }
    }

    private static void roll(float[] w, float[] g, float[] v, float decay, float stays, float enters, float change, int count) {
        for (int i = 0; i < count; i++) {
            v[i] = v[i] * stays + enters * (g[i] + decay * w[i]);
            w[i] += change * v[i];
        }
    }

    private static void look(
            float[] w, float[] g, float[] v, float decay, float stays, float enters, float ahead, float change, int count) {
        for (int i = 0; i < count; i++) {
            float pulled = g[i] + decay * w[i];
            v[i] = v[i] * stays + enters * pulled;
            w[i] += change * (pulled + ahead * v[i]);
        }
    }
}

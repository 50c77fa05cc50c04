package dev.cultivar.optim;

import dev.cultivar.recipe.OptimizerRecipe;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/// Lion (Chen et al., 2023, algorithm 2): the sign of one interpolation of gradient and momentum moves the weights, another one
/// is the next momentum.
final class Lion implements Rule {
    private final OptimizerRecipe.Lion recipe;
    private final Moments momentum;

    Lion(OptimizerRecipe.Lion recipe, Memories memories) {
        this.recipe = recipe;
        momentum = memories.moments("exp_avg");
    }

    @Override
    public void step(Segment segment, long step, double rate) {
        Tensor gradient = segment.gradient();
        Tensor m = momentum.of(segment);
        Tensor sign = m.mul(new Scalar(recipe.beta1())).add_(gradient, new Scalar(1 - recipe.beta1())).sign_();
        if (segment.decayed() && recipe.weightDecay() != 0) {
            sign.add_(segment.data(), new Scalar(recipe.weightDecay()));
        }
        segment.data().add_(sign, new Scalar(-rate));
        m.mul_(new Scalar(recipe.beta2())).add_(gradient, new Scalar(1 - recipe.beta2()));
    }

    @Override
    public void consume(Segment segment, long step, double rate, double scale) {
        if (!OnePass.reaches(segment)) {
            Rule.super.consume(segment, step, rate, scale);
            return;
        }
        float decay = (float) (segment.decayed() ? recipe.weightDecay() : 0);
        float beta1 = (float) recipe.beta1();
        float rest1 = (float) (1 - recipe.beta1());
        float beta2 = (float) recipe.beta2();
        float rest2 = (float) (1 - recipe.beta2());
        float change = (float) -rate;
        OnePass.over(segment, List.of(momentum.of(segment)), scale, (w, g, s, count) ->
                move(w, g, s[0], decay, beta1, rest1, beta2, rest2, change, count));
    }

    private static void move(
            float[] w, float[] g, float[] m, float decay, float beta1, float rest1, float beta2, float rest2, float change, int count) {
        for (int i = 0; i < count; i++) {
            w[i] += change * (Math.signum(m[i] * beta1 + rest1 * g[i]) + decay * w[i]);
            m[i] = m[i] * beta2 + rest2 * g[i];
        }
    }
}

package dev.cultivar.optim;

import dev.cultivar.recipe.OptimizerRecipe;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// Adam (Kingma and Ba, 2015, algorithm 1), AMSGrad (Reddi, Kale and Kumar, 2018, algorithm 2) and AdamW (Loshchilov and
/// Hutter, 2019, algorithm 2), in PyTorch's order of operations: they differ in where weight decay enters and in the denominator.
final class Adam implements Rule {
    private final OptimizerRecipe.Adam numbers;
    private final boolean decoupled;
    private final Moments first;
    private final Moments second;
    private final Moments largest;

    private Adam(OptimizerRecipe.Adam numbers, boolean decoupled, Memories memories) {
        this.numbers = numbers;
        this.decoupled = decoupled;
        first = memories.moments("exp_avg");
        second = memories.moments("exp_avg_sq");
        largest = numbers.amsgrad() ? memories.moments("max_exp_avg_sq") : second;
    }

    /// Weight decay is L2.
    static Adam of(OptimizerRecipe.Adam recipe, Memories memories) {
        return new Adam(recipe, false, memories);
    }

    /// Weight decay is decoupled.
    static Adam of(OptimizerRecipe.AdamW recipe, Memories memories) {
        return new Adam(
                new OptimizerRecipe.Adam(
                        recipe.learningRate(), recipe.beta1(), recipe.beta2(), recipe.epsilon(), false, recipe.weightDecay(), recipe.decayed()),
                true,
                memories);
    }

    @Override
    public void step(Segment segment, long step, double rate) {
        if (decoupled) {
            Rule.decay(segment, rate, numbers.weightDecay());
        }
        Tensor gradient = decoupled ? segment.gradient() : Rule.decayed(segment, numbers.weightDecay());
        Tensor m = first.of(segment);
        Tensor v = second.of(segment);
        m.lerp_(gradient, new Scalar(1 - numbers.beta1()));
        v.mul_(new Scalar(numbers.beta2())).addcmul_(gradient, gradient, new Scalar(1 - numbers.beta2()));
        Tensor most = v;
        if (numbers.amsgrad()) {
            most = largest.of(segment);
            torch.maximum_out(most, most, v);
        }
        Tensor denominator = most.sqrt().div_(new Scalar(rootOfCorrection2(step))).add_(new Scalar(numbers.epsilon()));
        segment.data().addcdiv_(m, denominator, new Scalar(-rate / correction1(step)));
    }

    @Override
    public void consume(Segment segment, long step, double rate, double scale) {
        if (!OnePass.reaches(segment)) {
            Rule.super.consume(segment, step, rate, scale);
            return;
        }
        double decay = segment.decayed() ? numbers.weightDecay() : 0;
        float kept = (float) (decoupled ? 1 - rate * decay : 1);
        float pull = (float) (decoupled ? 0 : decay);
        float rise = (float) (1 - numbers.beta1());
        float beta2 = (float) numbers.beta2();
        float rest = (float) (1 - numbers.beta2());
        float correction = (float) rootOfCorrection2(step);
        float epsilon = (float) numbers.epsilon();
        float change = (float) (-rate / correction1(step));
        if (numbers.amsgrad()) {
            List<Tensor> state = List.of(first.of(segment), second.of(segment), largest.of(segment));
            OnePass.over(segment, state, scale, (w, g, s, count) ->
                    move(w, g, s[0], s[1], s[2], kept, pull, rise, beta2, rest, correction, epsilon, change, count));
        } else {
            OnePass.over(segment, List.of(first.of(segment), second.of(segment)), scale, (w, g, s, count) ->
                    move(w, g, s[0], s[1], kept, pull, rise, beta2, rest, correction, epsilon, change, count));
        }
    }

    private double correction1(long step) {
        return 1 - Math.pow(numbers.beta1(), step);
    }

    private double rootOfCorrection2(long step) {
        return Math.sqrt(1 - Math.pow(numbers.beta2(), step));
    }

    private static void move(
            float[] w, float[] g, float[] m, float[] v,
            float kept, float pull, float rise, float beta2, float rest, float correction, float epsilon, float change, int count) {
        for (int i = 0; i < count; i++) {
            float gradient = g[i] + pull * w[i];
            float mean = m[i] + rise * (gradient - m[i]);
            float square = v[i] * beta2 + rest * gradient * gradient;
            m[i] = mean;
            v[i] = square;
            w[i] = w[i] * kept + change * mean / ((float) Math.sqrt(square) / correction + epsilon);
        }
    }

    private static void move(
            float[] w, float[] g, float[] m, float[] v, float[] most,
            float kept, float pull, float rise, float beta2, float rest, float correction, float epsilon, float change, int count) {
        for (int i = 0; i < count; i++) {
            float gradient = g[i] + pull * w[i];
            float mean = m[i] + rise * (gradient - m[i]);
            float square = v[i] * beta2 + rest * gradient * gradient;
            float largest = Math.max(most[i], square);
            m[i] = mean;
            v[i] = square;
            most[i] = largest;
            w[i] = w[i] * kept + change * mean / ((float) Math.sqrt(largest) / correction + epsilon);
        }
    }
}

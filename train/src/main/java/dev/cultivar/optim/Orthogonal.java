package dev.cultivar.optim;

import dev.cultivar.recipe.OptimizerRecipe;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/// Muon's formula (Jordan et al., 2024): a matrix changes by the nearest thing to an orthogonal matrix that a few cheap products
/// make of its momentum, in PyTorch's order of operations.
final class Orthogonal implements Rule {
    // The quintic whose slope at 0 is steep: singular values end between about 0.7 and 1.2 instead of at 1.
    private static final double A = 3.4445;
    private static final double B = -4.7750;
    private static final double C = 2.0315;
    private static final double EPSILON = 1e-7;

    private final OptimizerRecipe.Muon recipe;
    private final Moments momentum;

    Orthogonal(OptimizerRecipe.Muon recipe, Memories memories) {
        this.recipe = recipe;
        momentum = memories.moments("momentum");
    }

    @Override
    public void step(Segment segment, long step, double rate) {
        Tensor buffer = momentum.of(segment);
        buffer.lerp_(segment.gradient(), new Scalar(1 - recipe.momentum()));
        Rule.decay(segment, rate, recipe.weightDecay());
        ParameterView.each(segment, parameter -> {
            Tensor mean = parameter.of(momentum);
            Tensor direction = recipe.nesterov() ? parameter.gradient().lerp(mean, new Scalar(recipe.momentum())) : mean;
            parameter.data().add_(orthogonal(direction), new Scalar(-rate * scale(parameter.member().shape())));
        });
    }

    private double scale(long[] shape) {
        return switch (recipe.scale()) {
            case ORIGINAL -> Math.sqrt(Math.max(1, (double) shape[0] / shape[1]));
            case MATCH_RMS_ADAMW -> 0.2 * Math.sqrt(Math.max(shape[0], shape[1]));
        };
    }

    /// Newton and Schulz's iteration `X <- a X + (b X X' + c (X X')^2) X`, on the side where `X X'` is small.
    private Tensor orthogonal(Tensor direction) {
        Tensor x = direction.to(switch (recipe.arithmetic()) {
            case BFLOAT16 -> ScalarType.BFloat16;
            case FLOAT32 -> ScalarType.Float;
        });
        boolean tall = x.size(0) > x.size(1);
        x = tall ? x.t() : x;
        x = x.div(x.norm().clamp_min(new Scalar(EPSILON)));
        for (int i = 0; i < recipe.iterations(); i++) {
            Tensor gram = x.mm(x.t());
            Tensor polynomial = torch.addmm(gram, gram, gram, new Scalar(B), new Scalar(C));
            x = torch.addmm(x, polynomial, x, new Scalar(A), new Scalar(1.0));
        }
        return tall ? x.t() : x;
    }
}

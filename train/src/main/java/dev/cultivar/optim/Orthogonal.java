package dev.cultivar.optim;

import dev.cultivar.recipe.OptimizerRecipe;
import dev.cultivar.torch.Torch;
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
            parameter.data().add_(nearest(direction, recipe.iterations(), widened(direction)), new Scalar(-rate * scale(parameter.member().shape())));
        });
    }

    private double scale(long[] shape) {
        return switch (recipe.scale()) {
            case ORIGINAL -> Math.sqrt(Math.max(1, (double) shape[0] / shape[1]));
            case MATCH_RMS_ADAMW -> 0.2 * Math.sqrt(Math.max(shape[0], shape[1]));
        };
    }

    /// Newton and Schulz's iteration `X <- a X + (b X X' + c (X X')^2) X` in bfloat16, on the side where `X X'` is small.
    ///
    /// @param widened whether products are made in float32 and rounded, see [#widened]
    static Tensor nearest(Tensor direction, int iterations, boolean widened) {
        Tensor x = direction.to(ScalarType.BFloat16);
        boolean tall = x.size(0) > x.size(1);
        x = tall ? x.t() : x;
        x = x.div(x.norm().clamp_min(new Scalar(EPSILON)));
        for (int i = 0; i < iterations; i++) {
            Tensor wide = widened ? x.to(ScalarType.Float) : x;
            Tensor gram = rounded(wide.mm(wide.t()), widened);
            Tensor polynomial = rounded(torch.addmm(gram, gram, gram, new Scalar(B), new Scalar(C)), widened);
            x = torch.addmm(wide, polynomial, wide, new Scalar(A), new Scalar(1.0)).to(ScalarType.BFloat16);
        }
        return tall ? x.t() : x;
    }

    /// A product as bfloat16 would hold it, in the type that the next product is made in.
    private static Tensor rounded(Tensor product, boolean widened) {
        return widened ? product.to(ScalarType.BFloat16).to(ScalarType.Float) : product;
    }

    /// Where a processor has no bfloat16 instructions, products in bfloat16 take twenty times as long as in float32. Those of rounded numbers
    /// in float32, rounded again, are the same products: bfloat16 ones are summed in float32 too.
    private static boolean widened(Tensor tensor) {
        return !tensor.is_cuda() && !Torch.vectors().startsWith("AVX512");
    }
}

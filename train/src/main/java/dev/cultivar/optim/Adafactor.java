package dev.cultivar.optim;

import dev.cultivar.nn.FlatGroup;
import dev.cultivar.recipe.OptimizerRecipe;
import dev.cultivar.torch.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/// Adafactor (Shazeer and Stern, 2018, algorithms 4 to 6), in transformers' order of operations: of a matrix's squared gradients
/// only the means of rows and of columns are kept.
///
/// Its rate is at most `1 / sqrt(step)` with `relative_step`. PyTorch's own Adafactor is this one with another epsilon.
final class Adafactor implements Rule {
    private static final double MINIMUM_SCALE = 1e-3; // a parameter that is all 0 has to leave 0

    private final OptimizerRecipe.Adafactor recipe;
    private final SequencedMap<String, Tensor> rows;
    private final SequencedMap<String, Tensor> columns;
    private final SequencedMap<String, Tensor> whole;
    private final List<Moments> momentum;

    Adafactor(OptimizerRecipe.Adafactor recipe, Memories memories) {
        this.recipe = recipe;
        rows = memories.each("exp_avg_sq_row", member -> factored(member) ? member.elements() / last(member, 1) : 0);
        columns = memories.each("exp_avg_sq_col", member -> factored(member) ? member.elements() / last(member, 2) : 0);
        whole = memories.each("exp_avg_sq", member -> factored(member) ? 0 : member.elements());
        momentum = recipe.momentum() == 0 ? List.of() : List.of(memories.moments("exp_avg"));
    }

    private static boolean factored(FlatGroup.Member member) {
        return member.shape().length >= 2;
    }

    /// The size of a dimension, counted from the last, which is 1.
    private static long last(FlatGroup.Member member, int dimension) {
        return member.shape()[member.shape().length - dimension];
    }

    @Override
    public void step(Segment segment, long step, double rate) {
        double limited = recipe.relativeStep()
                ? rate / recipe.learningRate() * Math.min(recipe.learningRate(), 1 / Math.sqrt(step))
                : rate;
        ParameterView.each(segment, parameter -> step(parameter, step, limited));
    }

    private void step(ParameterView parameter, long step, double limited) {
        Tensor data = parameter.data();
        double rate = recipe.scaleParameter() ? limited * Math.max(MINIMUM_SCALE, rootMeanSquare(data)) : limited;
        double stays = 1 - Math.pow(step, -recipe.decayRate());
        Tensor squares = parameter.gradient().square().add_(new Scalar(recipe.epsilon()));
        Tensor update = (factored(parameter.member()) ? factored(parameter, squares, stays) : whole(parameter, squares, stays))
                .mul_(parameter.gradient());
        update.div_(new Scalar(Math.max(1, rootMeanSquare(update) / recipe.clipThreshold()))).mul_(new Scalar(rate));
        if (!momentum.isEmpty()) {
            update = parameter.of(momentum.getFirst())
                    .mul_(new Scalar(recipe.momentum()))
                    .add_(update, new Scalar(1 - recipe.momentum()));
        }
        if (parameter.place().decayed() && recipe.weightDecay() != 0) {
            data.mul_(new Scalar(1 - rate * recipe.weightDecay()));
        }
        data.sub_(update, new Scalar(1.0));
    }

    /// One over the root of the second moment, from rows and columns (algorithm 4, line 5).
    private Tensor factored(ParameterView parameter, Tensor squares, double stays) {
        FlatGroup.Member member = parameter.member();
        long[] shape = member.shape();
        int dims = shape.length;
        long[] rowShape = Arrays.copyOf(shape, dims - 1); // (.., R)
        long[] columnShape = Arrays.copyOf(rowShape, dims - 1); // (.., C)
        columnShape[dims - 2] = shape[dims - 1];
        Tensor row = follow(of(rows, member).view(rowShape), squares.mean(-1), stays);
        Tensor column = follow(of(columns, member).view(columnShape), squares.mean(-2), stays);
        Tensor rowFactor = row.div(row.mean(new long[] {-1}, true, new org.bytedeco.pytorch.ScalarTypeOptional())).rsqrt_().unsqueeze(-1);
        return rowFactor.mul(column.rsqrt().unsqueeze(-2)); // (.., R, 1) x (.., 1, C)
    }

    private Tensor whole(ParameterView parameter, Tensor squares, double stays) {
        return follow(of(whole, parameter.member()).view(parameter.member().shape()), squares, stays).rsqrt();
    }

    private static Tensor follow(Tensor mean, Tensor value, double stays) {
        return mean.mul_(new Scalar(stays)).add_(value, new Scalar(1 - stays));
    }

    private static Tensor of(SequencedMap<String, Tensor> tensors, FlatGroup.Member member) {
        return Objects.requireNonNull(tensors.get(member.name()), member.name());
    }

    private static double rootMeanSquare(Tensor tensor) {
        return Tensors.item(tensor.norm()) / Math.sqrt(tensor.numel());
    }
}

package dev.cultivar.nn;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// One score a row, and a threshold between each class and the next: how strongly a row lies above each class but the highest
/// (CORAL: Cao, Mirjalili and Raschka, 2020). The score is shared, so a row that lies above a class lies above all lower ones
/// as soon as the thresholds are in their order, which they are at the optimum.
public final class RankHead implements VectorHead {
    /// The network's name; `ranks.weight` (1, C) and `ranks.bias` (K - 1) are its parameters.
    public static final String NAME = "ranks";

    private final Weights weights;
    private final int classes;

    /// @param classes    K, at least 2
    /// @param deviation  of the initial weights
    /// @param thresholds first values of what is added to the score for each threshold, falling
    RankHead(Weights weights, int width, int classes, double deviation, Initial thresholds) {
        this.weights = weights;
        this.classes = classes;
        weights.parameter(NAME + ".weight", new Initial.Normal(deviation), 1, width);
        weights.parameter(NAME + ".bias", thresholds, classes - 1L);
    }

    @Override
    public int outputs() {
        return classes - 1;
    }

    /// (B, C) -> (B, K - 1)
    @Override
    public Tensor logits(Tensor vectors) {
        return torch.linear(vectors, weights.get(NAME + ".weight")).add(weights.get(NAME + ".bias"));
    }
}

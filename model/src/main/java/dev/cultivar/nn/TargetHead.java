package dev.cultivar.nn;

import java.util.Optional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/// A decoder's states to logits of the next token of the text that is written, through the embedding table (tied) or a matrix of its own.
public final class TargetHead {
    public static final String NAME = "lm_head";
    /// The parameter of a head that is not tied: (V, C).
    static final String WEIGHT = NAME + ".weight";

    private final Weights weights;
    private final WordTable table;
    private final double scale;
    private final String bias;

    /// Declares what is the head's own.
    ///
    /// @param scale that states are multiplied by first
    /// @param bias  a buffer that is added to the logits, (1, V); empty where there is none
    TargetHead(Weights weights, WordTable table, double scale, String bias) {
        this.weights = weights;
        this.table = table;
        this.scale = scale;
        this.bias = bias;
        if (!table.tied()) {
            weights.parameter(WEIGHT, new Initial.Normal(table.initializerRange()), table.vocabulary(), table.width());
        }
        if (!bias.isEmpty()) {
            weights.buffer(bias, new Initial.Constant(0), 1, table.vocabulary());
        }
    }

    /// (M, C) -> (M, V)
    public Tensor logits(Tensor states) {
        return torch.linear(scaled(states), weight(), bias().map(TensorOptional::new).orElseGet(TensorOptional::new));
    }

    /// States as the projection takes them.
    public Tensor scaled(Tensor states) {
        return scale == 1 ? states : states.mul(new Scalar(scale));
    }

    /// What projects on the vocabulary, (V, C): for a loss that never holds all logits at once.
    public Tensor weight() {
        return weights.get(table.tied() ? table.name() : WEIGHT);
    }

    /// A constant of each piece, (V), of the states' type; empty where there is none.
    public Optional<Tensor> bias() {
        return bias.isEmpty() ? Optional.empty() : Optional.of(weights.get(bias).view(-1).to(weight().scalar_type()));
    }
}

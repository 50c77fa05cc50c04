package dev.cultivar.nn;

import dev.cultivar.format.CheckpointException;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// Hidden states to logits of the next token, through the embedding table itself (tied) or a matrix of its own.
public final class CausalLmHead {
    public static final String NAME = "lm_head";
    /// What the matrix of a head that is not tied is called in most families: (V, C).
    public static final String WEIGHT = NAME + ".weight";

    private final Weights weights;
    private final WordTable table;

    private CausalLmHead(Weights weights, WordTable table) {
        this.weights = weights;
        this.table = table;
        if (!table.tied()) {
            weights.parameter(table.head(), new Initial.Normal(table.initializerRange()), table.vocabulary(), table.width());
        }
    }

    /// The model's head, built on first use.
    public static CausalLmHead of(Model model) {
        WordTable table = model.backbone().words().orElseThrow(() -> new CheckpointException("a backbone of type "
                + model.backbone().config().get("model_type") + " does not predict the next token; those of " + Family.predictors() + " do"));
        return model.network(NAME, CausalLmHead.class, weights -> new CausalLmHead(weights, table));
    }

    /// (M, C) -> (M, V)
    public Tensor logits(Tensor states) {
        Tensor logits = torch.linear(states, weight());
        return cap().map(cap -> cap.apply(logits)).orElse(logits);
    }

    /// What keeps the logits within a bound, where the backbone has that.
    public Optional<SoftCap> cap() {
        return table.cap();
    }

    /// What projects on the vocabulary, (V, C): for a loss that never holds all logits at once.
    public Tensor weight() {
        return weights.get(table.tied() ? table.name() : table.head());
    }
}

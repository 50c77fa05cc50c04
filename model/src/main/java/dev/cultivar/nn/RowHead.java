package dev.cultivar.nn;

import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/// Hidden states of rows to one score a label.
public interface RowHead {
    /// How many scores it gives.
    int outputs();

    /// How it makes one vector of a row; empty where it reads the state of the row's first token and nothing else.
    default Optional<Pooling> pooling() {
        return Optional.empty();
    }

    /// (B, T, C) -> (B, outputs)
    Tensor logits(Hidden hidden, Inputs inputs, Mode mode);
}

package dev.cultivar.nn;

import org.bytedeco.pytorch.Tensor;

/// One vector a row to scores.
interface VectorHead {
    /// How many scores it gives.
    int outputs();

    /// (B, C) -> (B, outputs)
    Tensor logits(Tensor vectors);
}

package dev.cultivar.nn;

import org.bytedeco.pytorch.Tensor;

/// Hidden states to logits over the vocabulary: what guesses masked pieces.
public interface MaskedLmHead {
    /// (M, C) -> (M, V): only the positions that are asked for.
    Tensor logits(Tensor states);
}

package dev.cultivar.objective;

import dev.cultivar.batch.Batch;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.Mode;
import dev.cultivar.nn.Model;
import java.util.List;

/// How a loss that compares all rows of a step with each other is computed over several micro-batches: all are seen once without
/// gradients, the loss and its gradient by what was seen are known then, and each micro-batch goes forward once more and backward
/// from there (gradient caching; Gao et al., 2021, "Scaling deep contrastive learning batch size under memory limited setup").
public interface Together {

    /// What the loss reads of a micro-batch, called without gradients.
    float[] see(Model model, Inputs inputs, Mode mode);

    /// Each micro-batch's share of the loss.
    ///
    /// @param batches all micro-batches of the step
    /// @param seen    what was seen of each
    List<Share> shares(List<Batch> batches, List<float[]> seen);

    /// What one micro-batch adds to the loss, now that it is known what the others are.
    @FunctionalInterface
    interface Share {
        /// In the same mode, with the same draws, as when the micro-batch was seen.
        Loss loss(Model model, Inputs inputs, Mode mode);
    }
}

package dev.cultivar.objective;

import dev.cultivar.batch.Batch;
import dev.cultivar.batch.DataException;
import dev.cultivar.nn.Inputs;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/// The classes of a batch's pictures, where an objective needs one for each.
///
/// @param needed whether it does
/// @param what   needs them, for messages
record PictureLabels(boolean needed, String what) {

    /// (B) whole numbers; empty where they are not needed
    Optional<Tensor> of(Inputs inputs) {
        if (!needed) {
            return Optional.empty();
        }
        Batch batch = inputs.batch();
        int[] labels = batch.ints("labels").values();
        for (int row = 0; row < batch.rows(); row++) {
            if (labels[row] < 0) {
                throw new DataException("row " + batch.origin()[row] + " has no label, and " + what
                        + " that is conditional learns what each class looks like; label the row, leave it out, or give conditional: false");
            }
        }
        // Filler rows of a canonical batch may have none.
        return Optional.of(inputs.tensor("labels").clamp_min(new org.bytedeco.pytorch.Scalar(0)));
    }
}

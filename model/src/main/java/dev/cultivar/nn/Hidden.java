package dev.cultivar.nn;

import java.util.List;
import org.bytedeco.pytorch.Tensor;

/// What a backbone makes of a batch.
///
/// @param states the last layer's output: (B, T, C) for sequences, (B, C) where there is no sequence, (B, C, H, W) for maps of images
/// @param layers the output of each cut point that was computed, up to the last layer (which is `states`): from the embeddings,
///               or from [Inputs#start] where the batch has one; up to [Inputs#end] where it has that
public record Hidden(Tensor states, List<Tensor> layers) {
    public Hidden {
        layers = List.copyOf(layers);
    }

    /// With the states of virtual tokens that a prompt puts before each row, which `states` leaves out.
    public Hidden whole() {
        return layers.isEmpty() ? this : new Hidden(layers.getLast(), layers);
    }
}

package dev.cultivar.objective;

import dev.cultivar.batch.PictureFacts;
import dev.cultivar.nn.Inputs;
import dev.cultivar.torch.Tensors;
import org.bytedeco.pytorch.Tensor;

/// Makes pictures in [0, 1] into what a backbone reads, as the data do it with their own: where an objective changes pictures, or draws some.
///
/// @param facts the data's mean and deviation of each channel
record Normalizing(PictureFacts facts) {
    /// What a backbone reads.
    static final String VALUES = "pixel_values";
    /// The same pictures in [0, 1].
    static final String PIXELS = "pixels";

    /// (B, C, H, W) -> (B, C, H, W)
    Tensor values(Tensor pixels) {
        int channels = facts.channels();
        return pixels.sub(Tensors.ofFloats(facts.mean(), 1, channels, 1, 1)).div(Tensors.ofFloats(facts.deviation(), 1, channels, 1, 1));
    }

    /// A batch in which other pictures stand for its own.
    ///
    /// @param pixels (B, C, H, W) in [0, 1]
    Inputs inputs(Inputs inputs, Tensor pixels) {
        return inputs.with(VALUES, values(pixels));
    }
}

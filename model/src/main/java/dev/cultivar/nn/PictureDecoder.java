package dev.cultivar.nn;

import org.bytedeco.pytorch.Tensor;

/// Draws pictures from vectors: what an autoencoder does after its encoder, and a generator with noise.
public interface PictureDecoder {

    /// (B, F) -> (B, C, H, W), before whatever brings values into [0, 1].
    Tensor logits(Tensor code, Mode mode);

    /// Floating point operations for one picture, two for each multiplication and addition.
    double flops();

    /// Whether a picture depends on the others that are drawn with it in training: layers that compute with statistics of the whole batch.
    default boolean dependsOnBatch() {
        return false;
    }
}

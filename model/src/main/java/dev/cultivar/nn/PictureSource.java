package dev.cultivar.nn;

import dev.cultivar.batch.PictureShape;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/// Makes pictures from noise: a GAN's generator, a VAE's decoder.
public interface PictureSource {

    /// Z: numbers of noise for a picture, standard normal.
    int latent();

    /// K: how many classes it can be asked for; 0 where it cannot be asked for one.
    int classes();

    PictureShape shape();

    /// (B, Z) and (B) -> (B, C, H, W) in [0, 1]
    ///
    /// @param labels the class of each picture, whole numbers below K; empty where it cannot be asked for one
    Tensor pictures(Tensor noise, Optional<Tensor> labels, Mode mode);
}

package dev.cultivar.nn;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/// How likely a picture is where a network has drawn another: what a VAE pays for what it draws wrong.
public sealed interface PictureLikelihood {

    /// The negative logarithm of each picture's likelihood, summed over its values: (B)
    ///
    /// @param logits (B, C, H, W)
    /// @param pixels (B, C, H, W) in [0, 1]
    Tensor cost(Tensor logits, Tensor pixels);

    /// Each value is the chance of a one (Kingma and Welling, 2014, appendix C.1): cross entropy, for what is nearly black and white.
    record Bernoulli() implements PictureLikelihood {
        /// PyTorch's code for no reduction.
        private static final long NONE = 0;

        @Override
        public Tensor cost(Tensor logits, Tensor pixels) {
            return torch.binary_cross_entropy_with_logits(logits, pixels, new TensorOptional(), new TensorOptional(), NONE).flatten(1, -1).sum(1);
        }
    }

    /// Each value is normal around what was drawn, with one deviation for all of them that is learned as well (Rybkin, Daniilidis and
    /// Levine, 2021, "Simple and effective VAE training with calibrated decoders", section 4).
    final class Gaussian implements PictureLikelihood {
        static final String NAME = "deviation";
        private static final String LOGARITHM = NAME + ".log";

        private final Weights weights;

        private Gaussian(Weights weights) {
            this.weights = weights;
            weights.parameter(LOGARITHM, new Initial.Constant(-1), 1);
        }

        /// The network of the model, built on first use.
        public static Gaussian of(Model model) {
            return model.network(NAME, Gaussian.class, Gaussian::new);
        }

        @Override
        public Tensor cost(Tensor logits, Tensor pixels) {
            Tensor log = weights.get(LOGARITHM).to(torch.ScalarType.Float); // (1)
            Tensor off = torch.sigmoid(logits).sub(pixels).div(log.exp()); // (B, C, H, W)
            return off.square().mul(new Scalar(0.5)).add(log).add(new Scalar(0.5 * Math.log(2 * Math.PI))).flatten(1, -1).sum(1);
        }
    }
}

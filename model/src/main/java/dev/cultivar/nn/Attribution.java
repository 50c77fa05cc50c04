package dev.cultivar.nn;

import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/// Where in a picture lies what speaks for a class, by the gradient of the class's score. No parameter's gradient is touched, so several threads may
/// ask at once.
///
/// Shapes: c channels of the picture, C of the last maps.
public final class Attribution {
    private Attribution() {}

    /// Grad-CAM (Selvaraju et al., 2017, "Grad-CAM: visual explanations from deep networks via gradient-based localization"): the last maps, each
    /// weighted by the mean of the score's gradient over its places (equation 1), summed, and what speaks against the class left out (equation 2).
    ///
    /// @param of    the network's backbone as one with maps
    /// @param label which class, from 0
    /// @return (B, h, w) in float32, from 0
    public static Tensor gradCam(RowClassifier network, FeatureMaps of, Inputs inputs, int label) {
        Tensor maps;
        try (var without = new NoGradient()) {
            maps = of.maps(inputs, Mode.INFERENCE).detach(); // (B, C, h, w)
        }
        Tensor slope = slope(maps.requires_grad_(true), network, label, at -> inputs.from(of.above(at)));
        try (var without = new NoGradient()) {
            Tensor weights = slope.mean(new long[] {2, 3}, true, new org.bytedeco.pytorch.ScalarTypeOptional()); // (B, C, 1, 1)
            return torch.relu(maps.to(torch.ScalarType.Float).mul(weights).sum(1)); // (B, h, w)
        }
    }

    /// Saliency (Simonyan, Vedaldi and Zisserman, 2014, "Deep inside convolutional networks", section 3): how much the score changes with each pixel,
    /// the largest of its channels, whichever the direction.
    ///
    /// @param label which class, from 0
    /// @param units of what is read, in a unit of the picture's own values, one a channel (c): one over the deviation that they were divided by
    /// @return (B, H, W) in float32, from 0
    public static Tensor inputGradient(RowClassifier network, Inputs inputs, int label, Tensor units) {
        Tensor pixels = inputs.tensor(ImageShape.PIXELS).detach().clone().requires_grad_(true); // (B, c, H, W)
        Tensor slope = slope(pixels, network, label, at -> inputs.with(ImageShape.PIXELS, at));
        try (var without = new NoGradient()) {
            return slope.abs().mul(units.view(1, -1, 1, 1)).amax(new long[] {1}, false);
        }
    }

    private interface Entering {
        Inputs at(Tensor where);
    }

    /// The gradient of a class's score with respect to what enters the network somewhere, of its shape, in float32; 0 where the score does not depend on
    /// it, as that of a backbone of one's own that reads something else.
    private static Tensor slope(Tensor where, RowClassifier network, int label, Entering entering) {
        try (var recorded = new WithGradient()) {
            Tensor logits = network.logits(entering.at(where), Mode.INFERENCE);
            Tensor scores = network.meaning().score(logits, label); // (B), each a function of its own row
            if (!scores.requires_grad()) {
                return torch.zeros_like(where).to(torch.ScalarType.Float);
            }
            Tensor slope = torch.grad(
                            new TensorVector(scores), new TensorVector(where), new TensorVector(torch.ones_like(scores)), new BoolOptional(), false, true)
                    .get(0);
            return (slope.defined() ? slope : torch.zeros_like(where)).to(torch.ScalarType.Float);
        }
    }
}

package dev.cultivar.objective;

import dev.cultivar.recipe.PictureObjectiveRecipe.Game;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.global.torch;

/// What the scores of a GAN's critic cost each of its halves, a picture.
///
/// Legend: D the critic's score, x a picture of the data, G(z) a drawn one.
final class GanLosses {
    private GanLosses() {}

    /// What a score of a picture of the data costs the critic: (B) -> (B)
    static Tensor real(Game game, Tensor scores) {
        return switch (game) {
            case NON_SATURATING -> torch.log_sigmoid(scores).neg(); // -log sigmoid(D(x)); Goodfellow et al., 2014, equation 1
            case HINGE -> torch.relu(scores.neg().add(new Scalar(1))); // max(0, 1 - D(x)); Miyato et al., 2018, equation 16
            case WASSERSTEIN -> scores.neg();
        };
    }

    /// What a score of a drawn picture costs the critic: (B) -> (B)
    static Tensor fake(Game game, Tensor scores) {
        return switch (game) {
            case NON_SATURATING -> torch.log_sigmoid(scores.neg()).neg(); // -log(1 - sigmoid(D(G(z))))
            case HINGE -> torch.relu(scores.add(new Scalar(1))); // max(0, 1 + D(G(z)))
            case WASSERSTEIN -> scores;
        };
    }

    /// What a score of a drawn picture costs the generator: (B) -> (B)
    static Tensor drawn(Game game, Tensor scores) {
        return switch (game) {
            case NON_SATURATING -> torch.log_sigmoid(scores).neg(); // -log sigmoid(D(G(z))); Goodfellow et al., 2014, section 3
            case HINGE, WASSERSTEIN -> scores.neg();
        };
    }

    /// How far the critic's slope is from a length of 1, squared (Gulrajani et al., 2017, equation 3): (B)
    ///
    /// The slope is part of the loss and is differentiated again.
    ///
    /// @param between pictures between those of the data and drawn ones, (B, C, H, W), whose gradients are recorded
    /// @param scores  of these, (B)
    static Tensor penalty(Tensor between, Tensor scores) {
        Tensor slope = torch.grad(
                        new TensorVector(scores), new TensorVector(between), new TensorVector(torch.ones_like(scores)), new BoolOptional(true), true, false)
                .get(0); // (B, C, H, W)
        Tensor length = slope.flatten(1, -1).square().sum(1).add(new Scalar(1e-12)).sqrt(); // a slope of 0 has a derivative, too
        return length.sub(new Scalar(1)).square();
    }
}

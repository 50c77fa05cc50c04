package dev.cultivar.optim;

import dev.cultivar.recipe.ClippingRecipe;
import dev.cultivar.torch.Scope;
import dev.cultivar.torch.Tensors;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/// How large a gradient may be: the norm is always measured, and scaled down where the recipe bounds it.
///
/// @param recipe the bound
public record Clipping(ClippingRecipe recipe) {

    /// The L2 norm over all segments before clipping (Pascanu, Mikolov and Bengio, 2013, algorithm 1); the scale is
    /// `max / (norm + 1e-6)` where that is below 1, as in PyTorch.
    public double apply(List<Segment> segments) {
        try (var scope = Scope.open()) {
            double squares = 0;
            for (Segment segment : segments) {
                double norm = Tensors.item(segment.gradient().norm());
                squares += norm * norm;
            }
            double norm = Math.sqrt(squares);
            if (recipe instanceof ClippingRecipe.Norm(double max)) {
                double scale = max / (norm + 1e-6);
                if (scale < 1) {
                    for (Segment segment : segments) {
                        Tensor gradient = segment.gradient();
                        gradient.mul_(new Scalar(scale));
                    }
                }
            }
            return norm;
        }
    }
}

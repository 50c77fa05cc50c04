package dev.cultivar.optim;

import dev.cultivar.recipe.ClippingRecipe;
import dev.cultivar.torch.Scope;
import dev.cultivar.torch.Tensors;
import java.util.List;

/// How large a gradient may be: the norm is always measured, and scaled down where the recipe bounds it.
///
/// @param recipe the bound
public record Clipping(ClippingRecipe recipe) {

    /// The L2 norm over all segments (Pascanu, Mikolov and Bengio, 2013, algorithm 1).
    public double norm(List<Segment> segments) {
        try (var scope = Scope.open()) {
            double squares = 0;
            for (Segment segment : segments) {
                double norm = Tensors.item(segment.gradient().norm());
                squares += norm * norm;
            }
            return Math.sqrt(squares);
        }
    }

    /// What a gradient of this norm is to be multiplied by: `max / (norm + 1e-6)` where that is below 1, as in PyTorch.
    public double scale(double norm) {
        return switch (recipe) {
            case ClippingRecipe.Norm(double max) -> Math.min(1, max / (norm + 1e-6));
            case ClippingRecipe.None _ -> 1;
        };
    }
}

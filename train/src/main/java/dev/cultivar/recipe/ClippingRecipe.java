package dev.cultivar.recipe;

/// How large a gradient may be.
public sealed interface ClippingRecipe {
    /// Scaled down where the norm over all moved parameters exceeds `max`.
    record Norm(double max) implements ClippingRecipe {}

    record None() implements ClippingRecipe {}
}

package dev.cultivar.recipe;

/// Whether averaged weights are kept; they are what is evaluated and served.
public sealed interface AverageRecipe {
    record None() implements AverageRecipe {}

    /// Exponential moving average.
    ///
    /// @param decay in (0, 1): what stays of the average at each step
    record Exponential(double decay) implements AverageRecipe {}
}

package dev.cultivar.recipe;

/// Whether training may stop before the horizon.
public sealed interface StoppingRecipe {
    record None() implements StoppingRecipe {}

    /// After so many evaluations in a row without a better validation score.
    ///
    /// @param evaluations at least 1
    /// @param metric      the metric's name, for example `loss` or `accuracy`; its direction is known
    record Patience(int evaluations, String metric) implements StoppingRecipe {}
}

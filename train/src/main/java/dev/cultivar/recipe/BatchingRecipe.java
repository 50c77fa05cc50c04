package dev.cultivar.recipe;

/// What one step sees.
///
/// @param budget       how large a micro-batch is
/// @param maxLength    the longest row, in tokens; longer ones are cut, and the audit counts them
/// @param accumulation micro-batches in a step
/// @param loaders      threads that make batches ahead of the step; 0 makes them in the training thread
public record BatchingRecipe(Budget budget, int maxLength, int accumulation, int loaders) {

    /// How large a micro-batch is.
    public sealed interface Budget {
        /// Rows of like lengths, at most so many tokens with padding.
        record Tokens(int tokens) implements Budget {}

        /// So many rows.
        record Rows(int rows) implements Budget {}
    }
}

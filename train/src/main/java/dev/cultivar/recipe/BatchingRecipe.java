package dev.cultivar.recipe;

/// What one step sees.
///
/// @param budget       how large a micro-batch is
/// @param maxLength    the longest row, in tokens
/// @param longer       what becomes of texts that are longer
/// @param accumulation micro-batches in a step
/// @param loaders      threads that make batches ahead of the step; 0 makes them in the training thread
public record BatchingRecipe(Budget budget, int maxLength, Longer longer, int accumulation, int loaders) {

    /// Longer texts are cut, and the audit counts them.
    public BatchingRecipe(Budget budget, int maxLength, int accumulation, int loaders) {
        this(budget, maxLength, new Longer.Truncate(), accumulation, loaders);
    }

    /// How large a micro-batch is.
    public sealed interface Budget {
        /// Rows of like lengths, at most so many tokens with padding.
        record Tokens(int tokens) implements Budget {}

        /// So many rows.
        record Rows(int rows) implements Budget {}
    }

    /// What becomes of a text that is longer than a row.
    public sealed interface Longer {
        /// Its end is cut off.
        record Truncate() implements Longer {}

        /// Its middle is cut out.
        ///
        /// @param head share of the row that is the text's beginning, in [0, 1]; the rest is its end
        record HeadTail(double head) implements Longer {}

        /// It becomes several rows with its label; what they say is averaged.
        ///
        /// @param stride pieces that two neighbours share
        record Chunk(int stride) implements Longer {}
    }
}

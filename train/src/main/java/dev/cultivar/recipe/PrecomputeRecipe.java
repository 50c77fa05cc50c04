package dev.cultivar.recipe;

/// Whether what frozen layers make of a row is kept on disk and read again, instead of computed again.
///
/// Training with and without it gives the same bits, since both compute frozen layers in the same canonical batches; all but
/// [Storage#BFLOAT16], which rounds.
public sealed interface PrecomputeRecipe {

    /// Wherever it is exact; elsewhere the log says why not.
    record Auto(Keep keep) implements PrecomputeRecipe {}

    /// Wherever it is exact; elsewhere the run is refused.
    record On(Keep keep) implements PrecomputeRecipe {}

    /// Every time anew.
    record Off() implements PrecomputeRecipe {}

    /// Where and how it is kept.
    ///
    /// @param folder    that several runs may share; empty for the folder that the run's encoded rows lie in
    /// @param megabytes that it may take, the least recently used goes first
    /// @param storage   how numbers are kept
    record Keep(String folder, long megabytes, Storage storage) {}

    /// EXACT: as they were computed. BFLOAT16: rounded, half the room of float32, and not the same bits as without it.
    enum Storage { EXACT, BFLOAT16 }
}

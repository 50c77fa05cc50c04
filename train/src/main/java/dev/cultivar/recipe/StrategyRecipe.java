package dev.cultivar.recipe;

/// Which parameters move, and when. The head moves in all of them.
public sealed interface StrategyRecipe {

    /// All of them.
    ///
    /// @param layerDecay the learning rate's factor from one layer to the one below it, 1 for none (Howard and Ruder, 2018)
    record Full(double layerDecay) implements StrategyRecipe {}

    /// Only what lies above the layers: the head, and the pooler where the head reads through it. The layers are frozen.
    record FeatureExtraction() implements StrategyRecipe {}

    /// The last layers.
    ///
    /// @param trained    how many of the last layers move
    /// @param embeddings whether the embeddings move too
    /// @param layerDecay as in [Full]
    record Partial(int trained, boolean embeddings, double layerDecay) implements StrategyRecipe {}

    /// From the top down: at first the head, then one more layer every `every`, at last the embeddings
    /// (Howard and Ruder, 2018).
    ///
    /// @param every      how long each phase lasts
    /// @param layerDecay as in [Full]
    record Gradual(Every every, double layerDecay) implements StrategyRecipe {}

    /// One that an extension builds.
    record Custom(String name, Parameters parameters) implements StrategyRecipe {}
}

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

    /// Low-rank products beside linear layers, whose matrices are frozen; the head and what else lies above the layers move too
    /// (Hu et al., 2022).
    ///
    /// @param rank           of each product
    /// @param alpha          a product is scaled by `alpha / rank`
    /// @param dropout        of what goes into the products
    /// @param targets        the layers
    /// @param rankStabilized whether a product is scaled by `alpha / sqrt(rank)` instead (Kalajdzievski, 2023)
    /// @param dora           whether the length of each row is a parameter of its own (Liu et al., 2024)
    record Lora(int rank, double alpha, double dropout, Targets targets, boolean rankStabilized, boolean dora) implements StrategyRecipe {}

    /// Factors on what comes out of linear layers, or goes into them (Liu et al., 2022).
    ///
    /// @param targets     as in [Lora]
    /// @param feedForward those of them whose input is scaled
    record Ia3(Targets targets, Targets feedForward) implements StrategyRecipe {}

    /// Vectors before the words of each row (Lester et al., 2021).
    ///
    /// @param tokens how many
    record Prompt(int tokens) implements StrategyRecipe {}

    /// Keys and values before those of each layer (Li and Liang, 2021).
    ///
    /// @param tokens how many
    record Prefix(int tokens) implements StrategyRecipe {}

    /// The biases, and what lies above the layers (Ben Zaken et al., 2022).
    record BitFit() implements StrategyRecipe {}

    /// One that an extension builds.
    record Custom(String name, Parameters parameters) implements StrategyRecipe {}
}

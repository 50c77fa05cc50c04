package dev.cultivar.strategy;

import dev.cultivar.checkpoint.Progress;
import dev.cultivar.nn.Backbone;
import dev.cultivar.recipe.Every;
import dev.cultivar.recipe.Parameters;
import dev.cultivar.recipe.RecipeException;
import dev.cultivar.recipe.StrategyRecipe;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/// Builds strategies.
public final class Strategies {
    private Strategies() {}

    /// Builds a strategy that an extension knows.
    @FunctionalInterface
    public interface Custom {
        Strategy build(String name, Parameters parameters, Backbone backbone);
    }

    /// @param backbone knows how deep each parameter lies
    public static Strategy build(StrategyRecipe recipe, Backbone backbone, Custom custom) {
        int layers = backbone.layers();
        return switch (recipe) {
            case StrategyRecipe.Full full -> still(backbone, 0, false, full.layerDecay());
            case StrategyRecipe.FeatureExtraction extraction -> still(backbone, layers + 1, false, 1);
            case StrategyRecipe.Partial partial -> {
                if (partial.trained() > layers) {
                    throw new RecipeException("strategy.trained must be at most the backbone's " + layers + " layers, got " + partial.trained());
                }
                yield still(backbone, layers + 1 - partial.trained(), partial.embeddings(), partial.layerDecay());
            }
            case StrategyRecipe.Gradual gradual -> {
                int[] lowest = IntStream.rangeClosed(0, layers + 1).map(phase -> layers + 1 - phase).toArray();
                yield new ByDepth(backbone, lowest, false, gradual.layerDecay(), clock(gradual.every()));
            }
            case StrategyRecipe.Custom other -> custom.build(other.name(), other.parameters(), backbone);
        };
    }

    private static Strategy still(Backbone backbone, int lowest, boolean embeddings, double layerDecay) {
        return new ByDepth(backbone, new int[] {lowest}, embeddings, layerDecay, progress -> 0);
    }

    private static ToIntFunction<Progress> clock(Every every) {
        return switch (every) {
            case Every.Steps(long steps) -> progress -> (int) (progress.step() / steps);
            // A hair is added, since the sum of an epoch's parts may end just below the whole.
            case Every.Epochs(double epochs) -> progress -> (int) (progress.epochs() / epochs + 1e-9);
            case Every.Never() -> progress -> 0;
        };
    }
}

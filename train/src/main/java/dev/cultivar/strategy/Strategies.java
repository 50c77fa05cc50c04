package dev.cultivar.strategy;

import dev.cultivar.checkpoint.Progress;
import dev.cultivar.nn.AdapterConfig;
import dev.cultivar.nn.Backbone;
import dev.cultivar.nn.HeadNames;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.ModuleNames;
import dev.cultivar.recipe.Every;
import dev.cultivar.recipe.Parameters;
import dev.cultivar.recipe.RecipeException;
import dev.cultivar.recipe.StrategyRecipe;
import dev.cultivar.recipe.Targets;
import java.util.List;
import java.util.Optional;
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

    /// @param model whose backbone knows how deep each parameter lies, with the adapter on it that the recipe asks for
    public static Strategy build(StrategyRecipe recipe, Model model, Custom custom) {
        Backbone backbone = model.backbone();
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
            case StrategyRecipe.Lora lora -> Chosen.adapter(model, lora.dropout());
            case StrategyRecipe.Ia3 _, StrategyRecipe.Prompt _, StrategyRecipe.Prefix _ -> Chosen.adapter(model, 0);
            case StrategyRecipe.BitFit _ -> Chosen.biases(model);
            case StrategyRecipe.Custom other -> custom.build(other.name(), other.parameters(), backbone);
        };
    }

    /// The adapter that the recipe puts on the backbone; empty for strategies that need none.
    ///
    /// @param names of what lies above the backbone's layers: no adapter stands there
    public static Optional<AdapterConfig> adapter(StrategyRecipe recipe, HeadNames names) {
        Optional<AdapterConfig.Kind> kind = switch (recipe) {
            case StrategyRecipe.Lora lora -> Optional.of(new AdapterConfig.LowRank(
                    names(lora.targets()).said("strategy.targets"), lora.rank(), lora.alpha(), lora.dropout(), lora.rankStabilized(), lora.dora()));
            case StrategyRecipe.Ia3 ia3 -> Optional.of(new AdapterConfig.Scaling(
                    names(ia3.targets()).said("strategy.targets"), ModuleNames.of(List.of()), names(ia3.feedForward())));
            case StrategyRecipe.Prompt prompt -> Optional.of(new AdapterConfig.Prompt(prompt.tokens()));
            case StrategyRecipe.Prefix prefix -> Optional.of(new AdapterConfig.Prefix(prefix.tokens()));
            case StrategyRecipe.Full _, StrategyRecipe.FeatureExtraction _, StrategyRecipe.Partial _, StrategyRecipe.Gradual _,
                    StrategyRecipe.BitFit _, StrategyRecipe.Custom _ -> Optional.empty();
        };
        return kind.map(each -> new AdapterConfig(each, names.above(), "", ""));
    }

    private static ModuleNames names(Targets targets) {
        return switch (targets) {
            case Targets.Endings(List<String> names) -> ModuleNames.of(names);
            case Targets.Matching(String pattern) -> ModuleNames.matching(pattern);
            case Targets.All _ -> ModuleNames.everyLinear();
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

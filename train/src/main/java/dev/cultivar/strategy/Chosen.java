package dev.cultivar.strategy;

import dev.cultivar.checkpoint.Progress;
import dev.cultivar.nn.Backbone;
import dev.cultivar.nn.Model;
import dev.cultivar.recipe.RecipeException;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// Some parameters move from the first step to the last, wherever they lie: an adapter's, or the biases.
///
/// @param moved  their names
/// @param lowest depth at which one lies
record Chosen(Set<String> moved, int lowest) implements Strategy {

    /// What the adapter in use trains. Layers below the lowest that it stands on are frozen, so that they may be computed once.
    ///
    /// @param dropout of what goes into the adapter
    static Strategy adapter(Model model, double dropout) {
        Strategy chosen = of(model, model.weights().adapters()::trains);
        if (dropout > 0 && chosen.frozenBelow(0) == 0) {
            throw new RecipeException("strategy.dropout must be 0 where a target lies below the layers (a projection of the embeddings), got " + dropout
                    + "; name targets within the layers, or leave dropout out");
        }
        return chosen;
    }

    /// The backbone's biases, and all that lies above its layers.
    static Strategy biases(Model model) {
        Backbone backbone = model.backbone();
        if (model.weights().parameters().stream().noneMatch(name -> within(backbone, name) && name.endsWith(".bias"))) {
            throw new RecipeException("strategy.kind bitfit trains biases, and a backbone of type " + backbone.config().get("model_type")
                    + " has none; use lora");
        }
        return of(model, name -> !within(backbone, name) || name.endsWith(".bias"));
    }

    private static boolean within(Backbone backbone, String name) {
        return backbone.depth(name) >= 0 && backbone.depth(name) <= backbone.layers();
    }

    private static Chosen of(Model model, Predicate<String> moves) {
        Backbone backbone = model.backbone();
        Set<String> moved = model.weights().parameters().stream().filter(moves).collect(Collectors.toUnmodifiableSet());
        int above = backbone.layers() + 1;
        return new Chosen(moved, moved.stream().mapToInt(backbone::depth).map(depth -> depth < 0 ? above : depth).min().orElse(above));
    }

    @Override
    public int phase(Progress progress) {
        return 0;
    }

    @Override
    public int phases() {
        return 1;
    }

    @Override
    public double rate(String parameter, int phase) {
        return moved.contains(parameter) ? 1 : 0;
    }

    @Override
    public int frozenBelow(int phase) {
        return lowest;
    }
}

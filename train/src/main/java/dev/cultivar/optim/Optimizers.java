package dev.cultivar.optim;

import dev.cultivar.nn.FlatGroup;
import dev.cultivar.recipe.OptimizerRecipe;
import dev.cultivar.torch.Owned;
import java.util.List;

/// Builds optimizers.
public final class Optimizers {
    private Optimizers() {}

    /// Builds an optimizer that an extension knows.
    @FunctionalInterface
    public interface Custom {
        Optimizer build(OptimizerRecipe.Custom recipe, List<FlatGroup> groups, Owned memory);
    }

    /// @param memory owns the optimizer's state
    public static Optimizer build(OptimizerRecipe recipe, List<FlatGroup> groups, Owned memory, Custom custom) {
        return switch (recipe) {
            case OptimizerRecipe.AdamW adamW -> new AdamW(adamW, groups, memory);
            case OptimizerRecipe.Sgd sgd -> new Sgd(sgd, groups, memory);
            case OptimizerRecipe.Custom other -> custom.build(other, groups, memory);
        };
    }

    /// What weight decay acts on.
    public static OptimizerRecipe.Decayed decayed(OptimizerRecipe recipe) {
        return switch (recipe) {
            case OptimizerRecipe.AdamW adamW -> adamW.decayed();
            case OptimizerRecipe.Sgd sgd -> sgd.decayed();
            case OptimizerRecipe.Custom other -> OptimizerRecipe.Decayed.ALL;
        };
    }
}

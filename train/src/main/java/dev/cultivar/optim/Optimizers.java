package dev.cultivar.optim;

import dev.cultivar.nn.FlatGroup;
import dev.cultivar.recipe.OptimizerRecipe;
import dev.cultivar.torch.Owned;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/// Builds optimizers.
public final class Optimizers {
    private Optimizers() {}

    /// Builds an optimizer that an extension knows.
    @FunctionalInterface
    public interface Custom {
        Optimizer build(OptimizerRecipe.Custom recipe, List<FlatGroup> groups, Owned memory);
    }

    /// @param memory owns the optimizer's state
    /// @param hidden whether a parameter, by name, lies between embeddings and heads: Muon steps those that are matrices
    public static Optimizer build(
            OptimizerRecipe recipe, List<FlatGroup> groups, Owned memory, Predicate<String> hidden, Custom custom) {
        return switch (recipe) {
            case OptimizerRecipe.AdamW adamW -> stepper(adamW, groups, memory, memories -> Adam.of(adamW, memories));
            case OptimizerRecipe.Adam adam -> stepper(adam, groups, memory, memories -> Adam.of(adam, memories));
            case OptimizerRecipe.Adamax adamax -> stepper(adamax, groups, memory, memories -> new Adamax(adamax, memories));
            case OptimizerRecipe.NAdam nAdam -> stepper(nAdam, groups, memory, memories -> new NAdam(nAdam, memories));
            case OptimizerRecipe.RAdam rAdam -> stepper(rAdam, groups, memory, memories -> new RAdam(rAdam, memories));
            case OptimizerRecipe.Adagrad adagrad -> stepper(adagrad, groups, memory, memories -> new Adagrad(adagrad, memories));
            case OptimizerRecipe.Adadelta adadelta -> stepper(adadelta, groups, memory, memories -> new Adadelta(adadelta, memories));
            case OptimizerRecipe.RmsProp rmsProp -> stepper(rmsProp, groups, memory, memories -> new RmsProp(rmsProp, memories));
            case OptimizerRecipe.Sgd sgd -> stepper(sgd, groups, memory, memories -> new Sgd(sgd, memories));
            case OptimizerRecipe.Lion lion -> stepper(lion, groups, memory, memories -> new Lion(lion, memories));
            case OptimizerRecipe.Adafactor adafactor ->
                stepper(adafactor, groups, memory, memories -> new Adafactor(adafactor, memories));
            case OptimizerRecipe.Muon muon -> new Muon(muon, groups, memory, hidden);
            case OptimizerRecipe.Custom other -> custom.build(other, groups, memory);
        };
    }

    private static Optimizer stepper(
            OptimizerRecipe recipe, List<FlatGroup> groups, Owned memory, Function<Memories, Rule> rule) {
        var memories = new Memories(groups, memory, member -> true);
        return new Stepper(rule.apply(memories), memories, recipe.learningRate());
    }

    /// What weight decay acts on.
    public static OptimizerRecipe.Decayed decayed(OptimizerRecipe recipe) {
        return switch (recipe) {
            case OptimizerRecipe.AdamW adamW -> adamW.decayed();
            case OptimizerRecipe.Adam adam -> adam.decayed();
            case OptimizerRecipe.Adamax adamax -> adamax.decayed();
            case OptimizerRecipe.NAdam nAdam -> nAdam.decayed();
            case OptimizerRecipe.RAdam rAdam -> rAdam.decayed();
            case OptimizerRecipe.Adagrad adagrad -> adagrad.decayed();
            case OptimizerRecipe.Adadelta adadelta -> adadelta.decayed();
            case OptimizerRecipe.RmsProp rmsProp -> rmsProp.decayed();
            case OptimizerRecipe.Sgd sgd -> sgd.decayed();
            case OptimizerRecipe.Lion lion -> lion.decayed();
            case OptimizerRecipe.Adafactor adafactor -> adafactor.decayed();
            case OptimizerRecipe.Muon muon -> muon.adamW().decayed(); // its own are matrices, which decay either way
            case OptimizerRecipe.Custom other -> OptimizerRecipe.Decayed.ALL;
        };
    }
}

package dev.cultivar.loop;

import dev.cultivar.checkpoint.State;
import dev.cultivar.checkpoint.StateReader;
import dev.cultivar.checkpoint.StateWriter;
import dev.cultivar.checkpoint.TensorState;
import dev.cultivar.nn.FlatGroup;
import dev.cultivar.nn.NoGradient;
import dev.cultivar.recipe.AverageRecipe;
import dev.cultivar.torch.Owned;
import dev.cultivar.torch.Scope;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/// Averaged weights beside the trained ones (Polyak and Juditsky, 1992): what is evaluated and served, where the recipe asks for them.
public final class Average implements State {
    private final AverageRecipe recipe;
    private final List<FlatGroup> groups;
    private final List<Tensor> averages = new ArrayList<>();

    /// @param memory owns the averages
    public Average(AverageRecipe recipe, List<FlatGroup> groups, Owned memory) {
        this.recipe = recipe;
        this.groups = recipe instanceof AverageRecipe.None ? List.of() : List.copyOf(groups);
        try (var scope = Scope.open(); var without = new NoGradient()) {
            this.groups.forEach(group -> averages.add(memory.own(group.data().clone())));
        }
    }

    /// Moves the average towards the weights; called after each step.
    void follow() {
        if (recipe instanceof AverageRecipe.Exponential(double decay)) {
            try (var scope = Scope.open(); var without = new NoGradient()) {
                for (int g = 0; g < groups.size(); g++) {
                    averages.get(g).lerp_(groups.get(g).data(), new Scalar(1 - decay));
                }
            }
        }
    }

    /// Runs something while the averages stand where the weights do.
    public void serve(Runnable work) {
        swap();
        try {
            work.run();
        } finally {
            swap();
        }
    }

    private void swap() {
        try (var scope = Scope.open(); var without = new NoGradient()) {
            for (int g = 0; g < groups.size(); g++) {
                Tensor kept = groups.get(g).data().clone();
                groups.get(g).data().copy_(averages.get(g));
                averages.get(g).copy_(kept);
                groups.get(g).cast();
            }
        }
    }

    /// The trained weights are saved here, since the model's file has the averages.
    @Override
    public void save(StateWriter out) {
        TensorState.save(out, "trained", groups.stream().map(FlatGroup::data).toList());
    }

    /// Called when the weights already are what the model's file has, the averages.
    @Override
    public void restore(StateReader in) {
        try (var scope = Scope.open(); var without = new NoGradient()) {
            for (int g = 0; g < groups.size(); g++) {
                averages.get(g).copy_(groups.get(g).data());
            }
        }
        TensorState.restore(in, "trained", groups.stream().map(FlatGroup::data).toList());
    }
}

package dev.cultivar.run;

import dev.cultivar.loop.Turn;
import dev.cultivar.nn.Backbone;
import dev.cultivar.objective.Reads;
import dev.cultivar.recipe.DeviceRecipe;
import dev.cultivar.recipe.Recipe;
import dev.cultivar.torch.MatrixPeak;
import java.util.OptionalDouble;

/// How much of the machine's speed at multiplying matrices a run has used.
///
/// The model's operations are counted from its shape, twice as many backward as forward (Kaplan et al., 2020, section 2.1, with the
/// attention's own): an estimate. The machine's peak is measured.
///
/// @param modelGflops  thousands of millions of operations a second
/// @param matrixGflops of large square products in the run's arithmetic, on all its threads
record Arithmetic(double modelGflops, double matrixGflops) {
    private static final double LONG_SECONDS = 60; // a run that took so long can wait for an exact measurement

    /// Operations of forward and backward for one token; empty where layers are frozen, since what they cost depends on what is
    /// known already, where several turns share a step, and where the last layer is computed for the first token alone, which saves the more
    /// the longer a row is.
    static OptionalDouble perToken(Recipe recipe, Built built) {
        if (built.turns().size() != 1 || built.strategy().frozenBelow(0) > 0 || built.strategy().phases() > 1) {
            return OptionalDouble.empty();
        }
        Turn turn = built.turns().getFirst();
        Backbone backbone = built.model().backbone();
        Reads reads = turn.objective().reads();
        if (backbone.poolsFirstToken() && (reads == Reads.FIRST || reads == Reads.POOLED)) {
            return OptionalDouble.empty();
        }
        double forward = backbone.forwardFlops(recipe.batching().maxLength()) + turn.objective().headFlops(built.model());
        return forward > 0 ? OptionalDouble.of(3 * forward) : OptionalDouble.empty();
    }

    /// @param tokens  that were trained on
    /// @param seconds that it took
    static Arithmetic measured(double flopsPerToken, Recipe recipe, double tokens, double seconds) {
        MatrixPeak peak = seconds >= LONG_SECONDS ? MatrixPeak.measure() : MatrixPeak.measureBriefly();
        boolean reduced = recipe.device().precision() == DeviceRecipe.Precision.BFLOAT16;
        return new Arithmetic(flopsPerToken * tokens / seconds / 1e9, reduced ? peak.bfloat16Gflops() : peak.float32Gflops());
    }
}

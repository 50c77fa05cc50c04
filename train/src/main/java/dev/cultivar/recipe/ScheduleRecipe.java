package dev.cultivar.recipe;

/// How the learning rate goes: a factor of the optimizer's rate, from step 0 to the horizon.
public sealed interface ScheduleRecipe {

    Warmup warmup();

    /// Flat after the warm-up.
    record Constant(Warmup warmup) implements ScheduleRecipe {}

    /// Linear to 0 at the horizon.
    record Linear(Warmup warmup) implements ScheduleRecipe {}

    /// Half a cosine to 0 at the horizon (Loshchilov and Hutter, 2017).
    record Cosine(Warmup warmup) implements ScheduleRecipe {}

    /// One that an extension builds.
    record Custom(String name, Warmup warmup, Parameters parameters) implements ScheduleRecipe {}

    /// A linear rise from 0.
    sealed interface Warmup {
        /// @param share of the horizon, in [0, 1]
        record Share(double share) implements Warmup {}

        record Steps(long steps) implements Warmup {}
    }
}

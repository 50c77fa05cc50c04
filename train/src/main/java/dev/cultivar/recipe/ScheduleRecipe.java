package dev.cultivar.recipe;

/// How the learning rate goes: a factor of the optimizer's rate, from step 0 to the horizon. Kinds are called as in transformers.
///
/// A `minimumRate` is a share of the optimizer's rate: what a decay ends at.
public sealed interface ScheduleRecipe {

    Warmup warmup();

    /// Flat after the warm-up.
    record Constant(Warmup warmup) implements ScheduleRecipe {}

    /// Linear to 0 at the horizon.
    record Linear(Warmup warmup) implements ScheduleRecipe {}

    /// A cosine (Loshchilov and Hutter, 2017).
    ///
    /// @param cycles waves to the horizon; half of one ends at 0
    record Cosine(Warmup warmup, double cycles) implements ScheduleRecipe {
        /// Half a wave to 0.
        public Cosine(Warmup warmup) {
            this(warmup, 0.5);
        }
    }

    /// Half a cosine to 0, again and again (Loshchilov and Hutter, 2017, section 3).
    ///
    /// @param cycles how often until the horizon
    record CosineWithRestarts(Warmup warmup, int cycles) implements ScheduleRecipe {}

    /// A cosine that ends above 0.
    record CosineWithMinimum(Warmup warmup, double cycles, double minimumRate) implements ScheduleRecipe {}

    /// The same a step ahead: already the first step has a rate above 0.
    record CosineWarmupWithMinimum(Warmup warmup, double cycles, double minimumRate) implements ScheduleRecipe {}

    /// A power of what is left until the horizon.
    record Polynomial(Warmup warmup, double power, double minimumRate) implements ScheduleRecipe {}

    /// One over the root of the step (Vaswani et al., 2017, equation 3).
    record InverseSqrt(Warmup warmup, Timescale timescale) implements ScheduleRecipe {}

    /// Flat, then down in the last part of the way (Hu et al., 2024, section 4.2).
    ///
    /// @param rise  the warm-up's shape; it starts at `minimumRate`
    /// @param decay how long the last part is
    /// @param fall  its shape
    record WarmupStableDecay(Warmup warmup, Shape rise, Warmup decay, Shape fall, double minimumRate) implements ScheduleRecipe {}

    /// One that an extension builds.
    record Custom(String name, Warmup warmup, Parameters parameters) implements ScheduleRecipe {}

    /// How long a part of the way is: the rise from 0 at its start, for one.
    sealed interface Warmup {
        /// @param share of the horizon, in [0, 1]
        record Share(double share) implements Warmup {}

        record Steps(long steps) implements Warmup {}
    }

    /// How many steps stand for one unit of time.
    sealed interface Timescale {
        /// As many as the warm-up has; 10,000 where there is none.
        record OfWarmup() implements Timescale {}

        record Steps(long steps) implements Timescale {}
    }

    /// How a part goes from 0 to 1, at `x` of its way.
    enum Shape {
        /// `x`
        LINEAR,
        /// `(1 - cos(pi x)) / 2`
        COSINE,
        /// `1 - sqrt(1 - x)`, transformers' `1-sqrt`: downwards steep at first
        SQRT
    }
}

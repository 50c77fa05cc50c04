package dev.cultivar.optim;

import dev.cultivar.recipe.Parameters;
import dev.cultivar.recipe.ScheduleRecipe;
import java.util.function.BiFunction;

/// Builds schedules with the formulas of Hugging Face's: those with warm-up start at rate 0, unless they say otherwise.
public final class Schedules {
    private static final long TIMESCALE_WITHOUT_WARMUP = 10_000;

    private Schedules() {}

    /// @param custom what the extensions build: a name and parameters to a schedule without its warm-up
    public static Schedule build(ScheduleRecipe recipe, BiFunction<String, Parameters, Schedule> custom) {
        return switch (recipe) {
            case ScheduleRecipe.Constant constant -> warmed(constant, (step, total) -> 1);
            case ScheduleRecipe.Linear linear -> warmed(linear, (step, total) -> left(step, total));
            case ScheduleRecipe.Cosine cosine -> cosine(cosine, cosine.cycles(), 0);
            case ScheduleRecipe.CosineWithRestarts cosine -> warmed(cosine, (step, total) ->
                    step >= total ? 0 : cosine(cosine.cycles() * way(step, total) % 1));
            case ScheduleRecipe.CosineWithMinimum cosine -> cosine(cosine, cosine.cycles(), cosine.minimumRate());
            case ScheduleRecipe.CosineWarmupWithMinimum cosine -> {
                Schedule late = cosine(cosine, cosine.cycles(), cosine.minimumRate());
                yield (step, total) -> late.factor(step + 1, total);
            }
            case ScheduleRecipe.Polynomial polynomial -> warmed(polynomial, (step, total) ->
                    above(polynomial.minimumRate(), Math.pow(Math.max(0, left(step, total)), polynomial.power())));
            case ScheduleRecipe.InverseSqrt inverse -> (step, total) -> {
                long rise = steps(inverse.warmup(), total);
                return step < rise ? (double) step / rise : Math.pow(1 + (double) (step - rise) / timescale(inverse, rise), -0.5);
            };
            case ScheduleRecipe.WarmupStableDecay stable -> (step, total) -> stable(stable, step, total);
            case ScheduleRecipe.Custom other -> warmed(other, custom.apply(other.name(), other.parameters()));
        };
    }

    /// A linear rise from 0, then `after`, which counts from the warm-up's end.
    private static Schedule warmed(ScheduleRecipe recipe, Schedule after) {
        return (step, total) -> {
            long rise = steps(recipe.warmup(), total);
            return step < rise ? (double) step / rise : Math.max(0, after.factor(step - rise, Math.max(0, total - rise)));
        };
    }

    private static Schedule cosine(ScheduleRecipe recipe, double cycles, double minimum) {
        return warmed(recipe, (step, total) -> above(minimum, cosine(2 * cycles * way(step, total))));
    }

    private static double stable(ScheduleRecipe.WarmupStableDecay recipe, long step, long total) {
        long rise = steps(recipe.warmup(), total);
        if (step < rise) {
            return above(recipe.minimumRate(), shaped(recipe.rise(), (double) step / rise));
        }
        long fall = steps(recipe.decay(), total);
        long fallen = step - Math.max(rise, total - fall);
        if (fallen < 0) {
            return 1;
        }
        return step >= total
                ? recipe.minimumRate()
                : above(recipe.minimumRate(), shaped(recipe.fall(), 1 - (double) fallen / fall));
    }

    private static double shaped(ScheduleRecipe.Shape shape, double x) {
        return switch (shape) {
            case LINEAR -> x;
            case COSINE -> (1 - Math.cos(Math.PI * x)) / 2;
            case SQRT -> 1 - Math.sqrt(1 - x);
        };
    }

    private static long timescale(ScheduleRecipe.InverseSqrt recipe, long rise) {
        return switch (recipe.timescale()) {
            case ScheduleRecipe.Timescale.OfWarmup _ -> rise == 0 ? TIMESCALE_WITHOUT_WARMUP : rise;
            case ScheduleRecipe.Timescale.Steps(long steps) -> steps;
        };
    }

    private static long steps(ScheduleRecipe.Warmup part, long total) {
        return switch (part) {
            case ScheduleRecipe.Warmup.Share(double share) -> Math.round(Math.ceil(share * total));
            case ScheduleRecipe.Warmup.Steps(long steps) -> steps;
        };
    }

    /// How much of the way is done.
    private static double way(long step, long total) {
        return (double) step / Math.max(1, total);
    }

    /// How much of it is left.
    private static double left(long step, long total) {
        return (double) (total - step) / Math.max(1, total);
    }

    /// 1 at the start of a wave, 0 in its middle, at 1.
    private static double cosine(double halves) {
        return (1 + Math.cos(Math.PI * halves)) / 2;
    }

    private static double above(double minimum, double factor) {
        return minimum + (1 - minimum) * factor;
    }
}

package dev.cultivar.optim;

import dev.cultivar.recipe.Parameters;
import dev.cultivar.recipe.ScheduleRecipe;
import java.util.function.BiFunction;

/// Builds schedules; those with warm-up start at rate 0, as Hugging Face's do.
public final class Schedules {
    private Schedules() {}

    /// @param custom what the extensions build: a name and parameters to a schedule without its warm-up
    public static Schedule build(ScheduleRecipe recipe, BiFunction<String, Parameters, Schedule> custom) {
        Schedule after = switch (recipe) {
            case ScheduleRecipe.Constant constant -> (step, total) -> 1;
            case ScheduleRecipe.Linear linear -> (step, total) -> (double) (total - step) / Math.max(1, total);
            case ScheduleRecipe.Cosine cosine -> (step, total) -> (1 + Math.cos(Math.PI * step / Math.max(1, total))) / 2;
            case ScheduleRecipe.Custom other -> custom.apply(other.name(), other.parameters());
        };
        ScheduleRecipe.Warmup warmup = recipe.warmup();
        return (step, total) -> {
            long rise = switch (warmup) {
                case ScheduleRecipe.Warmup.Share share -> Math.round(Math.ceil(share.share() * total));
                case ScheduleRecipe.Warmup.Steps steps -> steps.steps();
            };
            return step < rise ? (double) step / rise : Math.max(0, after.factor(step - rise, Math.max(0, total - rise)));
        };
    }
}

package dev.cultivar.recipe;

/// Writes a schedule as [ScheduleReader] reads it.
final class ScheduleWriter {
    private ScheduleWriter() {}

    static Entries schedule(ScheduleRecipe schedule) {
        return switch (schedule) {
            case ScheduleRecipe.Constant constant -> of("constant", constant);
            case ScheduleRecipe.Linear linear -> of("linear", linear);
            case ScheduleRecipe.Cosine cosine -> of("cosine", cosine).number("cycles", cosine.cycles());
            case ScheduleRecipe.CosineWithRestarts cosine -> of("cosine_with_restarts", cosine).whole("cycles", cosine.cycles());
            case ScheduleRecipe.CosineWithMinimum cosine -> of("cosine_with_min_lr", cosine)
                    .number("cycles", cosine.cycles())
                    .number("minimum_rate", cosine.minimumRate());
            case ScheduleRecipe.CosineWarmupWithMinimum cosine -> of("cosine_warmup_with_min_lr", cosine)
                    .number("cycles", cosine.cycles())
                    .number("minimum_rate", cosine.minimumRate());
            case ScheduleRecipe.Polynomial polynomial -> of("polynomial", polynomial)
                    .number("power", polynomial.power())
                    .number("minimum_rate", polynomial.minimumRate());
            case ScheduleRecipe.InverseSqrt inverse -> of("inverse_sqrt", inverse).put("timescale", switch (inverse.timescale()) {
                case ScheduleRecipe.Timescale.OfWarmup _ -> Entries.plain("warmup");
                case ScheduleRecipe.Timescale.Steps(long steps) -> Entries.plain(String.valueOf(steps));
            });
            case ScheduleRecipe.WarmupStableDecay stable -> of("warmup_stable_decay", stable)
                    .word("warmup_shape", stable.rise())
                    .put("decay", length(stable.decay()))
                    .word("decay_shape", stable.fall())
                    .number("minimum_rate", stable.minimumRate());
            case ScheduleRecipe.Custom(String name, ScheduleRecipe.Warmup warmup, Parameters parameters) ->
                Entries.custom(name).put("warmup", length(warmup)).parameters(parameters);
        };
    }

    private static Entries of(String kind, ScheduleRecipe schedule) {
        return Entries.kind(kind).put("warmup", length(schedule.warmup()));
    }

    private static Yaml length(ScheduleRecipe.Warmup length) {
        return switch (length) {
            case ScheduleRecipe.Warmup.Share(double share) -> Entries.plain(YamlText.number(share));
            case ScheduleRecipe.Warmup.Steps(long steps) -> Entries.of().whole("steps", steps).mapping();
        };
    }
}

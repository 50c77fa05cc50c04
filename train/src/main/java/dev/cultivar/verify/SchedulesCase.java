package dev.cultivar.verify;

import dev.cultivar.format.CheckpointException;
import dev.cultivar.optim.Schedule;
import dev.cultivar.optim.Schedules;
import dev.cultivar.recipe.ScheduleRecipe.Shape;
import dev.cultivar.recipe.ScheduleRecipe.Warmup;
import dev.cultivar.recipe.ScheduleRecipe;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/// Computes the case of many schedules: the learning rate's factor at each step and a few beyond the horizon.
final class SchedulesCase {
    private static final double BASE_RATE = 1e-3; // what a rate in the case's settings is a share of
    private static final double POLYNOMIAL_END = 1e-7; // transformers' default

    private final GoldenCase golden;
    private final Map<?, ?> values;

    SchedulesCase(GoldenCase golden) {
        this.golden = golden;
        values = golden.values();
    }

    GoldenCase.Outcome outcome(String name) {
        if (!(values.get("schedules") instanceof Map<?, ?> schedules)) {
            throw new CheckpointException(golden.folder().resolve("case.json") + ": values.schedules is missing");
        }
        long total = (long) number(values, "total_steps", 0);
        Warmup warmup = new Warmup.Steps((long) number(values, "warmup_steps", 0));
        double[] tolerance = golden.tolerance("loss");
        var unknown = new TreeSet<String>();
        List<Comparison> rows = new ArrayList<>();
        schedules.forEach((key, of) -> {
            Optional<ScheduleRecipe> recipe = of instanceof Map<?, ?> described ? recipe(described, warmup) : Optional.empty();
            if (recipe.isEmpty()) {
                unknown.add(String.valueOf(key));
                return;
            }
            Schedule schedule = Schedules.build(recipe.get(), (custom, parameters) -> {
                throw new IllegalStateException(custom);
            });
            float[] expected = GoldenCase.numbers(((Map<?, ?>) of).get("factor"));
            float[] got = new float[expected.length];
            for (int step = 0; step < got.length; step++) {
                got[step] = (float) schedule.factor(step, total);
            }
            rows.add(Comparison.of(String.valueOf(key), got, expected, tolerance[0], tolerance[1], null));
        });
        return new GoldenCase.Outcome(name, rows, unknown.isEmpty() ? "" : "schedules " + unknown + " are not built yet");
    }

    /// The settings that the case names, in the recipe's words.
    private static Optional<ScheduleRecipe> recipe(Map<?, ?> described, Warmup warmup) {
        Map<?, ?> settings = described.get("settings") instanceof Map<?, ?> of ? of : Map.of();
        double cycles = number(settings, "num_cycles", 0.5);
        double minimum = number(settings, "min_lr_rate", number(settings, "min_lr_ratio", 0));
        return Optional.ofNullable(switch (String.valueOf(described.get("kind"))) {
            case "constant" -> new ScheduleRecipe.Constant(new Warmup.Steps(0));
            case "constant_with_warmup" -> new ScheduleRecipe.Constant(warmup);
            case "linear" -> new ScheduleRecipe.Linear(warmup);
            case "cosine" -> new ScheduleRecipe.Cosine(warmup, cycles);
            case "cosine_with_restarts" -> new ScheduleRecipe.CosineWithRestarts(warmup, (int) number(settings, "num_cycles", 1));
            case "cosine_with_min_lr" -> new ScheduleRecipe.CosineWithMinimum(warmup, cycles, minimum);
            case "cosine_warmup_with_min_lr" -> new ScheduleRecipe.CosineWarmupWithMinimum(warmup, cycles, minimum);
            case "polynomial" -> new ScheduleRecipe.Polynomial(
                    warmup, number(settings, "power", 1), number(settings, "lr_end", POLYNOMIAL_END) / BASE_RATE);
            case "inverse_sqrt" -> new ScheduleRecipe.InverseSqrt(
                    warmup,
                    settings.containsKey("timescale")
                            ? new ScheduleRecipe.Timescale.Steps((long) number(settings, "timescale", 0))
                            : new ScheduleRecipe.Timescale.OfWarmup());
            case "warmup_stable_decay" -> new ScheduleRecipe.WarmupStableDecay(
                    warmup,
                    shape(settings, "warmup_type", Shape.LINEAR),
                    new Warmup.Steps((long) number(settings, "num_decay_steps", 0)),
                    shape(settings, "decay_type", Shape.COSINE),
                    minimum);
            default -> null;
        });
    }

    private static Shape shape(Map<?, ?> settings, String key, Shape otherwise) {
        return settings.get(key) instanceof String name
                ? switch (name) {
                    case "linear" -> Shape.LINEAR;
                    case "cosine" -> Shape.COSINE;
                    case "1-sqrt" -> Shape.SQRT;
                    default -> throw new CheckpointException("no shape of a schedule: " + name);
                }
                : otherwise;
    }

    private static double number(Map<?, ?> settings, String key, double otherwise) {
        return settings.get(key) instanceof Number number ? number.doubleValue() : otherwise;
    }
}

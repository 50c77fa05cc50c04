package dev.cultivar.recipe;

import java.util.List;

/// Reads `schedule`: how the learning rate goes.
final class ScheduleReader {
    private ScheduleReader() {}

    static ScheduleRecipe schedule(Node node) {
        return node.oneOf("linear", List.of(
                new Kind<>("constant", keys -> new ScheduleRecipe.Constant(warmup(keys))),
                new Kind<>("linear", keys -> new ScheduleRecipe.Linear(warmup(keys))),
                new Kind<>("cosine", keys -> new ScheduleRecipe.Cosine(warmup(keys), cycles(keys))),
                new Kind<>("cosine_with_restarts", keys -> new ScheduleRecipe.CosineWithRestarts(
                        warmup(keys), keys.count("cycles", Range.countFrom(1)))),
                new Kind<>("cosine_with_min_lr", keys -> new ScheduleRecipe.CosineWithMinimum(
                        warmup(keys), cycles(keys), keys.number("minimum_rate", Range.closed(0, 1)))),
                new Kind<>("cosine_warmup_with_min_lr", keys -> new ScheduleRecipe.CosineWarmupWithMinimum(
                        warmup(keys), cycles(keys), keys.number("minimum_rate", Range.closed(0, 1)))),
                new Kind<>("polynomial", keys -> new ScheduleRecipe.Polynomial(
                        warmup(keys), keys.number("power", 1, Range.above(0)), minimumRate(keys))),
                new Kind<>("inverse_sqrt", keys -> new ScheduleRecipe.InverseSqrt(
                        warmup(keys), keys.have("timescale", "whole number or warmup", "warmup", ScheduleReader::timescale))),
                new Kind<>("warmup_stable_decay", ScheduleReader::warmupStableDecay),
                new Kind<>("custom", keys -> new ScheduleRecipe.Custom(
                        keys.name("name"), warmup(keys), ParametersReader.read(keys)))));
    }

    private static ScheduleRecipe.Warmup warmup(Keys keys) {
        return length(keys, "warmup", 0, Range.closed(0, 1), 0);
    }

    /// A part of the way: a share of the horizon, or a map with steps.
    private static ScheduleRecipe.Warmup length(Keys keys, String key, double otherwise, Range share, long leastSteps) {
        ScheduleRecipe.Warmup silent = new ScheduleRecipe.Warmup.Share(otherwise);
        String described = otherwise == 0 ? "0" : YamlText.number(otherwise);
        return keys.have(key, "number (share of the horizon) or map", share.described(), silent, described,
                node -> node.isMap() || node.reading().isSurvey()
                        ? node.map(steps -> new ScheduleRecipe.Warmup.Steps(steps.whole("steps", Range.wholeFrom(leastSteps))))
                        : new ScheduleRecipe.Warmup.Share(node.number(share)));
    }

    private static double cycles(Keys keys) {
        return keys.number("cycles", 0.5, Range.above(0));
    }

    private static double minimumRate(Keys keys) {
        return keys.number("minimum_rate", 0, Range.closed(0, 1));
    }

    private static ScheduleRecipe.Timescale timescale(Node node) {
        return node.isWord("warmup")
                ? new ScheduleRecipe.Timescale.OfWarmup()
                : new ScheduleRecipe.Timescale.Steps(node.whole(Range.wholeFrom(1)));
    }

    private static ScheduleRecipe warmupStableDecay(Keys keys) {
        var shapes = ScheduleRecipe.Shape.values();
        int before = keys.node().reading().mistakes();
        ScheduleRecipe.Warmup warmup = warmup(keys);
        ScheduleRecipe.Shape rise = keys.choice("warmup_shape", ScheduleRecipe.Shape.LINEAR, shapes);
        if (keys.node().reading().mistakes() == before && rise != ScheduleRecipe.Shape.LINEAR && isNone(warmup)) {
            keys.at("warmup_shape").fail("has no effect without warmup; give warmup or leave warmup_shape out");
        }
        ScheduleRecipe.Warmup decay = length(keys, "decay", 0.1, Range.aboveTo(0, 1), 1);
        if (keys.node().reading().mistakes() == before
                && warmup instanceof ScheduleRecipe.Warmup.Share(double up)
                && decay instanceof ScheduleRecipe.Warmup.Share(double down)
                && up + down > 1) {
            keys.at("decay").fail("and warmup are shares of one horizon, together at most 1, got " + YamlText.number(down) + " and "
                    + YamlText.number(up));
        }
        return new ScheduleRecipe.WarmupStableDecay(
                warmup, rise, decay, keys.choice("decay_shape", ScheduleRecipe.Shape.COSINE, shapes), minimumRate(keys));
    }

    private static boolean isNone(ScheduleRecipe.Warmup warmup) {
        return switch (warmup) {
            case ScheduleRecipe.Warmup.Share(double share) -> share == 0;
            case ScheduleRecipe.Warmup.Steps(long steps) -> steps == 0;
        };
    }
}

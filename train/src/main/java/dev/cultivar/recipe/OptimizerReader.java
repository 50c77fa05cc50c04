package dev.cultivar.recipe;

import java.util.List;

/// Reads `optimizer`, `schedule` and `clipping`: how a gradient becomes a change.
final class OptimizerReader {
    private OptimizerReader() {}

    static OptimizerRecipe optimizer(Node node) {
        return node.oneOf(List.of(
                new Kind<>("adamw", OptimizerReader::adamW),
                new Kind<>("sgd", OptimizerReader::sgd),
                new Kind<>("custom", keys -> new OptimizerRecipe.Custom(
                        keys.name("name"), learningRate(keys), ParametersReader.read(keys)))));
    }

    private static double learningRate(Keys keys) {
        return keys.number("learning_rate", Range.above(0));
    }

    private static OptimizerRecipe.Decayed decayed(Keys keys) {
        return keys.choice("decay", OptimizerRecipe.Decayed.MATRICES, OptimizerRecipe.Decayed.values());
    }

    private static OptimizerRecipe adamW(Keys keys) {
        double learningRate = learningRate(keys);
        List<Double> betas = keys.have(
                "betas", "two numbers, each at least 0 and below 1", "[0.9, 0.999]", OptimizerReader::betas);
        return new OptimizerRecipe.AdamW(
                learningRate,
                betas.getFirst(),
                betas.getLast(),
                keys.number("epsilon", 1e-8, Range.above(0)),
                keys.number("weight_decay", 0.01, Range.from(0)),
                decayed(keys));
    }

    private static List<Double> betas(Node node) {
        List<Double> betas = node.items().stream().map(beta -> beta.number(Range.below(0, 1))).toList();
        if (betas.size() == 2) {
            return betas;
        }
        if (node.yaml() instanceof Yaml.Sequence) {
            node.fail("must be two numbers, got " + betas.size());
        }
        return List.of(0.0, 0.0);
    }

    private static OptimizerRecipe sgd(Keys keys) {
        int before = keys.node().reading().mistakes();
        double learningRate = learningRate(keys);
        double momentum = keys.number("momentum", 0, Range.below(0, 1));
        double dampening = keys.number("dampening", 0, Range.closed(0, 1));
        boolean nesterov = keys.flag("nesterov", false);
        if (keys.node().reading().mistakes() == before) {
            if (dampening > 0 && momentum == 0) {
                keys.at("dampening").fail("has no effect without momentum; give momentum or leave dampening out");
            }
            if (nesterov && (momentum == 0 || dampening > 0)) {
                keys.at("nesterov").fail("needs momentum above 0 and no dampening, got momentum " + YamlText.number(momentum)
                        + " and dampening " + YamlText.number(dampening));
            }
        }
        return new OptimizerRecipe.Sgd(
                learningRate, momentum, dampening, nesterov, keys.number("weight_decay", 0, Range.from(0)), decayed(keys));
    }

    static ScheduleRecipe schedule(Node node) {
        return node.oneOf("linear", List.of(
                new Kind<>("constant", keys -> new ScheduleRecipe.Constant(warmup(keys))),
                new Kind<>("linear", keys -> new ScheduleRecipe.Linear(warmup(keys))),
                new Kind<>("cosine", keys -> new ScheduleRecipe.Cosine(warmup(keys))),
                new Kind<>("custom", keys -> new ScheduleRecipe.Custom(
                        keys.name("name"), warmup(keys), ParametersReader.read(keys)))));
    }

    private static ScheduleRecipe.Warmup warmup(Keys keys) {
        Range share = Range.closed(0, 1);
        ScheduleRecipe.Warmup none = new ScheduleRecipe.Warmup.Share(0);
        return keys.have("warmup", "number (share of the horizon) or map", share.described(), none, "0",
                node -> node.isMap() || node.reading().isSurvey()
                        ? node.map(steps -> new ScheduleRecipe.Warmup.Steps(steps.whole("steps", Range.wholeFrom(0))))
                        : new ScheduleRecipe.Warmup.Share(node.number(share)));
    }

    static ClippingRecipe clipping(Node node) {
        return node.isWord("none")
                ? new ClippingRecipe.None()
                : node.map(keys -> new ClippingRecipe.Norm(keys.number("norm", Range.above(0))));
    }
}

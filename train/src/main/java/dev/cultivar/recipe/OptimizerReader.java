package dev.cultivar.recipe;

import java.util.List;

/// Reads `optimizer` and `clipping`: how a gradient becomes a change.
final class OptimizerReader {
    private OptimizerReader() {}

    static OptimizerRecipe optimizer(Node node) {
        return node.oneOf(List.of(
                new Kind<>("adamw", keys -> adamW(learningRate(keys), keys)),
                new Kind<>("adam", OptimizerReader::adam),
                new Kind<>("adamax", OptimizerReader::adamax),
                new Kind<>("nadam", OptimizerReader::nAdam),
                new Kind<>("radam", OptimizerReader::rAdam),
                new Kind<>("adagrad", OptimizerReader::adagrad),
                new Kind<>("adadelta", OptimizerReader::adadelta),
                new Kind<>("rmsprop", OptimizerReader::rmsProp),
                new Kind<>("sgd", OptimizerReader::sgd),
                new Kind<>("lion", OptimizerReader::lion),
                new Kind<>("adafactor", OptimizerReader::adafactor),
                new Kind<>("muon", OptimizerReader::muon),
                new Kind<>("custom", keys -> new OptimizerRecipe.Custom(
                        keys.name("name"), learningRate(keys), ParametersReader.read(keys)))));
    }

    private static double learningRate(Keys keys) {
        return keys.number("learning_rate", Range.above(0));
    }

    private static OptimizerRecipe.Decayed decayed(Keys keys) {
        return keys.choice("decay", OptimizerRecipe.Decayed.MATRICES, OptimizerRecipe.Decayed.values());
    }

    private static double weightDecay(Keys keys, double otherwise) {
        return keys.number("weight_decay", otherwise, Range.from(0));
    }

    private static double epsilon(Keys keys, double otherwise) {
        return keys.number("epsilon", otherwise, Range.above(0));
    }

    private record Betas(double first, double second) {
        static Betas read(Keys keys, String otherwise) {
            return keys.have("betas", "two numbers, each at least 0 and below 1", otherwise, Betas::of);
        }

        private static Betas of(Node node) {
            List<Double> betas = node.items().stream().map(beta -> beta.number(Range.below(0, 1))).toList();
            if (betas.size() == 2) {
                return new Betas(betas.getFirst(), betas.getLast());
            }
            if (node.yaml() instanceof Yaml.Sequence) {
                node.fail("must be two numbers, got " + betas.size());
            }
            return new Betas(0, 0);
        }
    }

    private static OptimizerRecipe.AdamW adamW(double learningRate, Keys keys) {
        Betas betas = Betas.read(keys, "[0.9, 0.999]");
        return new OptimizerRecipe.AdamW(
                learningRate, betas.first(), betas.second(), epsilon(keys, 1e-8), weightDecay(keys, 0.01), decayed(keys));
    }

    private static OptimizerRecipe adam(Keys keys) {
        double learningRate = learningRate(keys);
        Betas betas = Betas.read(keys, "[0.9, 0.999]");
        return new OptimizerRecipe.Adam(
                learningRate,
                betas.first(),
                betas.second(),
                epsilon(keys, 1e-8),
                keys.flag("amsgrad", false),
                weightDecay(keys, 0),
                decayed(keys));
    }

    private static OptimizerRecipe adamax(Keys keys) {
        double learningRate = learningRate(keys);
        Betas betas = Betas.read(keys, "[0.9, 0.999]");
        return new OptimizerRecipe.Adamax(
                learningRate, betas.first(), betas.second(), epsilon(keys, 1e-8), weightDecay(keys, 0), decayed(keys));
    }

    private static OptimizerRecipe nAdam(Keys keys) {
        double learningRate = learningRate(keys);
        Betas betas = Betas.read(keys, "[0.9, 0.999]");
        return new OptimizerRecipe.NAdam(
                learningRate,
                betas.first(),
                betas.second(),
                epsilon(keys, 1e-8),
                keys.number("momentum_decay", 0.004, Range.from(0)),
                weightDecay(keys, 0),
                decayed(keys));
    }

    private static OptimizerRecipe rAdam(Keys keys) {
        double learningRate = learningRate(keys);
        Betas betas = Betas.read(keys, "[0.9, 0.999]");
        return new OptimizerRecipe.RAdam(
                learningRate, betas.first(), betas.second(), epsilon(keys, 1e-8), weightDecay(keys, 0), decayed(keys));
    }

    private static OptimizerRecipe adagrad(Keys keys) {
        return new OptimizerRecipe.Adagrad(
                learningRate(keys),
                keys.number("rate_decay", 0, Range.from(0)),
                keys.number("accumulator", 0, Range.from(0)),
                epsilon(keys, 1e-10),
                weightDecay(keys, 0),
                decayed(keys));
    }

    private static OptimizerRecipe adadelta(Keys keys) {
        return new OptimizerRecipe.Adadelta(
                learningRate(keys), keys.number("rho", 0.9, Range.below(0, 1)), epsilon(keys, 1e-6), weightDecay(keys, 0), decayed(keys));
    }

    private static OptimizerRecipe rmsProp(Keys keys) {
        return new OptimizerRecipe.RmsProp(
                learningRate(keys),
                keys.number("alpha", 0.99, Range.below(0, 1)),
                epsilon(keys, 1e-8),
                keys.number("momentum", 0, Range.below(0, 1)),
                keys.flag("centered", false),
                weightDecay(keys, 0),
                decayed(keys));
    }

    private static OptimizerRecipe lion(Keys keys) {
        double learningRate = learningRate(keys);
        Betas betas = Betas.read(keys, "[0.9, 0.99]");
        return new OptimizerRecipe.Lion(learningRate, betas.first(), betas.second(), weightDecay(keys, 0), decayed(keys));
    }

    private static OptimizerRecipe adafactor(Keys keys) {
        return new OptimizerRecipe.Adafactor(
                learningRate(keys),
                keys.flag("relative_step", true),
                keys.flag("scale_parameter", true),
                keys.number("decay_rate", 0.8, Range.aboveTo(0, 1)),
                keys.number("clip_threshold", 1, Range.above(0)),
                epsilon(keys, 1e-30),
                keys.number("momentum", 0, Range.below(0, 1)),
                weightDecay(keys, 0),
                decayed(keys));
    }

    private static OptimizerRecipe muon(Keys keys) {
        int before = keys.node().reading().mistakes();
        double learningRate = learningRate(keys);
        double momentum = keys.number("momentum", 0.95, Range.below(0, 1));
        boolean nesterov = keys.flag("nesterov", true);
        if (keys.node().reading().mistakes() == before && nesterov && momentum == 0) {
            keys.at("nesterov").fail("needs momentum above 0; raise momentum or give nesterov: false");
        }
        return new OptimizerRecipe.Muon(
                learningRate,
                momentum,
                nesterov,
                keys.count("iterations", 5, Range.closedCount(1, 99)),
                keys.choice("scale", OptimizerRecipe.Muon.Scale.ORIGINAL, OptimizerRecipe.Muon.Scale.values()),
                weightDecay(keys, 0.1),
                keys.need("adamw", "map", "", ", for embeddings, heads and vectors; as adamw: {learning_rate: 3e-4}",
                        node -> node.map(other -> adamW(learningRate(other), other))));
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
                learningRate, momentum, dampening, nesterov, weightDecay(keys, 0), decayed(keys));
    }

    static ClippingRecipe clipping(Node node) {
        return node.isWord("none")
                ? new ClippingRecipe.None()
                : node.map(keys -> new ClippingRecipe.Norm(keys.number("norm", Range.above(0))));
    }
}

package dev.cultivar.recipe;

/// Writes an optimizer as [OptimizerReader] reads it.
final class OptimizerWriter {
    private OptimizerWriter() {}

    static Entries optimizer(OptimizerRecipe optimizer) {
        return switch (optimizer) {
            case OptimizerRecipe.AdamW adamW -> adamW(of("adamw", adamW), adamW);
            case OptimizerRecipe.Adam adam -> decay(
                    of("adam", adam)
                            .numbers("betas", adam.beta1(), adam.beta2())
                            .number("epsilon", adam.epsilon())
                            .flag("amsgrad", adam.amsgrad()),
                    adam.weightDecay(),
                    adam.decayed());
            case OptimizerRecipe.Adamax adamax -> decay(
                    of("adamax", adamax).numbers("betas", adamax.beta1(), adamax.beta2()).number("epsilon", adamax.epsilon()),
                    adamax.weightDecay(),
                    adamax.decayed());
            case OptimizerRecipe.NAdam nAdam -> decay(
                    of("nadam", nAdam)
                            .numbers("betas", nAdam.beta1(), nAdam.beta2())
                            .number("epsilon", nAdam.epsilon())
                            .number("momentum_decay", nAdam.momentumDecay()),
                    nAdam.weightDecay(),
                    nAdam.decayed());
            case OptimizerRecipe.RAdam rAdam -> decay(
                    of("radam", rAdam).numbers("betas", rAdam.beta1(), rAdam.beta2()).number("epsilon", rAdam.epsilon()),
                    rAdam.weightDecay(),
                    rAdam.decayed());
            case OptimizerRecipe.Adagrad adagrad -> decay(
                    of("adagrad", adagrad)
                            .number("rate_decay", adagrad.rateDecay())
                            .number("accumulator", adagrad.accumulator())
                            .number("epsilon", adagrad.epsilon()),
                    adagrad.weightDecay(),
                    adagrad.decayed());
            case OptimizerRecipe.Adadelta adadelta -> decay(
                    of("adadelta", adadelta).number("rho", adadelta.rho()).number("epsilon", adadelta.epsilon()),
                    adadelta.weightDecay(),
                    adadelta.decayed());
            case OptimizerRecipe.RmsProp rmsProp -> decay(
                    of("rmsprop", rmsProp)
                            .number("alpha", rmsProp.alpha())
                            .number("epsilon", rmsProp.epsilon())
                            .number("momentum", rmsProp.momentum())
                            .flag("centered", rmsProp.centered()),
                    rmsProp.weightDecay(),
                    rmsProp.decayed());
            case OptimizerRecipe.Sgd sgd -> decay(
                    of("sgd", sgd)
                            .number("momentum", sgd.momentum())
                            .number("dampening", sgd.dampening())
                            .flag("nesterov", sgd.nesterov()),
                    sgd.weightDecay(),
                    sgd.decayed());
            case OptimizerRecipe.Lion lion ->
                decay(of("lion", lion).numbers("betas", lion.beta1(), lion.beta2()), lion.weightDecay(), lion.decayed());
            case OptimizerRecipe.Adafactor adafactor -> adafactor(adafactor);
            case OptimizerRecipe.Muon muon -> muon(muon);
            case OptimizerRecipe.Custom(String name, double learningRate, Parameters parameters) ->
                Entries.custom(name).number("learning_rate", learningRate).parameters(parameters);
        };
    }

    private static Entries of(String kind, OptimizerRecipe optimizer) {
        return Entries.kind(kind).number("learning_rate", optimizer.learningRate());
    }

    private static Entries decay(Entries entries, double weightDecay, OptimizerRecipe.Decayed decayed) {
        return entries.number("weight_decay", weightDecay).word("decay", decayed);
    }

    private static Entries adamW(Entries entries, OptimizerRecipe.AdamW adamW) {
        return decay(
                entries.numbers("betas", adamW.beta1(), adamW.beta2()).number("epsilon", adamW.epsilon()),
                adamW.weightDecay(),
                adamW.decayed());
    }

    private static Entries adafactor(OptimizerRecipe.Adafactor adafactor) {
        return decay(
                of("adafactor", adafactor)
                        .flag("relative_step", adafactor.relativeStep())
                        .flag("scale_parameter", adafactor.scaleParameter())
                        .number("decay_rate", adafactor.decayRate())
                        .number("clip_threshold", adafactor.clipThreshold())
                        .number("epsilon", adafactor.epsilon())
                        .number("momentum", adafactor.momentum()),
                adafactor.weightDecay(),
                adafactor.decayed());
    }

    private static Entries muon(OptimizerRecipe.Muon muon) {
        return of("muon", muon)
                .number("momentum", muon.momentum())
                .flag("nesterov", muon.nesterov())
                .whole("iterations", muon.iterations())
                .word("scale", muon.scale())
                .number("weight_decay", muon.weightDecay())
                .map("adamw", adamW(Entries.of().number("learning_rate", muon.adamW().learningRate()), muon.adamW()));
    }
}

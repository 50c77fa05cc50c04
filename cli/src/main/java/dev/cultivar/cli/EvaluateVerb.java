package dev.cultivar.cli;

import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The options of `evaluate`.
@Command(name = "evaluate", description = "Measures a model: each metric with its interval.", sortOptions = false)
final class EvaluateVerb implements Verb {
    @Parameters(index = "0", paramLabel = "RUN", description = "A run folder, a checkpoint, a Hugging Face folder, minilm, or hf:org/name; RUN#HEAD of one with several heads.")
    private String run = "";

    @Option(
            names = "--task",
            paramLabel = "TASK",
            description = "What to measure on; may be given several times. Default: what the recipe's own evaluation says.")
    private List<String> tasks = List.of();

    @Option(
            names = "--judge",
            paramLabel = "CLASSIFIER",
            description = "Of a model that draws pictures: a run or checkpoint of a classifier of pictures, by whose features they are compared with held-out ones.")
    private Optional<String> judge = Optional.empty();

    @Mixin
    private final ExtensionsOption extensions = new ExtensionsOption();


    @Override
    public Work work() {
        return new EvaluateWork(run, tasks, judge, extensions.jars());
    }
}

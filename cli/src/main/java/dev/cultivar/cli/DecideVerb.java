package dev.cultivar.cli;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The options of `decide`.
@Command(
        name = "decide",
        description = {
            "Finds on held-out rows how a classifier should answer: calibrated probabilities, a threshold by what mistakes cost,",
            "when to say that it is unsure, which texts are like none it has learned from. predict then follows it."
        },
        sortOptions = false)
final class DecideVerb implements Verb {
    @Parameters(index = "0", paramLabel = "RUN", description = "A run folder of a classifier; RUN#HEAD of one with several heads.")
    private Path run = Path.of("");

    @Option(names = "--task", paramLabel = "TASK", description = "The rows to decide by. Default: validation.")
    private String task = "validation";

    @Option(names = "--no-calibration", description = "Leave probabilities as the model says them.")
    private boolean uncalibrated;

    @Option(
            names = "--cost",
            paramLabel = "LABEL=MISSED:FALSE",
            description = "What a row of the label costs that is taken for the other, and the other way round, as spam=1:10.")
    private Optional<String> cost = Optional.empty();

    @Option(names = "--accuracy", paramLabel = "SHARE", description = "Answer as many rows as can be, with at least this share right; unsure about the rest.")
    private Optional<Double> accuracy = Optional.empty();

    @Option(names = "--coverage", paramLabel = "SHARE", description = "Answer this share of the rows, the surest; unsure about the rest.")
    private Optional<Double> coverage = Optional.empty();

    @Option(names = "--in-scope", paramLabel = "SHARE", description = "Take so large a share of the held-out rows as in scope; texts beyond are out of scope.")
    private Optional<Double> keep = Optional.empty();

    @Mixin
    private final ExtensionsOption extensions = new ExtensionsOption();

    @Override
    public Work work() {
        return new DecideWork(run, task, !uncalibrated, cost, accuracy, coverage, keep, extensions.jars());
    }
}

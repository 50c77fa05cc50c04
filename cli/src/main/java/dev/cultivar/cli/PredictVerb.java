package dev.cultivar.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The options of `predict`.
@Command(
        name = "predict",
        description = "Answers for texts or pictures, or for the rows of a file: labels, values, spans, whatever the model was trained for.",
        sortOptions = false)
final class PredictVerb implements Verb {
    @Parameters(index = "0", paramLabel = "RUN", description = "A run folder, a checkpoint, or a Hugging Face folder; RUN#HEAD of one with several heads.")
    private String run = "";

    @Parameters(index = "1..*", paramLabel = "TEXT", description = "The texts; of a model that answers questions, the questions; of one that looks at pictures, their files.")
    private List<String> texts = List.of();

    @Option(names = "--pair", paramLabel = "TEXT", description = "A second text that is read with each: what holds a question's answer.")
    private Optional<String> pair = Optional.empty();

    @Option(names = "--input", paramLabel = "FILE", description = "A table with the recipe's columns, instead of texts; of any size.")
    private Optional<Path> input = Optional.empty();

    @Option(
            names = "--output",
            paramLabel = "FILE",
            description = "Where answers go, one JSON object a line, in the rows' order. The same command goes on where it was cut off."
                    + " Default: standard output.")
    private Optional<Path> output = Optional.empty();

    @Option(
            names = "--set-aside",
            paramLabel = "FILE",
            description = "Where rows are listed that have no text to answer for. Default: such a row is an error.")
    private Optional<Path> aside = Optional.empty();

    @Mixin
    private final ExtensionsOption extensions = new ExtensionsOption();

    @Override
    public Work work() {
        return new PredictWork(run, texts, pair, input, output, aside, extensions.jars());
    }
}

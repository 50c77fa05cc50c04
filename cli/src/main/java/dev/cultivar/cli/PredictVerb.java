package dev.cultivar.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The options of `predict`.
@Command(name = "predict", description = "Answers for texts, or for the rows of a file.", sortOptions = false)
final class PredictVerb implements Verb {
    @Parameters(index = "0", paramLabel = "RUN", description = "A run folder, a checkpoint, a Hugging Face folder, minilm, or hf:org/name.")
    private String run = "";

    @Parameters(index = "1..*", paramLabel = "TEXT", description = "The texts.")
    private List<String> texts = List.of();

    @Option(names = "--input", paramLabel = "FILE", description = "A table with the recipe's columns, instead of texts.")
    private Optional<Path> input = Optional.empty();

    @Option(names = "--output", paramLabel = "FILE", description = "Where answers go, one JSON object a line. Default: standard output.")
    private Optional<Path> output = Optional.empty();

    @Mixin
    private final ExtensionsOption extensions = new ExtensionsOption();


    @Override
    public Work work() {
        return new PredictWork(run, texts, input, output, extensions.jars());
    }
}

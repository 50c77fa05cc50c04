package dev.cultivar.cli;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The options of `tokenizer train`.
@Command(name = "train", description = "Trains a WordPiece tokenizer on text and writes a tokenizer.json.", sortOptions = false)
final class TokenizerTrainVerb implements Verb {
    @Parameters(index = "0..*", arity = "1..*", paramLabel = "FILE", description = "UTF-8 text, one row a line.")
    private List<Path> files = List.of();

    @Option(names = "--out", paramLabel = "FILE", required = true, description = "The tokenizer.json to write.")
    private Path out = Path.of("");

    @Option(
            names = "--vocabulary",
            paramLabel = "N",
            defaultValue = "4096",
            description = "Pieces, special ones included; default ${DEFAULT-VALUE}.")
    private int vocabulary;

    @Option(
            names = "--min-frequency",
            paramLabel = "N",
            defaultValue = "2",
            description = "Pairs seen less often are not merged; default ${DEFAULT-VALUE}.")
    private int minFrequency;

    @Option(names = "--cased", description = "Keep case and accents; otherwise both are folded.")
    private boolean cased;


    @Override
    public Work work() {
        return new TokenizerTrainWork(files, out, vocabulary, minFrequency, !cased);
    }
}

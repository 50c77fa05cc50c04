package dev.cultivar.cli;

import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The options of `export`.
@Command(
        name = "export",
        description = "Hands a model on, once what was written is opened again and agrees with its source.",
        sortOptions = false)
final class ExportVerb implements Verb {
    @Parameters(index = "0", paramLabel = "RUN", description = "A run folder, a checkpoint, a Hugging Face folder, minilm, or hf:org/name; RUN#HEAD of one with several heads.")
    private String run = "";

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            required = true,
            description = "safetensors: a Hugging Face folder; adapter: a PEFT folder.")
    private String format = "";

    @Option(names = "--merge", description = "Work an adapter into its base.")
    private boolean merge;

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "The folder to make.")
    private Path out = Path.of("");

    @Mixin
    private final ExtensionsOption extensions = new ExtensionsOption();

    @Override
    public Work work() {
        return new ExportWork(run, format, merge, out, extensions.jars());
    }
}

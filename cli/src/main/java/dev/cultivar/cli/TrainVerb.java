package dev.cultivar.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The options of `train`.
@Command(name = "train", description = "Trains what a recipe describes.", sortOptions = false)
final class TrainVerb implements Verb {
    @Parameters(index = "0", paramLabel = "RECIPE", description = "A recipe file, for example recipes/bert-mini.yaml.")
    private Path recipe = Path.of("");

    @Parameters(
            index = "1..*",
            paramLabel = "KEY=VALUE",
            description = "Replaces the recipe's node at a dotted path, for example horizon='{steps: 100}'.")
    private List<String> overrides = List.of();

    @Option(names = "--dry-run", description = "Check the recipe, print it resolved, and start nothing.")
    private boolean dryRun;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "The run's folder; it must not exist yet, unless the run is resumed. Default: runs/NAME-TIME.")
    private Optional<Path> out = Optional.empty();

    @Option(names = "--resume", description = "Go on from the last checkpoint in --out, or start where there is none.")
    private boolean resume;

    @Mixin
    private final ExtensionsOption extensions = new ExtensionsOption();


    @Override
    public Work work() {
        return new TrainWork(recipe, overrides, dryRun, out, resume, extensions.jars());
    }
}

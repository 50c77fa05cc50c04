package dev.cultivar.cli;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/// The jars that bring a user's own backbones, objectives, strategies and data.
final class ExtensionsOption {
    @Option(
            names = "--extensions",
            paramLabel = "JAR",
            description = "A jar with members of your own; may be given several times. Its hash is recorded in the run.")
    private List<Path> jars = List.of();

    List<Path> jars() {
        return jars;
    }
}

package dev.cultivar.cli;

import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// The options of `runs`.
@Command(name = "runs", description = "Lists the run folders: how far each one came, and what it takes on disk.", sortOptions = false)
final class RunsVerb implements Verb {
    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "DIR",
            defaultValue = "runs",
            description = "The folder to look in; default ${DEFAULT-VALUE}.")
    private Path folder = Path.of("");


    @Override
    public Work work() {
        return new RunsWork(folder);
    }
}

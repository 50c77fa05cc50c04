package dev.cultivar.cli;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The options of `report`.
@Command(name = "report", description = "Writes a run's or a study's report: one HTML file that needs nothing else.", sortOptions = false)
final class ReportVerb implements Verb {
    @Parameters(index = "0", paramLabel = "RUN", description = "A run folder, or a study's folder of runs.")
    private Path run = Path.of("");

    @Option(names = "--out", paramLabel = "FILE", description = "Where the report goes. Default: report.html in the folder.")
    private Optional<Path> out = Optional.empty();

    @Option(
            names = "--attention",
            paramLabel = "TEXT",
            description = "Shows what each layer attends to in a text; for a model that looks at pictures, in a picture's file. RUN may then be"
                    + " any model that predict takes; where it is no run folder, the report is attention.html in the working folder.")
    private Optional<String> attention = Optional.empty();

    @Option(names = "--pair", paramLabel = "TEXT", description = "A second text that is read with that of --attention.")
    private Optional<String> pair = Optional.empty();

    @Override
    public Work work() {
        return new ReportWork(run, out, attention, pair);
    }
}

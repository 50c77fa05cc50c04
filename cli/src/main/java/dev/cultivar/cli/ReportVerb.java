package dev.cultivar.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The options of `report`.
@Command(name = "report", description = "Writes a run's or a study's report: one HTML file that needs nothing else.", sortOptions = false)
final class ReportVerb implements Verb {
    @Parameters(index = "0", paramLabel = "RUN", description = "A run folder, or a study's folder of runs. With --attention or --picture any model that predict takes.")
    private Path run = Path.of("");

    @Option(names = "--out", paramLabel = "FILE", description = "Where the report goes. Default: report.html in the folder; of a model that is no run, in the working folder.")
    private Optional<Path> out = Optional.empty();

    @Option(
            names = "--examples",
            description = "Shows the held-out rows that a classifier misread most surely, whatever the recipe says; of pictures also what spoke for each class.")
    private boolean examples;

    @Option(
            names = "--picture",
            paramLabel = "FILE",
            description = "Shows a picture, what the classifier says of it, and what in it speaks for that; may be given several times.")
    private List<Path> pictures = List.of();

    @Option(
            names = "--attention",
            paramLabel = "TEXT",
            description = "Shows what each layer attends to in a text; for a model that looks at pictures, in a picture's file.")
    private Optional<String> attention = Optional.empty();

    @Option(names = "--pair", paramLabel = "TEXT", description = "A second text that is read with that of --attention.")
    private Optional<String> pair = Optional.empty();

    @Mixin
    private final ExtensionsOption extensions = new ExtensionsOption();

    @Override
    public Work work() {
        List<Exhibit> exhibits = new ArrayList<>();
        if (!pictures.isEmpty()) {
            exhibits.add(new PicturesExhibit(pictures));
        }
        if (attention.isPresent() || pair.isPresent()) {
            exhibits.add(new AttentionExhibit(attention, pair));
        }
        return new ReportWork(run, out, examples, exhibits, extensions.jars());
    }
}

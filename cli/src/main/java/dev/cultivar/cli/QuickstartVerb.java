package dev.cultivar.cli;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// The options of `quickstart`.
@Command(name = "quickstart", description = "The main job on embedded data: pretrain, post-train in five ways, compare with a published model, report.", sortOptions = false)
final class QuickstartVerb implements Verb {
    @Option(
            names = "--labels",
            paramLabel = "N",
            defaultValue = "500",
            description = "Labelled rows to post-train with; default ${DEFAULT-VALUE}.")
    private int labels;

    @Option(
            names = "--minutes",
            paramLabel = "N",
            description = "Bound pretraining by time instead of tokens. Only the default, in tokens, gives the same figures twice.")
    private Optional<Double> minutes = Optional.empty();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "runs/quickstart",
            description = "Where the runs and the report go; what is already done there is not done again. Default ${DEFAULT-VALUE}.")
    private Path out = Path.of("");


    @Override
    public Work work() {
        return new QuickstartWork(labels, minutes, out);
    }
}

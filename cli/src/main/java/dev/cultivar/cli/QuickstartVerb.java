package dev.cultivar.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// The options of `quickstart`.
@Command(
        name = "quickstart",
        description = "The main job on embedded data: pretrain, post-train in several ways, compare, report. On words: with a published model beside"
                + " it. On digits: over label counts, on drawings or on MNIST's files.",
        sortOptions = false)
final class QuickstartVerb implements Verb {
    @Option(names = "--task", paramLabel = "words|digits", defaultValue = "words", description = "What is learned; default ${DEFAULT-VALUE}.")
    private String task = "";

    @Option(
            names = "--labels",
            paramLabel = "N",
            split = ",",
            description = "Labelled rows to post-train with; default 500. Of digits several counts, as 100,1000, which is the default.")
    private List<Integer> labels = List.of();

    @Option(
            names = "--minutes",
            paramLabel = "N",
            description = "Words: bound pretraining by time instead of tokens. Only the default, in tokens, gives the same figures twice.")
    private Optional<Double> minutes = Optional.empty();

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Digits: a folder with MNIST's train-images-idx3-ubyte.gz and train-labels-idx1-ubyte.gz. Default: digits are drawn.")
    private Optional<Path> data = Optional.empty();

    @Option(
            names = "--networks",
            paramLabel = "NAME",
            split = ",",
            defaultValue = "cnn",
            description = "Digits: which networks are compared, of mlp, cnn, lenet, vgg (a narrow one) and vit; default ${DEFAULT-VALUE}.")
    private List<String> networks = List.of();

    @Option(names = "--seeds", paramLabel = "N", defaultValue = "1", description = "Digits: runs of each, with other draws; default ${DEFAULT-VALUE}.")
    private int seeds;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Where the runs and the report go; what is already done there is not done again. Default: runs/quickstart, of digits"
                    + " runs/quickstart-digits.")
    private Optional<Path> out = Optional.empty();

    @Override
    public Work work() {
        return new QuickstartChoice(task, labels, minutes, data, networks, seeds, out);
    }
}

package dev.cultivar.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The options of `study`.
@Command(
        name = "study",
        description = "Compares ways to read digits over how many labels there are, on drawings or on MNIST's files: trains what is not trained yet,"
                + " prints one table, writes a report.",
        footer = {
            "",
            "NAME is one of:",
            "  digits                   pretraining on drawings, beside no pretraining",
            "  pretraining              pretraining without labels, beside drawings with them",
            "  semi-supervised          FixMatch and a GAN's critic, beside labels alone",
            "  generative-classifier    a VAE by likelihood, beside a classifier",
            "  generative-augmentation  labels and a GAN's drawings, beside labels alone",
        },
        sortOptions = false)
final class StudyVerb implements Verb {
    @Parameters(index = "0", paramLabel = "NAME", description = "Which study; they are listed below.")
    private String name = "";

    @Parameters(
            index = "1..*",
            paramLabel = "KEY=VALUE",
            description = "Replaces a node of all recipes of the study, or, with a recipe's name and a colon before it, of that one:"
                    + " digits-pretrain:horizon='{epochs: 1}'.")
    private List<String> overrides = List.of();

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "A folder with MNIST's train-images-idx3-ubyte.gz and train-labels-idx1-ubyte.gz. Default: digits are drawn.")
    private Optional<Path> data = Optional.empty();

    @Option(names = "--labels", paramLabel = "N", split = ",", description = "Counts of labelled pictures; default is the study's own, as 100,1000.")
    private List<Integer> labels = List.of();

    @Option(
            names = "--networks",
            paramLabel = "NAME",
            split = ",",
            description = "Which networks, of mlp, cnn, lenet, vgg (a narrow one) and vit; default is the study's own.")
    private List<String> networks = List.of();

    @Option(names = "--seeds", paramLabel = "N", defaultValue = "1", description = "Runs of each, with other draws; default ${DEFAULT-VALUE}.")
    private int seeds;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Where the runs and the report go; what is already done there is not done again. Default: runs/study-NAME.")
    private Optional<Path> out = Optional.empty();

    @Override
    public Work work() {
        return new StudyChoice(name, overrides, data, labels, networks, seeds, out);
    }
}

package dev.cultivar.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The options of `generate`.
@Command(
        name = "generate",
        description = "Goes on with texts: prints each prompt and what follows it, as it comes where there is one. Of a GAN or a VAE, draws pictures.",
        sortOptions = false)
final class GenerateVerb implements Verb {
    @Parameters(index = "0", paramLabel = "RUN", description = "A run folder, a checkpoint, a Hugging Face folder, minilm, or hf:org/name.")
    private String run = "";

    @Option(
            names = "--prompt",
            paramLabel = "TEXT",
            description = "The text to go on from; - reads it from standard input, less a line break at its end. May be given several times.")
    private List<String> prompts = List.of();

    @Option(
            names = "--tokens",
            paramLabel = "N",
            description = "At most so many new tokens; more than the model has positions for are refused. Default: 200, or what fits.")
    private Optional<Integer> tokens = Optional.empty();

    @Option(names = "--temperature", paramLabel = "T", description = "Below 1 likelier, above 1 wilder. Default: 1, the model's own.")
    private Optional<Double> temperature = Optional.empty();

    @Option(names = "--top-k", paramLabel = "K", description = "Only the K likeliest tokens. Default: all.")
    private Optional<Integer> topK = Optional.empty();

    @Option(names = "--top-p", paramLabel = "P", description = "Only the likeliest tokens that together have this probability. Default: all.")
    private Optional<Double> topP = Optional.empty();

    @Option(names = "--min-p", paramLabel = "P", description = "Only tokens of at least this share of the likeliest one's probability. Default: all.")
    private Optional<Double> minP = Optional.empty();

    @Option(names = "--greedy", description = "Always the likeliest token.")
    private boolean greedy;

    @Option(names = "--repetition-penalty", paramLabel = "R", description = "Above 1, what was said becomes less likely. Default: 1.")
    private double repetitionPenalty = 1;

    @Option(names = "--seed", paramLabel = "S", description = "Of the draws; the same one gives the same text. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--slide",
            description = "Where the model's positions end, go on from the last half of them.")
    private boolean slide;

    @Option(names = "--count", paramLabel = "N", description = "Pictures: how many. Default: 16.")
    private Optional<Integer> count = Optional.empty();

    @Option(
            names = "--label",
            paramLabel = "L",
            description = "Pictures: of which class. Default: of a model that makes pictures of classes, all of them in turn.")
    private Optional<String> label = Optional.empty();

    @Option(names = "--out", paramLabel = "DIR", description = "Pictures: the folder that they are written to as PNG files, beside a sheet of them all.")
    private Optional<Path> out = Optional.empty();

    @Mixin
    private final ExtensionsOption extensions = new ExtensionsOption();

    @Override
    public Work work() {
        boolean words = tokens.isPresent() || temperature.isPresent() || topK.isPresent() || topP.isPresent() || minP.isPresent() || greedy || slide;
        var texts = new GenerateWork(
                run,
                prompts,
                tokens,
                new GenerateWork.Choice(greedy, repetitionPenalty, temperature, topK, topP, minP, seed),
                slide,
                extensions.jars());
        return new GenerateChoice(texts, words, count, label, out);
    }
}

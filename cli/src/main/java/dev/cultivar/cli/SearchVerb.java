package dev.cultivar.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The options of `search`.
@Command(
        name = "search",
        description = "Finds the texts or pictures whose vectors lie nearest to those of a text or picture: what a model finds alike.",
        sortOptions = false)
final class SearchVerb implements Verb {
    @Parameters(
            index = "0",
            paramLabel = "RUN",
            description = "A run folder, a checkpoint, a Hugging Face folder, minilm, or hf:org/name: an embedding, or any encoder of texts or backbone of pictures.")
    private String run = "";

    @Parameters(index = "1..*", paramLabel = "QUERY", description = "The texts to search for; of a model that looks at pictures, their files.")
    private List<String> queries = List.of();

    @Option(
            names = "--among",
            paramLabel = "PLACE",
            required = true,
            description = "What is searched: a folder of pictures, in whatever folders they lie; a table; or a text file, whose lines are texts.")
    private Path among = Path.of("");

    @Option(names = "--column", paramLabel = "NAME", description = "The table's column with the texts, or the pictures' files. Default: the recipe's.")
    private Optional<String> column = Optional.empty();

    @Option(names = "--top", paramLabel = "N", description = "How many are shown. Default: ${DEFAULT-VALUE}.")
    private int top = 5;

    @Option(
            names = "--index",
            paramLabel = "FILE",
            description = "Keeps the vectors, so that they are computed once: built where the file is absent, and again where what is searched has changed."
                    + " One of another model or place is refused.")
    private Optional<Path> index = Optional.empty();

    @Option(names = "--leave-out", description = "Leaves out what cannot be read. Default: it is listed, and nothing is searched.")
    private boolean leaveOut;

    @Mixin
    private final ExtensionsOption extensions = new ExtensionsOption();

    @Override
    public Work work() {
        return new SearchWork(run, queries, among, column, top, index, leaveOut, extensions.jars());
    }
}

package dev.cultivar.corpus;

import dev.cultivar.batch.DataException;
import dev.cultivar.recipe.CorpusRecipe;
import dev.cultivar.recipe.CorpusRecipe.Step;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/// A process of its own that tokenises: what a test kills, or gives little memory or disk.
final class CorpusChild {
    private CorpusChild() {}

    /// Starts `main` with arguments under a shell's limits, for example `ulimit -f 64;`, or none.
    static Process start(String limits, String memory, String... arguments) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = new ArrayList<>(List.of("bash", "-c", limits + " exec \"$@\"", "bash"));
        command.addAll(List.of(java, memory, "-XX:+UseSerialGC", "-XX:-UsePerfData", "--enable-native-access=ALL-UNNAMED"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), CorpusChild.class.getName()));
        command.addAll(Arrays.asList(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    public static void main(String[] arguments) {
        Path folder = Path.of(arguments[1]);
        try {
            switch (arguments[0]) {
                case "generated" -> generated(folder);
                case "file" -> file(folder, Path.of(arguments[2]));
                default -> throw new IllegalArgumentException(arguments[0]);
            }
        } catch (DataException refused) {
            System.out.println("refused " + refused.getMessage());
        }
    }

    static Documents documents() {
        return new Generated(5, 3_000, 200);
    }

    static TokenStream tokens(Documents documents, Path folder) {
        return Tokenisation.of(documents, new HashedPieces(60_000), OptionalInt.of(0), folder, 50_000);
    }

    private static void generated(Path folder) {
        Documents told = new Documents() {
            private boolean second;

            @Override
            public String name() {
                return "told";
            }

            @Override
            public void each(Sink sink) {
                int[] count = {0};
                documents().each(document -> {
                    sink.document(document);
                    if (second && ++count[0] % 100 == 0) {
                        System.out.println("read " + count[0]);
                    }
                });
                second = true;
            }
        };
        try (TokenStream stream = tokens(told, folder)) {
            System.out.println("done " + stream.length());
        }
    }

    private static void file(Path folder, Path file) {
        CorpusRecipe.Source source = new CorpusRecipe.Source(CorpusRecipe.Place.Files.of(file.toString()), 1, CorpusRecipe.Document.PARAGRAPH,
                "text", CorpusRecipe.Invalid.REFUSE, CorpusRecipe.Nul.REFUSE);
        var recipe = new CorpusRecipe(List.of(source), List.of(new Step.ExactDuplicates(), new Step.NearDuplicates(0.8, 5, 5, 6, 1)));
        try (Corpus corpus = Corpus.open(recipe, 0.1, 0, List.of(), folder, Progress.NONE);
                TokenStream stream = corpus.tokens(Corpus.Part.TRAIN, new HashedPieces(60_000), OptionalInt.of(0), folder).getFirst()) {
            System.out.println("done " + stream.length() + " " + stream.documents() + " heap " + ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getMax());
        }
    }
}

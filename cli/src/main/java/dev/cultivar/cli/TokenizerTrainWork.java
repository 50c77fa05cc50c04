package dev.cultivar.cli;

import dev.cultivar.data.Example;
import dev.cultivar.data.Examples;
import dev.cultivar.data.RowReader;
import dev.cultivar.data.WholeText;
import dev.cultivar.recipe.DataRecipe;
import dev.cultivar.recipe.RecipeException;
import dev.cultivar.recipe.TokenizerRecipe;
import dev.cultivar.run.TokenizerTraining;
import dev.cultivar.text.Trained;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Trains a tokenizer.
record TokenizerTrainWork(List<Path> files, Path out, Asked asked) implements Work {
    /// What `tokenizer_config.json` says of the longest row; models have their own bound.
    private static final int LONGEST = 512;

    @Override
    public Exit run(Console console) throws IOException {
        var recipe = asked.recipe();
        Path folder = folder();
        var trained = TokenizerTraining.train(recipe, this::each);
        try (var tokenizer = trained.tokenizer()) {
            Files.createDirectories(folder);
            tokenizer.save(folder, LONGEST);
            console.document(Map.of(
                    "folder", folder.toString(), "pieces", trained.pieces(), "alphabet", trained.alphabet(), "words", trained.words()));
            console.line(said(trained) + ": " + folder.resolve("tokenizer.json"));
            int wanted = asked.kind().equals("chars") ? 0 : asked.pieces();
            if (trained.pieces() < wanted) {
                console.note("The text has no more pieces than these that occur %d times; %,d were asked for."
                        .formatted(asked.frequency(), wanted));
            }
            return Exit.DONE;
        }
    }

    private String said(Trained trained) {
        return switch (asked.kind()) {
            case "chars" -> "%,d pieces, from %,d characters".formatted(trained.pieces(), trained.words());
            case "words" -> "%,d pieces, from %,d words".formatted(trained.pieces(), trained.words());
            default -> "%,d pieces, %,d of them %s, from %,d words".formatted(
                    trained.pieces(), trained.alphabet(), asked.kind().equals("bpe") ? "bytes" : "characters", trained.words());
        };
    }

    private Path folder() {
        boolean named = out.getFileName().toString().endsWith(".json");
        Path folder = named ? out.toAbsolutePath().getParent() : out;
        if (named && !out.getFileName().toString().equals("tokenizer.json") || folder == null) {
            throw new RecipeException("--out must be a folder, or a file named tokenizer.json in one, got " + out);
        }
        return folder;
    }

    /// Texts as they stand, with their line ends; of a table the column `text`.
    private void each(Consumer<String> to) {
        for (Path file : files) {
            Examples rows = RowReader.open(new DataRecipe.Source.Table(file, ""), new DataRecipe.Columns("text", "", ""));
            if (rows.plainText()) {
                WholeText.each(file, to);
            } else {
                rows.each((Example example) -> to.accept(example.text()));
            }
        }
    }

    /// What was said on the command line; what fits no tokenizer of the kind is refused.
    record Asked(
            String kind,
            Optional<Integer> vocabulary,
            Optional<Integer> minFrequency,
            boolean cased,
            List<String> special,
            Optional<String> ties,
            boolean noUnknown) {
        private static final String END_OF_TEXT = "<|endoftext|>";

        TokenizerRecipe.Learned recipe() {
            refuse(cased, "--cased", "wordpiece", "words");
            refuse(!special.isEmpty(), "--special", "bpe", "chars");
            refuse(ties.isPresent(), "--ties", "bpe");
            refuse(noUnknown, "--no-unknown", "chars");
            refuse(vocabulary.isPresent(), "--vocabulary", "wordpiece", "bpe", "words");
            refuse(minFrequency.isPresent(), "--min-frequency", "wordpiece", "bpe", "words");
            return switch (kind) {
                case "wordpiece" -> new TokenizerRecipe.WordPiece(pieces(), frequency(), !cased);
                case "bpe" ->
                    new TokenizerRecipe.BytePair(pieces(), frequency(), special.isEmpty() ? List.of(END_OF_TEXT) : special, order());
                case "chars" -> new TokenizerRecipe.Characters(!noUnknown, special);
                case "words" -> new TokenizerRecipe.Words(pieces(), frequency(), !cased);
                default -> throw new RecipeException("--kind must be one of wordpiece, bpe, chars, words, got " + kind);
            };
        }

        int pieces() {
            return vocabulary.orElse(4096);
        }

        int frequency() {
            return minFrequency.orElse(2);
        }

        private TokenizerRecipe.Ties order() {
            return switch (ties.orElse("text").toLowerCase(Locale.ROOT)) {
                case "text" -> TokenizerRecipe.Ties.TEXT;
                case "ids" -> TokenizerRecipe.Ties.IDS;
                default -> throw new RecipeException("--ties must be one of text, ids, got " + ties.orElse(""));
            };
        }

        private void refuse(boolean given, String option, String... kinds) {
            if (given && !List.of(kinds).contains(kind)) {
                throw new RecipeException(option + " is for --kind " + String.join(" or ", kinds) + ", got --kind " + kind + "; leave it out");
            }
        }
    }
}

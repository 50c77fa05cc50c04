package dev.cultivar.cli;

import dev.cultivar.data.Example;
import dev.cultivar.data.RowReader;
import dev.cultivar.recipe.DataRecipe;
import dev.cultivar.recipe.RecipeException;
import dev.cultivar.text.WordPieceTrainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Trains a tokenizer.
record TokenizerTrainWork(List<Path> files, Path out, int vocabulary, int minFrequency, boolean lowercase) implements Work {
    /// What `tokenizer_config.json` says of the longest row; models have their own bound.
    private static final int LONGEST = 512;

    @Override
    public Exit run(Console console) throws IOException {
        List<String> texts = new ArrayList<>();
        for (Path file : files) {
            RowReader.open(new DataRecipe.Source.Table(file, ""), new DataRecipe.Columns("text", "", ""))
                    .each((Example example) -> texts.add(example.text()));
        }
        WordPieceTrainer.Trained trained;
        try {
            trained = WordPieceTrainer.train(texts, new WordPieceTrainer.Options(vocabulary, minFrequency, lowercase));
        } catch (IllegalArgumentException small) {
            throw new RecipeException("--vocabulary: " + small.getMessage());
        }
        try (var tokenizer = trained.tokenizer()) {
            boolean named = out.getFileName().toString().endsWith(".json");
            Path folder = named ? out.toAbsolutePath().getParent() : out;
            if (named && !out.getFileName().toString().equals("tokenizer.json") || folder == null) {
                throw new RecipeException("--out must be a folder, or a file named tokenizer.json in one, got " + out);
            }
            Files.createDirectories(folder);
            tokenizer.save(folder, LONGEST);
            console.document(Map.of(
                    "folder", folder.toString(), "pieces", trained.pieces(), "alphabet", trained.alphabet(), "words", trained.words()));
            console.line("%,d pieces, %,d of them characters, from %,d words: %s".formatted(
                    trained.pieces(), trained.alphabet(), trained.words(), folder.resolve("tokenizer.json")));
            if (trained.pieces() < vocabulary) {
                console.note("The text has no more pieces than these that occur %d times; %,d were asked for.".formatted(minFrequency, vocabulary));
            }
            return Exit.DONE;
        }
    }
}

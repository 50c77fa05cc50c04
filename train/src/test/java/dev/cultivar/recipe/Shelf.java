package dev.cultivar.recipe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The recipes that the project ships, and one that the tests vary.
final class Shelf {
    static final Path RECIPES = Path.of(System.getProperty("cultivar.root")).resolve("recipes");

    /// A recipe with all that is required and nothing else.
    static final String LEAST = """
            backbone: {kind: bert, layers: 2, width: 64, heads: 2, positions: 128}
            tokenizer: {kind: wordpiece, vocabulary: 2048}
            data:
              train: {file: book.txt}
            objective: {kind: masked_lm}
            optimizer: {kind: adamw, learning_rate: 1e-3}
            horizon: {steps: 100}
            batching: {rows: 8}
            """;

    private Shelf() {}

    static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(RECIPES)) {
            return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
        }
    }

    /// What line 1 of a recipe says that it must be given.
    static List<String> given(Path file) throws IOException {
        return Files.readAllLines(file).getFirst().contains("data.train.file=") ? List.of("data.train.file=given.csv") : List.of();
    }

    static Recipe least(String... overrides) {
        return RecipeReader.read(LEAST, "recipes/x.yaml", List.of(overrides));
    }
}

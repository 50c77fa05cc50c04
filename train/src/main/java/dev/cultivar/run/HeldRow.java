package dev.cultivar.run;

import dev.cultivar.data.Example;
import dev.cultivar.data.Examples;
import dev.cultivar.data.Parts;
import dev.cultivar.image.Picture;
import dev.cultivar.pictures.PicturePart;
import dev.cultivar.pictures.PictureParts;
import dev.cultivar.recipe.BatchingRecipe;
import dev.cultivar.recipe.DataRecipe;
import dev.cultivar.recipe.Recipe;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A row of a recipe's held-out rows as it was read, found again by the number that its batch told.
sealed interface HeldRow {

    /// Where it is, as `tickets.csv:1042`.
    String place();

    /// @param pair the second text, or empty
    record Text(String place, String text, String pair) implements HeldRow {}

    /// @param picture in the form that the recipe wants
    record Seen(String place, Picture picture) implements HeldRow {}

    /// Whether a recipe's rows can be read again: those that an extension makes cannot.
    static boolean readable(Recipe recipe) {
        return !(recipe.data() instanceof DataRecipe.Custom);
    }

    /// Reads a task's rows once more, up to the last of those that are asked for.
    ///
    /// @param task  of `evaluate.tasks`
    /// @param rows  the numbers, see [dev.cultivar.objective.Answers]
    /// @param cache where pictures are kept in the form that the recipe wants
    static Map<Long, HeldRow> of(Recipe recipe, String task, Set<Long> rows, Path cache) {
        return switch (recipe.data()) {
            case DataRecipe.Rows texts -> texts(recipe, part(Parts.open(texts, recipe.seed()), task), rows);
            case DataRecipe.Images images -> pictures(recipe, images, task, rows, cache);
            case DataRecipe.Tasks tasks -> tasks.tasks().keySet().stream()
                    .filter(name -> task.startsWith(name + "."))
                    .findFirst()
                    .map(name -> of(recipe.ofTask(name), task.substring(name.length() + 1), rows, cache))
                    .orElse(Map.of());
            case DataRecipe.Custom _ -> Map.of();
        };
    }

    private static Examples part(Parts parts, String name) {
        return switch (name) {
            case "validation" -> parts.validation().orElseThrow();
            case "test" -> parts.test().orElseThrow();
            default -> Optional.ofNullable(parts.also().get(name)).orElse(parts.train());
        };
    }

    /// A row of a text that is read in parts is known by its number in the source, any other by its place among the task's rows.
    private static Map<Long, HeldRow> texts(Recipe recipe, Examples part, Set<Long> rows) {
        boolean bySource = recipe.batching().longer() instanceof BatchingRecipe.Longer.Chunk;
        Map<Long, HeldRow> found = new HashMap<>();
        part.each(new Examples.Sink() {
            private long place;

            @Override
            public void row(Example example) {
                long number = bySource ? example.row() : place;
                place++;
                if (rows.contains(number)) {
                    found.put(number, new Text(part.place(example.row()), example.text(), example.pair()));
                }
            }
        });
        return found;
    }

    private static Map<Long, HeldRow> pictures(Recipe recipe, DataRecipe.Images images, String task, Set<Long> rows, Path cache) {
        Map<Long, HeldRow> found = new HashMap<>();
        try (var parts = PictureParts.open(images, recipe.seed(), true, cache)) {
            PicturePart part = (task.equals("test") ? parts.test() : parts.validation()).orElseThrow();
            for (int row = 0; row < part.size(); row++) {
                long number = part.rows()[row] + 1L;
                if (rows.contains(number)) {
                    found.put(number, new Seen(part.where(row), part.picture(row)));
                }
            }
        }
        return found;
    }
}

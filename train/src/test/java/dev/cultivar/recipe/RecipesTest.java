package dev.cultivar.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The recipes that ship, and the table of keys beside them.
class RecipesTest {

    @Test
    void everyRecipeIsReadAndWrittenWithoutLoss() throws IOException {
        List<Path> files = Shelf.files();
        assertThat(files).hasSize(35);
        for (Path file : files) {
            Recipe recipe = RecipeReader.read(file, Shelf.given(file));
            assertThat(RecipeReader.read(RecipeWriter.write(recipe), "resolved.yaml", List.of())).isEqualTo(recipe);
            assertThat(recipe.name() + ".yaml").isEqualTo(file.getFileName().toString());
        }
    }

    @Test
    void whatLineOneAsksForIsAllThatIsMissing() throws IOException {
        for (Path file : Shelf.files()) {
            assertThat(Files.readAllLines(file).getFirst()).startsWith("# ");
            if (!Shelf.given(file).isEmpty()) {
                RecipeException refused = catchThrowableOfType(RecipeException.class, () -> RecipeReader.read(file, List.of()));
                assertThat(refused.mistakes()).singleElement().asString()
                        .matches("\\Q" + file + "\\E:\\d+: data\\.train is missing; give it as data\\.train\\.file=FILE");
            }
        }
    }

    @Test
    void bertMiniTakesTheOverridesOfTheResumeCheck() {
        Recipe recipe = RecipeReader.read(Shelf.RECIPES.resolve("bert-mini.yaml"),
                List.of("data.train.file=input.txt", "horizon={steps: 300}", "checkpoint.every={steps: 20}"));
        assertThat(recipe.horizon()).isEqualTo(new HorizonRecipe.Steps(300));
        assertThat(recipe.checkpoint()).isEqualTo(new CheckpointRecipe(new Every.Steps(20), 2));
    }

    /// What the acceptance check `strict` does to the first recipe that has a learning rate.
    @Test
    void aMisspeltKeyAndAWrongTypeAreToldTogetherWithTheirLines() throws IOException {
        Path recipe = Shelf.RECIPES.resolve("bert-mini.yaml");
        String broken = Files.readString(recipe)
                .replace("learning_rate", "lerning_rate")
                .replaceAll("(?m)^seed:.*", "seed: banana");
        assertThat(broken).contains("seed: banana");
        RecipeException refused = catchThrowableOfType(RecipeException.class,
                () -> RecipeReader.read(broken, "/tmp/tmp.X1.yaml", List.of("data.train.file=a.txt")));
        assertThat(refused.mistakes()).containsExactly(
                "/tmp/tmp.X1.yaml:" + line(broken, "seed:") + ": seed must be a whole number, got banana",
                "/tmp/tmp.X1.yaml:" + line(broken, "  lerning_rate:")
                        + ": optimizer.lerning_rate is not a key; did you mean learning_rate?");
    }

    private static long line(String text, String start) {
        return text.lines().takeWhile(line -> !line.startsWith(start)).count() + 1;
    }

    @Test
    void theTableOfKeysIsThatOfTheReader() throws IOException {
        Set<String> inTable = new TreeSet<>();
        Pattern row = Pattern.compile("\\| `([^`]+)` \\|(.*?)\\|(.*?)\\|(.*?)\\|(.*?)\\| (.+) \\|");
        for (String line : Files.readAllLines(Shelf.RECIPES.resolve("README.md"))) {
            Matcher cells = row.matcher(line);
            if (!cells.matches()) {
                continue;
            }
            for (String path : expanded(cells.group(1))) {
                for (String kind : cells.group(2).strip().split(", ")) {
                    String key = row(path, kind, cells.group(3), cells.group(4), cells.group(5));
                    assertThat(inTable.add(key)).as("once in the table: %s", key).isTrue();
                }
            }
        }
        Set<String> inReader = new TreeSet<>();
        for (KnownKey key : RecipeReader.keys()) {
            inReader.add(row(key.path(), key.kind(), key.type(), key.otherwise(), key.bounds()));
        }
        assertThat(inReader).hasSizeGreaterThan(100);
        assertThat(inTable).isEqualTo(inReader);
    }

    private static String row(String path, String kind, String type, String otherwise, String bounds) {
        return String.join(" | ", path, kind, type.strip(), otherwise.strip(), bounds.strip());
    }

    /// `a.{b,c}.d` to `a.b.d` and `a.c.d`.
    private static List<String> expanded(String path) {
        int open = path.indexOf('{');
        if (open < 0) {
            return List.of(path);
        }
        int close = path.indexOf('}');
        return List.of(path.substring(open + 1, close).split(",")).stream()
                .map(choice -> path.substring(0, open) + choice + path.substring(close + 1))
                .toList();
    }

    @Test
    void aDamagedRecipeIsReadOrRefusedAndNothingElse() throws IOException {
        Random random = new Random(42);
        String alphabet = "{}[]:,-&*!|>'\"%@`#?~ \t\n\\0123456789abcxyz.eE\u0000\uD83D\u00e9\uFEFF";
        int refused = 0;
        int total = 0;
        for (Path file : Shelf.files()) {
            String sound = Files.readString(file);
            for (int i = 0; i < 200; i++, total++) {
                StringBuilder text = new StringBuilder(sound);
                for (int edits = 1 + random.nextInt(4); edits > 0; edits--) {
                    int at = random.nextInt(text.length());
                    int end = Math.min(text.length(), at + random.nextInt(6));
                    text.replace(at, end, alphabet.substring(random.nextInt(alphabet.length())).substring(0, 1));
                }
                try {
                    RecipeReader.read(text.toString(), "x.yaml", List.of());
                } catch (RecipeException expected) {
                    assertThat(expected.mistakes()).isNotEmpty().allMatch(mistake -> mistake.startsWith("x.yaml"));
                    refused++;
                }
            }
        }
        assertThat(refused).isBetween(total / 2, total);
    }
}

package dev.cultivar.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cultivar.batch.DataException;
import dev.cultivar.checkpoint.RunFiles;
import dev.cultivar.evaluate.Metric;
import dev.cultivar.format.JsonFiles;
import dev.cultivar.recipe.RecipeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is said of a row as a whole is learned by each of its objectives, from a small network and rows of made-up words.
class RowObjectivesTest {
    private static final List<String> FILLERS = List.of("red", "old", "near", "the", "sees", "two", "of", "with");

    @TempDir
    Path folder;

    @Test
    void severalLabelsARow() throws IOException {
        Path rows = table((random, words) -> {
            boolean animal = random.nextBoolean();
            boolean tool = random.nextBoolean();
            words.addAll(animal ? List.of("cat") : List.of());
            words.addAll(tool ? List.of("saw") : List.of());
            return String.join(";", animal && tool ? List.of("animal", "tool") : animal ? List.of("animal") : tool ? List.of("tool") : List.of("none"));
        });
        Path run = train(rows, "{kind: multi_label, pooling: mean}");
        assertThat(metric(run, "micro_f1").value()).isGreaterThan(0.95);
        assertThat(config(run)).containsEntry("problem_type", "multi_label_classification");
    }

    @Test
    void classesWithAnOrder() throws IOException {
        List<String> order = List.of("low", "middle", "high");
        Path rows = table((random, words) -> {
            int urgency = random.nextInt(3);
            words.addAll(List.of("soon", "now").subList(0, urgency));
            return order.get(urgency);
        });
        for (String loss : List.of("coral", "cross_entropy")) {
            Path run = train(rows, "{kind: ordinal, pooling: mean, order: [low, middle, high], loss: " + loss + "}");
            assertThat(metric(run, "quadratic_kappa").value()).as(loss).isGreaterThan(0.9);
            assertThat(config(run)).containsEntry("id2label", Map.of("0", "low", "1", "middle", "2", "high"));
        }
    }

    @Test
    void aNumberInItsOwnUnit() throws IOException {
        Path rows = table((random, words) -> {
            int count = random.nextInt(4);
            for (int i = 0; i < count; i++) {
                words.add("cat");
            }
            return Integer.toString(5_000 + 1_000 * count);
        });
        Path run = train(rows, "{kind: regression, pooling: mean}");
        assertThat(metric(run, "r2").value()).isGreaterThan(0.8);
        assertThat(metric(run, "rmse").value()).isBetween(1.0, 500.0);
        assertThat(config(run)).containsEntry("problem_type", "regression");
    }

    @Test
    void aRareClassIsFoundOnceItsRowsCountMore() throws IOException {
        Path rows = table((random, words) -> {
            boolean rare = random.nextInt(12) == 0;
            words.add(rare || random.nextInt(3) == 0 ? "saw" : "cat"); // two in three rows with a saw are common all the same
            return rare ? "rare" : "common";
        });
        Path plain = train(rows, "{kind: classification, pooling: mean}");
        Path balanced = train(rows, "{kind: classification, pooling: mean, class_weights: balanced}");
        assertThat(metric(plain, "f1").value()).isLessThan(metric(balanced, "f1").value());
    }

    @Test
    void whatCannotBeLearnedIsRefused() throws IOException {
        Path same = table((random, words) -> "7");
        assertThatThrownBy(() -> train(same, "{kind: regression}")).isInstanceOf(DataException.class).hasMessageContaining("same value");
        Path letters = table((random, words) -> "a");
        assertThatThrownBy(() -> train(letters, "{kind: regression}")).isInstanceOf(DataException.class).hasMessageContaining("rows.csv:");
        assertThatThrownBy(() -> train(letters, "{kind: ordinal}")).isInstanceOf(RecipeException.class).hasMessageContaining("at least 2 classes");
        assertThatThrownBy(() -> train(letters, "{kind: ordinal, order: [b, c]}")).isInstanceOf(DataException.class).hasMessageContaining("'a'");
        assertThatThrownBy(() -> train(letters, "{kind: classification, class_weights: {b: 2}}"))
                .isInstanceOf(RecipeException.class)
                .hasMessageContaining("'b'");
    }

    private interface Label {
        /// Adds words to a row and says what it is labelled with.
        String of(Random random, List<String> words);
    }

    private Path table(Label label) throws IOException {
        var random = new Random(5);
        var text = new StringBuilder("text,label\n");
        for (int row = 0; row < 400; row++) {
            List<String> words = new ArrayList<>();
            for (int i = random.nextInt(2, 6); i > 0; i--) {
                words.add(FILLERS.get(random.nextInt(FILLERS.size())));
            }
            String said = label.of(random, words);
            text.append(String.join(" ", words)).append(',').append(said).append('\n');
        }
        return Files.writeString(folder.resolve("rows.csv"), text);
    }

    private Path train(Path rows, String objective) {
        Path out = folder.resolve("run-" + System.nanoTime());
        TrainingRun.run(
                Tiny.recipe(Tiny.CLASSIFIED, rows, "seed=2", "objective=" + objective, "optimizer.learning_rate=1e-2", "horizon={steps: 200}",
                        "batching={rows: 32, max_length: 32}", "backbone.dropout=0", "backbone.attention_dropout=0",
                        "evaluate={every: never}", "checkpoint={every: never}"),
                TrainingRun.Request.to(out));
        return out;
    }

    private Metric metric(Path run, String name) {
        try (var measured = Measured.open(run, Measured.recipe(run), folder.resolve("cache"), 1, Extensions.NONE)) {
            return measured.each((objective, model) -> objective.measurement(model)).get("validation").metrics().stream()
                    .filter(metric -> metric.name().equals(name))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static Map<String, Object> config(Path run) {
        return JsonFiles.read(new RunFiles(run).last().orElseThrow().resolve("config.json"));
    }
}

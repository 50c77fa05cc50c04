package dev.cultivar.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cultivar.data.Example;
import dev.cultivar.data.Parts;
import dev.cultivar.evaluate.ClassificationScores;
import dev.cultivar.evaluate.Metric;
import dev.cultivar.predict.Classifier;
import dev.cultivar.predict.Prediction;
import dev.cultivar.recipe.DataRecipe;
import dev.cultivar.recipe.Recipe;
import dev.cultivar.recipe.RecipeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Texts that are longer than a row: what decides stands in their middle or at their end, where a cut would lose it.
class LongTextsTest {
    private static final String RECIPE = Tiny.CLASSIFIED
            .replace("layers: 2, width: 16, heads: 2, positions: 32, dropout: 0.1", "layers: 1, width: 32, heads: 2, positions: 32, dropout: 0")
            .replace("learning_rate: 5e-3", "learning_rate: 1e-2")
            .replace("horizon: {steps: 10}", "horizon: {epochs: 16}")
            .replace("batching: {rows: 8, max_length: 32}", "batching: {rows: 16, max_length: 16}")
            .replace("evaluate: {every: {steps: 4}}", "evaluate: {every: {epochs: 16}}")
            .replace("checkpoint: {every: {steps: 3}}", "checkpoint: {every: {epochs: 16}}");

    @TempDir
    static Path folder;

    private static Path middle;
    private static Path end;

    private static Path rows(String name, int from, int to) throws IOException {
        var random = new Random(5);
        var text = new StringBuilder("text,label\n");
        for (int row = 0; row < 160; row++) {
            List<String> words = new ArrayList<>();
            for (int i = 0; i < 34; i++) {
                words.add(List.of("red", "old", "near", "the", "sees").get(random.nextInt(5)));
            }
            boolean animal = random.nextBoolean();
            words.set(from + random.nextInt(to - from), animal ? "fox" : "saw");
            text.append(String.join(" ", words)).append(',').append(animal ? "animal" : "tool").append('\n');
        }
        return Files.writeString(folder.resolve(name), text);
    }

    @BeforeAll
    static void write() throws IOException {
        middle = rows("middle.csv", 15, 20);
        end = rows("end.csv", 26, 34);
    }

    private static TrainingRun.Result run(String name, Path rows, String longer) {
        return TrainingRun.run(Tiny.recipe(RECIPE, rows, "batching.long=" + longer), TrainingRun.Request.to(folder.resolve(name)));
    }

    private static double accuracy(TrainingRun.Result result) {
        return result.best().get("validation").getFirst().value();
    }

    @Test
    void theEndIsKeptWhereItIsAskedFor() {
        assertThat(accuracy(run("cut", end, "truncate"))).isLessThan(0.85);
        assertThat(accuracy(run("tail", end, "{kind: head_tail, head: 0.2}"))).isGreaterThan(0.95);
    }

    /// The part with the word tells more than the others, and a text is one answer wherever it is asked.
    @Test
    void aTextOfSeveralRowsIsOneAnswerToTheBit() throws IOException {
        var chunked = run("chunked", middle, "{kind: chunk, stride: 4}");
        assertThat(accuracy(chunked)).isGreaterThan(0.9);
        Recipe recipe = Measured.recipe(chunked.folder());
        List<Example> held = Parts.open((DataRecipe.Rows) recipe.data(), recipe.seed()).validation().orElseThrow().list();
        List<Metric> measured;
        try (var run = Measured.openRowByRow(chunked.folder(), recipe, Files.createTempDirectory(folder, "rows"), 1, Extensions.NONE)) {
            measured = run.each((objective, model) -> objective.measurement(model)).get("validation").metrics();
        }
        try (var classifier = Classifier.open(chunked.folder())) {
            List<Prediction> predictions = classifier.predict(held.stream().map(Example::text).toList());
            assertThat(predictions).extracting(Prediction::cut).containsOnly(0);
            int[] gold = held.stream().mapToInt(row -> classifier.labels().indexOf(row.label())).toArray();
            float[] probabilities = new float[2 * gold.length];
            for (int i = 0; i < probabilities.length; i++) {
                probabilities[i] = (float) (double) predictions.get(i / 2).scores().get(classifier.labels().get(i % 2));
            }
            assertThat(measured).containsAll(ClassificationScores.of(gold, probabilities, classifier.labels()).metrics());
        }
        assertThat(Audits.of(recipe, folder.resolve("audit")).rows().orElseThrow().parts()).allSatisfy(part -> {
            assertThat(part.truncated()).isZero();
            assertThat(part.leaked()).isZero();
        });
    }

    @Test
    void whereItWouldMeanNothingItIsRefused() {
        assertThatThrownBy(() -> Tiny.recipe(Tiny.MASKED, middle, "batching.long=chunk")).isInstanceOf(RecipeException.class)
                .hasMessageContaining("batching.long other than truncate is for rows of the one objective classification, got objective masked_lm");
        assertThatThrownBy(() -> Tiny.recipe(RECIPE, middle, "batching.long={kind: chunk, stride: 8}")).isInstanceOf(RecipeException.class)
                .hasMessageContaining("batching.long.stride must be below half of batching.max_length, 16, got 8");
        assertThatThrownBy(() -> Tiny.recipe(RECIPE, middle, "data.validation={fraction: 0.2, by: document}", "data.test={fraction: 0.1}"))
                .isInstanceOf(RecipeException.class).hasMessageContaining("data.test.by must be that of data.validation, document, got rows");
        assertThatThrownBy(() -> Parts.open((DataRecipe.Rows) Tiny.recipe(RECIPE, middle, "data.validation={fraction: 0.2, by: document}").data(), 3))
                .hasMessageContaining("names no document");
    }
}

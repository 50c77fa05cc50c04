package dev.cultivar.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.cultivar.checkpoint.RunFiles;
import dev.cultivar.recipe.EvaluateRecipe;
import dev.cultivar.recipe.Recipe;
import dev.cultivar.recipe.RecipeException;
import dev.cultivar.report.Markdown;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A checkpoint that goes on with the text of a domain is measured on that and on a general one, before, during and after.
class ContinuedTest {
    private static final String GPT = """
            seed: 3
            backbone: {kind: gpt2, layers: 1, width: 16, heads: 2, positions: 16, dropout: 0.0, attention_dropout: 0.0}
            tokenizer: {kind: chars}
            data: {validation: {fraction: 0.2}}
            objective: {kind: causal_lm}
            optimizer: {kind: adamw, learning_rate: 1e-2}
            horizon: {steps: 20}
            batching: {rows: 8, max_length: 16}
            evaluate: {every: {steps: 10}}
            checkpoint: {every: never}
            device: {kind: cpu, threads: 1, precision: float32}
            """;

    @TempDir
    Path folder;

    private Path text(String name, String... words) throws IOException {
        var random = new Random(5);
        return Files.writeString(folder.resolve(name), random.ints(600, 0, words.length).mapToObj(i -> words[i]).collect(Collectors.joining(" ")));
    }

    private Path run(String name, Recipe recipe) {
        Path out = folder.resolve(name);
        TrainingRun.run(recipe, TrainingRun.Request.to(out));
        return out;
    }

    private static List<Double> losses(Path run, String task) {
        return Curve.of(new RunFiles(run).metrics(), task, "loss").points().stream().map(Curve.Point::value).toList();
    }

    @Test
    void bothLossesAreThereBeforeAndAfter() throws IOException {
        Path general = text("general.txt", "red", "hen", "under", "the", "tree", "hid");
        Path domain = text("domain.txt", "tender", "unit", "redeem", "third", "rider");
        Path first = run("first", Tiny.recipe(GPT, general));
        Recipe recipe = Tiny.recipe(GPT, domain, "backbone={kind: pretrained, model: " + first + "}", "tokenizer=backbone",
                "data.also={general: {file: " + general + "}}");
        Path run = run("continued", recipe);
        List<Map<String, Object>> evaluations = Tiny.log(run).stream().filter(line -> "evaluation".equals(line.get("event"))).toList();
        assertThat(evaluations).extracting(line -> line.get("task"), line -> ((Number) line.get("step")).intValue()).containsExactly(
                tuple("validation", 0), tuple("general", 0), tuple("validation", 10), tuple("general", 10), tuple("validation", 20), tuple("general", 20));
        assertThat(evaluations.subList(0, 2)).allMatch(line -> line.get("best").equals(false));
        List<Double> learned = losses(run, "validation");
        List<Double> kept = losses(run, "general");
        assertThat(learned.getLast()).isLessThan(learned.getFirst() - 0.1);
        assertThat(kept.getFirst()).as("the general text was learned first").isLessThan(learned.getFirst());
        assertThat(Markdown.render(RunReport.of(run))).contains("Before and after training").contains("bits_per_byte").contains("general");
        assertThat(Files.readString(run.resolve("README.md"))).contains("causal language modelling", "pipeline_tag: text-generation", "perplexity", "bits_per_byte");

        Path cache = folder.resolve("cache");
        Recipe asked = recipe.withEvaluate(new EvaluateRecipe(recipe.evaluate().every(), List.of("general")));
        try (var measured = Measured.openRowByRow(run, asked, cache, 1, Extensions.NONE)) {
            var metrics = measured.each((objective, model) -> objective.measurement(model)).firstEntry();
            assertThat(metrics.getKey()).isEqualTo("general");
            assertThat(metrics.getValue().metrics()).extracting(metric -> metric.name()).containsExactly("loss", "perplexity", "bits_per_byte");
            assertThat(metrics.getValue().metrics().getFirst().value()).isCloseTo(kept.getLast(), within(1e-4));
        }
    }

    /// What was found on reading the text is kept, and the text is that of the run all the same.
    @Test
    void aResumeReadsWhatItBeganWithOrIsRefused() throws IOException {
        Path text = text("text.txt", "red", "hen", "under", "the", "tree", "hid");
        String whole = Files.readString(text);
        Recipe recipe = Tiny.recipe(GPT, text);
        var request = TrainingRun.Request.to(folder.resolve("run"));
        assertThat(TrainingRun.run(recipe, request.stoppedBy(() -> true)).progress().step()).isEqualTo(1);
        try (Stream<Path> files = Files.list(folder.resolve("run/data"))) {
            assertThat(files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".survey"))).hasSize(1);
        }
        Files.writeString(text, whole.replaceFirst("hen", "tree"));
        assertThatThrownBy(() -> TrainingRun.run(recipe, request.resuming())).isInstanceOf(RecipeException.class).hasMessageContaining("rows are not those that the run began with");
        Files.writeString(text, whole);
        TrainingRun.run(recipe, request.resuming());
        Tiny.assertSame(run("undisturbed", recipe), folder.resolve("run"));
    }

    /// Rows, too: masked pieces and labels.
    @Test
    void objectivesOfRowsMeasureMoreRows() throws IOException {
        Path rows = Tiny.rows(folder.resolve("rows.csv"), 60);
        Path others = Tiny.rows(folder.resolve("others.csv"), 20);
        for (String yaml : List.of(Tiny.MASKED, Tiny.CLASSIFIED)) {
            Path run = run("run-" + Math.abs(yaml.hashCode()), Tiny.recipe(yaml, rows, "horizon={steps: 2}", "data.also={general: {file: " + others + "}}"));
            assertThat(Tiny.log(run).stream().filter(line -> "general".equals(line.get("task")))).extracting(line -> ((Number) line.get("step")).intValue())
                    .containsExactly(0, 2);
        }
    }
}

package dev.cultivar.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cultivar.checkpoint.RunFiles;
import dev.cultivar.data.Example;
import dev.cultivar.data.Parts;
import dev.cultivar.evaluate.Confusion;
import dev.cultivar.format.CheckpointException;
import dev.cultivar.format.DurableFiles;
import dev.cultivar.image.PictureReader;
import dev.cultivar.objective.Answers;
import dev.cultivar.predict.Classifier;
import dev.cultivar.predict.PictureClassifier;
import dev.cultivar.predict.TextPair;
import dev.cultivar.recipe.DataRecipe;
import dev.cultivar.recipe.Recipe;
import dev.cultivar.recipe.RecipeException;
import dev.cultivar.report.Block;
import dev.cultivar.report.Html;
import dev.cultivar.report.Markdown;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a report shows of a classifier's mistakes, and what it keeps to itself.
class MistakesTest {
    private static final String[] DIGITS = {
        "data.train={glyphs: digits, rows: 60}", "data.validation={glyphs: digits, rows: 30, seed: 18}", "data.height=12", "horizon={steps: 10}"
    };

    @TempDir
    private Path temporary;

    private Path train(String name, Recipe recipe) {
        TrainingRun.run(recipe, TrainingRun.Request.to(temporary.resolve(name)).cachedIn(temporary.resolve("shared")));
        return temporary.resolve(name);
    }

    private Path digits(String name, String... overrides) {
        List<String> all = new ArrayList<>(List.of(DIGITS));
        all.addAll(List.of(overrides));
        return train(name, Drawings.recipe(Path.of("none"), all.toArray(String[]::new)));
    }

    private static ShownAnswers.OfTask answers(Path run) {
        return ShownAnswers.read(new RunFiles(run)).orElseThrow().tasks().get("validation");
    }

    private static List<ShownRows.Row> rows(Path run) {
        var files = new RunFiles(run);
        return ShownRows.read(files, ShownAnswers.read(files).orElseThrow().step()).orElseThrow().tasks().get("validation");
    }

    private static String report(Path run) throws IOException {
        return Files.readString(run.resolve("report.html"));
    }

    private static int count(String text, String part) {
        return text.split(java.util.regex.Pattern.quote(part), -1).length - 1;
    }

    /// The counts are those of the best checkpoint, measured once more.
    private void assertMeasured(Path run) {
        Recipe recipe = Measured.recipe(run);
        try (var measured = Measured.open(run, recipe, temporary.resolve("shared"), 1, Extensions.NONE)) {
            Answers again = measured.each((objective, model) -> objective.measurement(model)).firstEntry().getValue().classified().orElseThrow();
            assertThat(answers(run).confusion().counts()).isEqualTo(again.confusion().counts());
            assertThat(answers(run).misread()).isEqualTo(again.misread(12));
        }
    }

    @Test
    void theMatrixCountsEveryRowAndShowsNone() throws IOException {
        Path run = digits("run");
        Confusion confusion = answers(run).confusion();
        assertThat(confusion.rows()).isEqualTo(30);
        assertThat(confusion.labels()).containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
        assertMeasured(run);
        String html = report(run);
        assertThat(html).contains("Which class was taken for which: 30 rows of validation", "report run --examples").doesNotContain("data:image", "drawn digits");
        assertThat(count(html, "<rect class=\"right\"") + count(html, "<rect class=\"wrong\"")).isGreaterThan(10);
        assertThat(Files.readString(run.resolve("report.md"))).contains("taken for 7").doesNotContain("drawn digits");
        assertThat(run.resolve("shown/rows.json")).doesNotExist();
    }

    @Test
    void misreadPicturesAreShownWhereSomebodyAsks() throws IOException {
        Path run = digits("run", "report.examples=true");
        List<ShownRows.Row> rows = rows(run);
        assertThat(rows).hasSize(Math.min(12, (int) (30 - answers(run).confusion().right()))).isNotEmpty();
        assertThat(rows.stream().map(ShownRows.Row::probability).toList().reversed()).isSorted();
        try (var classifier = PictureClassifier.open(run)) {
            for (ShownRows.Row row : rows) {
                assertThat(row.views()).extracting(Block.View::alt).containsExactly("as the model sees it", "speaks for " + row.predicted(), "speaks for " + row.gold());
                var prediction = classifier.predict(PictureReader.read(row.views().getFirst().png(), "shown"));
                assertThat(prediction.label()).isEqualTo(row.predicted()).isNotEqualTo(row.gold());
                assertThat(prediction.score()).isCloseTo(row.probability(), org.assertj.core.data.Offset.offset(1e-4));
            }
        }
        assertThat(count(report(run), "<img")).isEqualTo(3 * rows.size());
        assertThat(Files.readString(run.resolve("report.md"))).contains(rows.getFirst().place()).contains("in the report's HTML form");
    }

    @Test
    void aNetworkWithoutMapsShowsGradients() throws IOException {
        Path run = digits("run", "backbone={kind: vit, layers: 1, width: 8, heads: 2, patch: 4}", "report.examples=true", "horizon={steps: 3}");
        assertThat(rows(run)).isNotEmpty().allMatch(row -> row.method().equals("INPUT_GRADIENT"));
        assertThat(report(run)).contains("Simonyan et al., 2014");
    }

    private Recipe texts(String... overrides) throws IOException {
        List<String> all = new ArrayList<>(List.of("horizon={steps: 2}", "evaluate={every: {steps: 1}}", "objective.pooling=mean"));
        all.addAll(List.of(overrides));
        return Tiny.recipe(Tiny.CLASSIFIED, Tiny.rows(temporary.resolve("rows.csv"), 60), all.toArray(String[]::new));
    }

    private static Map<String, Example> held(Recipe recipe) {
        return Parts.open((DataRecipe.Rows) recipe.data(), recipe.seed()).validation().orElseThrow().list().stream()
                .collect(Collectors.toMap(Example::text, Function.identity(), (first, _) -> first));
    }

    private static void assertMisread(Path run, Recipe recipe) {
        Map<String, Example> held = held(recipe);
        List<ShownRows.Row> rows = rows(run);
        assertThat(rows).isNotEmpty();
        try (var classifier = Classifier.open(run)) {
            for (ShownRows.Row row : rows) {
                Example example = held.get(row.text());
                assertThat(example).as(row.text()).isNotNull();
                assertThat(row.gold()).isEqualTo(example.label());
                assertThat(row.place()).endsWith("rows.csv:" + (example.row() + 1));
                assertThat(classifier.predictPairs(List.of(new TextPair(example.text(), ""))).getFirst().label()).isEqualTo(row.predicted()).isNotEqualTo(row.gold());
            }
        }
    }

    @Test
    void noTextIsInAReportUnlessSomebodyAsks() throws IOException {
        Recipe recipe = texts();
        Path run = train("run", recipe);
        assertMeasured(run);
        List<String> files = List.of(report(run), Files.readString(run.resolve("report.md")), Files.readString(run.resolve("shown/answers.json")));
        for (String text : held(recipe).keySet()) {
            assertThat(files).noneMatch(file -> file.contains(text));
        }
        Mistakes.gather(run, 1, Extensions.NONE);
        assertMisread(run, recipe);
        assertThat(Html.render(RunReport.of(run))).as("gathered, but not asked for").doesNotContain(rows(run).getFirst().text());
        assertThat(Html.render(RunReport.of(run, true, List.of()))).contains(rows(run).getFirst().text());
    }

    @Test
    void textsInPartsAreFoundByTheirRow() throws IOException {
        Recipe recipe = texts("report.examples=true", "batching.max_length=8", "batching.long={kind: chunk, stride: 2}");
        Path run = train("run", recipe);
        assertMisread(run, recipe);
        assertThat(Markdown.render(RunReport.of(run))).contains("misread most surely").contains(rows(run).getFirst().text());
    }

    @Test
    void classesWithAnOrderHaveAMatrixAndANumberHasNone() throws IOException {
        Path ordered = train("ordered", texts("objective={kind: ordinal, order: [tool, animal], pooling: mean}"));
        assertThat(answers(ordered).confusion().labels()).containsExactly("tool", "animal");
        assertMeasured(ordered);
        Path valued = train("valued", texts("objective={kind: regression, pooling: mean}", "data.columns={text: text, label: size}", "report.examples=true"));
        assertThat(report(valued)).doesNotContain("Mistakes");
        assertThatThrownBy(() -> Mistakes.gather(valued, 1, Extensions.NONE)).isInstanceOf(RecipeException.class).hasMessageContaining("one class a row");
    }

    @Test
    void anEarlierRunIsReportedWithoutAndMeasuredWhereSomebodyAsks() throws IOException {
        Path run = digits("run");
        Confusion confusion = answers(run).confusion();
        DurableFiles.delete(run.resolve("shown"));
        assertThat(Html.render(RunReport.of(run))).contains("Training loss").doesNotContain("taken for which");
        Mistakes.gather(run, 1, Extensions.NONE);
        assertThat(answers(run).confusion().counts()).isEqualTo(confusion.counts());
        assertThat(Html.render(RunReport.of(run, true, List.of()))).contains("taken for which", "speaks for");
    }

    @Test
    void answersOfAnotherCheckpointAreNotShown() throws IOException {
        Path run = digits("run", "report.examples=true");
        var files = new RunFiles(run);
        ShownAnswers kept = ShownAnswers.read(files).orElseThrow();
        new ShownAnswers(kept.step() + 1, kept.tasks()).write(files);
        assertThat(Html.render(RunReport.of(run))).doesNotContain("taken for which", "<img");
        Files.writeString(run.resolve("shown/answers.json"), "{\"step\": 1, \"tasks\": {\"validation\": {\"labels\": [\"a\"], \"counts\": [[0, 3, 1]]}}}");
        assertThatThrownBy(() -> RunReport.of(run)).isInstanceOf(CheckpointException.class).hasMessageContaining("answers.json").hasMessageContaining("1 labels");
    }
}

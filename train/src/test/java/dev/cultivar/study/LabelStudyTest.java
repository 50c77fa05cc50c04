package dev.cultivar.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cultivar.pictures.PictureParts;
import dev.cultivar.recipe.DataRecipe;
import dev.cultivar.recipe.Recipe;
import dev.cultivar.recipe.RecipeException;
import dev.cultivar.report.Markdown;
import dev.cultivar.run.Measured;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Studies over label counts, on few drawn pictures and for few steps.
class LabelStudyTest {
    @TempDir
    private Path folder;

    private LabelStudy.Settings settings(@Nullable Path data) {
        return new LabelStudy.Settings(
                folder.resolve("study"), "digits", data == null ? Optional.empty() : Optional.of(data), List.of(20, 40), List.of("mlp"), 1,
                List.of("data.train.rows=200", "data.validation={glyphs: letters, rows: 20}", "horizon={steps: 4}", "data.height=14"));
    }

    @Test
    void everyWayIsTrainedAndMeasuredOnTheSamePicturesAndFoundAgain() {
        List<String> said = new ArrayList<>();
        var watcher = new LabelStudy.Watcher(event -> {}, said::add, () -> false);
        LabelTable found = LabelStudy.run(settings(null), watcher);
        assertThat(said).hasSize(1 + 2 * (1 + Way.values().length));
        assertThat(found.table().rows()).hasSize(8);
        assertThat(found.sentences()).hasSize(2).allSatisfy(sentence -> assertThat(sentence).startsWith("mlp, "));
        Map<String, Object> json = found.json("report.html");
        assertThat((List<?>) json.get("rows")).hasSize(8);
        assertThat(Markdown.render(found.document())).contains("Pretraining was on drawn letters").contains("on 40 test pictures");
        assertThat(LabelStudy.isIn(folder.resolve("study"))).isTrue();
        LabelTable again = LabelStudy.run(LabelStudy.Settings.of(folder.resolve("study")), watcher);
        assertThat(again.json("report.html")).isEqualTo(json);
    }

    /// Every other study, interrupted in the middle, gives the table of one that was not.
    @ParameterizedTest
    @CsvSource({"pretraining, vit, 1, 19", "semi-supervised, mlp, 2, 4", "generative-classifier, mlp, 2, 2"})
    void aStudyGoesOnWhereItWasStopped(String name, String network, int seeds, int contenders) {
        List<String> more = new ArrayList<>(List.of("data.train.rows=150", "data.height=14", "horizon={steps: 2}", "batching.rows=8"));
        if (name.equals("pretraining")) {
            more.add("digits-pretrain:data.validation.rows=20");
        }
        if (name.equals("semi-supervised")) {
            more.add("digits-semi-gan:turns.0.objective.generator.channels=[4, 4]");
        }
        var whole = new LabelStudy.Settings(folder.resolve("whole"), name, Optional.empty(), List.of(20), List.of(network), seeds, more);
        LabelTable found = LabelStudy.run(whole, new LabelStudy.Watcher(event -> {}, line -> {}, () -> false));
        assertThat(found.table().rows()).hasSize(contenders);
        assertThat(found.sentences()).allSatisfy(sentence -> assertThat(sentence).startsWith(network)).anyMatch(sentence -> sentence.contains(seeds == 1 ? "McNemar" : "Student"));
        var stopped = new LabelStudy.Settings(folder.resolve("stopped"), name, Optional.empty(), List.of(20), List.of(network), seeds, more);
        var steps = new AtomicInteger();
        assertThatThrownBy(() -> LabelStudy.run(stopped, new LabelStudy.Watcher(event -> {}, line -> {}, () -> steps.incrementAndGet() >= 5)))
                .isInstanceOf(Study.Interrupted.class);
        List<String> said = Collections.synchronizedList(new ArrayList<>());
        LabelTable again = LabelStudy.run(LabelStudy.Settings.of(folder.resolve("stopped")), new LabelStudy.Watcher(event -> {}, said::add, () -> false));
        assertThat(accuracies(again)).isEqualTo(accuracies(found));
        assertThat(again.sentences()).isEqualTo(found.sentences());
        assertThat(said).hasSizeGreaterThanOrEqualTo(contenders * seeds);
    }

    private static List<String> accuracies(LabelTable table) {
        return table.table().rows().stream().map(row -> row.get(2).text() + " " + row.get(3)).toList();
    }

    /// What is learned without labels, and of pictures that are held out, is nothing: each seed's stage holds out what its classifiers are measured on.
    @Test
    void whatComesBeforeTheLabelsSeesNoTestPicture() {
        List<String> more = List.of("data.train.rows=150", "data.height=14", "horizon={steps: 1}", "digits-pretrain:data.validation.rows=20");
        LabelStudy.run(
                new LabelStudy.Settings(folder.resolve("study"), "pretraining", Optional.empty(), List.of(20), List.of("mlp"), 2, more),
                new LabelStudy.Watcher(event -> {}, line -> {}, () -> false));
        for (int seed = 1; seed <= 2; seed++) {
            Set<Integer> before = trained("pretrain-simclr-mlp-" + seed);
            Set<Integer> labelled = trained("mlp-20-simclr-full-" + seed);
            assertThat(before).hasSize(120).containsAll(labelled);
            assertThat(labelled).hasSize(20);
            Recipe classifier = Measured.recipe(folder.resolve("study/mlp-20-simclr-full-" + seed));
            assertThat(test(classifier, seed)).hasSize(30).doesNotContainAnyElementsOf(before);
        }
    }

    private Set<Integer> trained(String run) {
        Recipe recipe = Measured.recipe(folder.resolve("study").resolve(run));
        try (var parts = PictureParts.open((DataRecipe.Images) recipe.data(), recipe.seed(), true, folder.resolve("study/data"))) {
            return Arrays.stream(parts.train().rows()).boxed().collect(Collectors.toSet());
        }
    }

    private Set<Integer> test(Recipe recipe, long seed) {
        try (var parts = PictureParts.open((DataRecipe.Images) recipe.data(), seed, true, folder.resolve("study/data"))) {
            return Arrays.stream(parts.test().orElseThrow().rows()).boxed().collect(Collectors.toSet());
        }
    }

    @Test
    void curvesThatCrossAreToldWhere() {
        assertThat(Crossing.of(curve(0.5, 0.7, 0.9), curve(0.7, 0.8, 0.8)).labels()).singleElement().satisfies(count ->
                assertThat(count).isCloseTo(Math.sqrt(100 * 1_000), within(1e-6))); // level half-way between the logarithms
        assertThat(Crossing.of(curve(0.5, 0.7, 0.9), curve(0.7, 0.8, 0.8)).sentence("the one", "the other"))
                .contains("cross at about 316 labels").endsWith("with fewer, the other is above the one.");
        assertThat(Crossing.of(curve(0.5, 0.7, 0.9), curve(0.4, 0.7, 1.0)).labels()).singleElement().satisfies(count ->
                assertThat(count).isCloseTo(100, within(1e-6))); // level at a count that was measured
        assertThat(Crossing.of(curve(0.5, 0.7, 0.9), curve(0.4, 0.7, 0.8)).sentence("the one", "the other"))
                .isEqualTo("the curves do not cross: the one is never behind the other.");
        assertThat(Crossing.of(curve(0.5, 0.7, 0.9), curve(0.6, 0.6, 1.0)).labels()).hasSize(2);
        assertThat(Crossing.of(curve(0.5, 0.5, 0.5), curve(0.5, 0.5, 0.5)).sentence("a", "b")).contains("level at every label count");
    }

    /// Accuracies at 10, 100 and 1,000 labels, of ten pictures.
    private static List<LabelRows.Row> curve(double... accuracies) {
        List<LabelRows.Row> rows = new ArrayList<>();
        for (int i = 0; i < accuracies.length; i++) {
            rows.add(row((int) Math.pow(10, i + 1), accuracies[i]));
        }
        return rows;
    }

    private static LabelRows.Row row(int labels, double... accuracies) {
        boolean[] right = new boolean[10 * accuracies.length];
        List<Double> scores = new ArrayList<>();
        for (int seed = 0; seed < accuracies.length; seed++) {
            Arrays.fill(right, 10 * seed, (int) (10 * seed + Math.round(10 * accuracies[seed])), true);
            scores.add(accuracies[seed]);
        }
        var contender = new Contender("c", "c", Optional.empty(), "digits-classify", List.of(), true);
        return new LabelRows.Row(Network.named("mlp").orElseThrow(), labels, contender, right, scores, 1, 1);
    }

    @Test
    void differencesOverSeedsArePaired() {
        // Seeds differ by far more than the contenders do within each: 0.1 above in each of three seeds but one, 0.2 there.
        assertThat(row(100, 0.3, 0.6, 1.0).against(row(100, 0.2, 0.5, 0.8)))
                .contains("13.3 percentage points above c (mean of 3 seeds; Student's 95 % interval of the difference -1.0 to +27.7): not beyond chance.");
        assertThat(row(100, 0.3, 0.6, 0.9).against(row(100, 0.2, 0.5, 0.8))).contains("+10.0 to +10.0): beyond chance.");
        assertThat(row(100, 0.3).against(row(100, 0.2))).contains("McNemar");
    }

    @Test
    void whatIsAskedWronglyIsTold() {
        assertThatThrownBy(() -> new LabelStudy.Settings(folder, "digits", Optional.empty(), List.of(20), List.of("alexnet"), 1, List.of()))
                .isInstanceOf(RecipeException.class).hasMessageContaining("alexnet").hasMessageContaining("lenet");
        assertThatThrownBy(() -> new LabelStudy.Settings(folder, "digits", Optional.empty(), List.of(3), List.of("cnn"), 1, List.of()))
                .hasMessageContaining("10 or more");
        assertThatThrownBy(() -> new LabelStudy.Settings(folder, "weather", Optional.empty(), List.of(), List.of(), 1, List.of()))
                .isInstanceOf(RecipeException.class).hasMessageContaining("weather").hasMessageContaining("semi-supervised");
        assertThatThrownBy(() -> new LabelStudy.Settings(folder, "digits", Optional.empty(), List.of(), List.of(), 0, List.of()))
                .hasMessageContaining("--seeds must be 1 or more");
        var misspelt = new LabelStudy.Settings(folder.resolve("x"), "semi-supervised", Optional.empty(), List.of(), List.of(), 1, List.of("digits-fixmath:seed=1"));
        assertThatThrownBy(() -> LabelStudy.run(misspelt, new LabelStudy.Watcher(event -> {}, line -> {}, () -> false)))
                .isInstanceOf(RecipeException.class).hasMessageContaining("digits-fixmath").hasMessageContaining("digits-fixmatch");
        assertThatThrownBy(() -> LabelStudy.run(settings(folder.resolve("nowhere")), new LabelStudy.Watcher(event -> {}, line -> {}, () -> false)))
                .hasMessageContaining("train-images-idx3-ubyte.gz does not exist");
    }
}

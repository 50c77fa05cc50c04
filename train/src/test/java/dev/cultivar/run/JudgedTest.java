package dev.cultivar.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cultivar.checkpoint.MetricsFile;
import dev.cultivar.checkpoint.RunFiles;
import dev.cultivar.evaluate.Metric;
import dev.cultivar.image.Picture;
import dev.cultivar.loop.Event;
import dev.cultivar.nn.Backbones;
import dev.cultivar.pictures.PictureParts;
import dev.cultivar.predict.PictureClassifier;
import dev.cultivar.predict.PictureJudge;
import dev.cultivar.recipe.DataRecipe;
import dev.cultivar.recipe.Recipe;
import dev.cultivar.recipe.RecipeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A classifier judges what another model draws, while that is trained and afterwards, and changes nothing of it.
class JudgedTest {
    private static final List<String> OWN = List.of("frechet", "sample_precision", "sample_recall", "class_agreement");

    @TempDir
    Path folder;

    @TempDir
    static Path shared;

    private static Path judge;

    @BeforeAll
    static void judge() {
        judge = shared.resolve("judge");
        TrainingRun.run(reader("horizon={steps: 60}"), TrainingRun.Request.to(judge));
    }

    private static Recipe reader(String... overrides) {
        List<String> all = new ArrayList<>(List.of("objective={kind: classification}", "optimizer.learning_rate=5e-3", "evaluate={every: never}", "checkpoint={every: never}"));
        all.addAll(List.of(overrides));
        return CopyAuditTest.recipe(all.toArray(String[]::new));
    }

    private Path drawer(String name, String... overrides) {
        Path run = folder.resolve(name);
        TrainingRun.run(CopyAuditTest.recipe(overrides), TrainingRun.Request.to(run));
        return run;
    }

    private String by(Path other) {
        return "evaluate.judge='" + other + "'";
    }

    private static Map<?, ?> metrics(Path run, boolean first) {
        var lines = MetricsFile.read(new RunFiles(run).metrics()).stream().filter(line -> "evaluation".equals(line.get("event"))).toList();
        return (Map<?, ?>) (first ? lines.getFirst() : lines.getLast()).get("metrics");
    }

    private static double value(Map<?, ?> metrics, String name) {
        return ((Number) ((Map<?, ?>) metrics.get(name)).get("value")).doubleValue();
    }

    @Test
    void aJudgeSeesWhatIsDrawnAndChangesNothing() {
        Path judged = drawer("judged", by(judge));
        Path alone = drawer("alone");
        assertThat(Tiny.tensors(judged)).isEqualTo(Tiny.tensors(alone));
        assertThat(metrics(judged, true).keySet().stream().map(String::valueOf).toList()).containsSubsequence(OWN);
        assertThat(metrics(alone, true).keySet().stream().map(String::valueOf).toList()).doesNotContainAnyElementsOf(OWN);
        assertThat(CopyAudit.stored(judged).orElseThrow().features()).hasValueSatisfying(space -> assertThat(space.pairs()).hasSize(24));
        assertThat(CopyAudit.stored(judged).orElseThrow().floor().orElseThrow().value()).isBetween(0.0, value(metrics(judged, true), "frechet"));
        assertThat(judged.resolve("samples/nearest-features.png")).exists();
        assertThat(judged.resolve("report.html")).content().contains("class_agreement", "120 training pictures come to ", "Distance to the nearest training picture, in the judge");
    }

    /// 400 steps draw better than 2: nearer, more like the data, more of it covered, and read as what was asked for.
    @Test
    void whatIsLearnedShows() {
        Path run = drawer("longer", by(judge), "horizon={steps: 400}", "evaluate.every=never", "evaluate.first=true", "checkpoint={every: never}", "optimizer.learning_rate=5e-3");
        Map<?, ?> early = metrics(run, true);
        Map<?, ?> late = metrics(run, false);
        assertThat(value(late, "frechet")).isLessThan(value(early, "frechet") / 2);
        assertThat(value(late, "class_agreement")).isGreaterThan(value(early, "class_agreement") + 0.2);
        assertThat(value(late, "sample_recall")).isGreaterThan(value(early, "sample_recall"));
    }

    @Test
    void afterwardsARunIsJudgedAsWell() {
        Path run = drawer("drawer");
        Recipe own = Measured.recipe(run);
        Recipe recipe = own.withEvaluate(own.evaluate().judgedBy(judge.toString()));
        try (var measured = Measured.open(run, recipe, folder.resolve("cache"), 1, Extensions.NONE)) {
            List<Metric> metrics = measured.each((objective, model) -> objective.measurement(model)).get("validation").metrics();
            assertThat(metrics).extracting(Metric::name).containsSubsequence(OWN);
            assertThat(measured.copies().orElseThrow().spaces()).extracting(CopyAudit.Space::name).containsExactly("pixels", "features");
        }
        Path judged = drawer("judged", by(judge));
        double then = value(metrics(judged, false), "frechet");
        try (var measured = Measured.openRowByRow(judged, Measured.recipe(judged), folder.resolve("cache"), 1, Extensions.NONE)) {
            Metric again = measured.each((objective, model) -> objective.measurement(model)).get("validation").metrics().stream()
                    .filter(metric -> metric.name().equals("frechet")).findFirst().orElseThrow();
            assertThat(again.value()).as("the same pictures, however they come").isEqualTo(then);
        }
    }

    @Test
    void aJudgeOfOtherClassesSaysNothingOfClasses() {
        Path letters = folder.resolve("letters");
        TrainingRun.run(reader("data.train={glyphs: letters, rows: 120}", "data.validation=none", "evaluate={tasks: []}"), TrainingRun.Request.to(letters));
        Path run = folder.resolve("run");
        List<String> said = new ArrayList<>();
        TrainingRun.run(CopyAuditTest.recipe(by(letters)), TrainingRun.Request.to(run).watchedBy(event -> {
            if (event instanceof Event.Noted noted) {
                said.add(noted.text());
            }
        }));
        assertThat(metrics(run, true).keySet().stream().map(String::valueOf).toList()).contains("frechet").doesNotContain("class_agreement");
        assertThat(said).anyMatch(text -> text.startsWith("evaluate.judge does not know all classes"))
                .anyMatch(text -> text.startsWith("in pixels ") && text.contains("; in the judge's features "));
    }

    @Test
    void whoCannotJudgeIsRefusedBeforeAStepIsMade() {
        Path large = folder.resolve("large");
        TrainingRun.run(reader("data.height=16"), TrainingRun.Request.to(large));
        Path run = folder.resolve("run");
        assertThatThrownBy(() -> TrainingRun.run(CopyAuditTest.recipe(by(large)), TrainingRun.Request.to(run)))
                .isInstanceOf(RecipeException.class)
                .hasMessageContaining("reads pictures of 1 x 16 x 16").hasMessageContaining("the model draws some of 1 x 14 x 14").hasMessageContaining("data.height=14");
        assertThat(new RunFiles(run).checkpoints()).isEmpty();
        Path drawer = drawer("drawer");
        assertThatThrownBy(() -> TrainingRun.run(CopyAuditTest.recipe(by(drawer)), TrainingRun.Request.to(run)))
                .isInstanceOf(RecipeException.class).hasMessageContaining("has no classifier");
        assertThatThrownBy(() -> TrainingRun.run(CopyAuditTest.recipe(by(folder.resolve("nowhere"))), TrainingRun.Request.to(run)))
                .hasMessageContaining("nowhere");
        Recipe reads = reader();
        assertThatThrownBy(() -> Measured.open(judge, reads.withEvaluate(reads.evaluate().judgedBy(judge.toString())), folder.resolve("cache"), 1, Extensions.NONE))
                .isInstanceOf(RecipeException.class).hasMessageContaining("this one draws nothing");
    }

    /// What a judge reads is what its classifier says, and its features are those that the classifier's last layer reads.
    @Test
    void aJudgeIsItsClassifier() throws Exception {
        try (var parts = PictureParts.open((DataRecipe.Images) reader().data(), 3, true, folder.resolve("cache"));
                var asked = PictureJudge.open(judge.toString(), Backbones.Custom.NONE);
                var classifier = PictureClassifier.open(judge)) {
            List<Picture> pictures = IntStream.range(0, 70).mapToObj(parts.train()::picture).toList();
            float[] values = new float[70 * 14 * 14];
            IntStream.range(0, 70).forEach(i -> Picture.values(pictures.get(i).pixels(), 1, values, i * 14 * 14));
            PictureJudge.Seen seen = asked.look(values);
            assertThat(seen.features()).hasSize(70 * 24);
            assertThat(IntStream.of(seen.classes()).mapToObj(asked.labels()::get).toList())
                    .isEqualTo(classifier.predict(pictures).stream().map(said -> said.label()).toList());
        }
    }

    @Test
    void aResumeGivesTheSameScores() throws Exception {
        Path whole = drawer("whole", by(judge));
        Path parted = folder.resolve("parted");
        TrainingRun.run(CopyAuditTest.recipe(by(judge)), TrainingRun.Request.to(parted).stoppedBy(new java.util.function.BooleanSupplier() {
            private int asked;

            @Override
            public boolean getAsBoolean() {
                return ++asked > 2;
            }
        }));
        assertThat(CopyAudit.stored(parted)).isEmpty();
        TrainingRun.run(CopyAuditTest.recipe(by(judge)), TrainingRun.Request.to(parted).resuming());
        assertThat(metrics(parted, false)).isEqualTo(metrics(whole, false));
        assertThat(Files.readAllBytes(parted.resolve("copies.json"))).isEqualTo(Files.readAllBytes(whole.resolve("copies.json")));
        assertThat(CopyAudit.of(parted, Optional.empty()).features()).isEmpty();
    }
}

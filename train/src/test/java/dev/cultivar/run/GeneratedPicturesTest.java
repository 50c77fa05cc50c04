package dev.cultivar.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cultivar.batch.DataException;
import dev.cultivar.checkpoint.MetricsFile;
import dev.cultivar.checkpoint.RunFiles;
import dev.cultivar.data.Audit;
import dev.cultivar.format.CheckpointException;
import dev.cultivar.format.JsonFiles;
import dev.cultivar.format.Sha256;
import dev.cultivar.generate.PictureGenerator;
import dev.cultivar.image.Picture;
import dev.cultivar.pictures.PicturePart;
import dev.cultivar.pictures.PictureParts;
import dev.cultivar.recipe.DataRecipe;
import dev.cultivar.recipe.Recipe;
import dev.cultivar.recipe.RecipeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Classifiers that learn from what a generator draws.
class GeneratedPicturesTest {
    @TempDir
    private Path temporary;

    private Path pictures = Path.of("");

    @BeforeEach
    void draw() throws IOException {
        pictures = Drawings.folder(temporary.resolve("pictures"), 30);
    }

    private Path run(String name, Recipe recipe) {
        TrainingRun.run(recipe, TrainingRun.Request.to(temporary.resolve(name)).cachedIn(temporary.resolve("shared")));
        return temporary.resolve(name);
    }

    /// A VAE of 12 x 12 pictures after a few steps.
    private Path generator(String name, Path learns, boolean conditional, String... more) {
        var overrides = new java.util.ArrayList<>(List.of(
                "backbone={kind: mlp, hidden: [8]}", "objective={kind: vae, latent: 2, conditional: " + conditional + "}", "data.normalize=none",
                "evaluate={every: never}", "horizon={steps: 3}"));
        overrides.addAll(List.of(more));
        return run(name, Drawings.recipe(learns, overrides.toArray(String[]::new)));
    }

    private static String added(Path generator, int rows) {
        return "data.added=[{generator: '" + generator + "', rows: " + rows + ", seed: 4}]";
    }

    private static int steps(Path run) {
        return (int) MetricsFile.read(new RunFiles(run).metrics()).stream().filter(event -> "step".equals(event.get("event"))).count();
    }

    @Test
    void aClassifierLearnsFromThemAndProvenanceTellsWhoDrewThem() throws IOException {
        Path generator = generator("vae", pictures, true);
        Path plain = run("plain", Drawings.recipe(pictures, "horizon={epochs: 1}"));
        Recipe recipe = Drawings.recipe(pictures, "horizon={epochs: 1}", added(generator, 21));
        Path run = run("more", recipe);
        assertThat(steps(plain)).isEqualTo(48 / 8);
        assertThat(steps(run)).isEqualTo((48 + 21 + 7) / 8);

        Map<?, ?> before = (Map<?, ?>) JsonFiles.read(new RunFiles(plain).provenance()).get("data");
        Map<?, ?> data = (Map<?, ?>) JsonFiles.read(new RunFiles(run).provenance()).get("data");
        String weights = Sha256.of(new RunFiles(generator).last().orElseThrow().toRealPath().resolve("model.safetensors"));
        assertThat(data.get("drawn by " + generator)).isEqualTo(weights);
        assertThat(data.get("validation")).isEqualTo(before.get("validation"));
        assertThat(data.get("train")).isNotEqualTo(before.get("train"));
        assertThat(Files.readString(run.resolve("README.md"))).contains("21 pictures drawn by " + generator);
    }

    @Test
    void theyAreWhatTheGeneratorDraws() {
        Path generator = generator("vae", pictures, true);
        Recipe recipe = Drawings.recipe(pictures, added(generator, 5));
        try (var parts = PictureParts.open(
                        (DataRecipe.Images) recipe.data(), recipe.seed(), true, temporary.resolve("own"), OpenedMaker::open, PictureParts.Admission.ANY);
                var drawn = PictureGenerator.open(generator)) {
            PicturePart part = parts.added().getFirst();
            float[] values = drawn.pictures(4, 0, List.of("bar", "square", "bar", "square", "bar"));
            for (int row = 0; row < 5; row++) {
                assertThat(part.picture(row).pixels()).isEqualTo(Picture.of(values, row * 144, 1, 12, 12).pixels());
            }
            assertThat(part.label(3)).isEqualTo("square");
        }
    }

    @Test
    void whoGoesOnComesToTheSameBitsAndNotWithAnotherGeneratorInItsPlace() throws IOException {
        Path generator = generator("vae", pictures, true);
        Recipe recipe = Drawings.recipe(pictures, added(generator, 10));
        Path whole = run("whole", recipe);
        var steps = new AtomicInteger();
        var request = TrainingRun.Request.to(temporary.resolve("parts")).cachedIn(temporary.resolve("shared"));
        TrainingRun.run(recipe, request.stoppedBy(() -> steps.incrementAndGet() == 4));
        Path kept = Files.move(generator, temporary.resolve("kept"));
        Files.move(generator("other", pictures, true, "seed=4"), generator);
        assertThatThrownBy(() -> TrainingRun.run(recipe, request.resuming()))
                .isInstanceOf(RecipeException.class).hasMessageContaining("the train rows are not those that the run began with");
        Files.move(generator, temporary.resolve("away"));
        Files.move(kept, generator);
        TrainingRun.run(recipe, request.resuming());
        Tiny.assertSame(whole, temporary.resolve("parts"));
    }

    @Test
    void whatCannotBeLearnedFromIsRefusedWithItsReason() throws IOException {
        Path plain = generator("plain", pictures, false);
        assertThatThrownBy(() -> run("a", Drawings.recipe(pictures, added(plain, 10))))
                .isInstanceOf(DataException.class).hasMessageContaining("data.added: drawn by " + plain).hasMessageContaining("conditional: true");
        Path others = Drawings.folder(temporary.resolve("others"), 4);
        Files.move(others.resolve("bar"), others.resolve("pole"));
        Path stranger = generator("stranger", others, true);
        assertThatThrownBy(() -> run("b", Drawings.recipe(pictures, added(stranger, 10))))
                .isInstanceOf(DataException.class).hasMessageContaining("class 'pole'").hasMessageContaining("2 classes of the training pictures (bar, square)");
        assertThatThrownBy(() -> run("c", Drawings.recipe(pictures, "data.added=[{folder: '" + others + "'}]")))
                .isInstanceOf(DataException.class).hasMessageContaining("data.added: " + others + ": has pictures of class 'pole'");
        assertThatThrownBy(() -> run("d", Drawings.recipe(pictures, added(temporary.resolve("nowhere"), 10))))
                .isInstanceOf(CheckpointException.class).hasMessageContaining("data: generator " + temporary.resolve("nowhere") + " cannot draw pictures");
        Path classifier = run("classifier", Drawings.recipe(pictures));
        assertThatThrownBy(() -> run("e", Drawings.recipe(pictures, added(classifier, 10))))
                .isInstanceOf(CheckpointException.class).hasMessageContaining("does not make pictures");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{kind: autoencoder}", "{kind: vae, latent: 2}"})
    void whatLearnsFromNoLabelsTakesPicturesWithout(String objective) {
        Path plain = generator("plain", pictures, false);
        Path run = run("run", Drawings.recipe(
                pictures, added(plain, 8), "objective=" + objective, "backbone={kind: mlp, hidden: [8]}", "data.normalize=none", "horizon={epochs: 1}"));
        assertThat(steps(run)).isEqualTo((48 + 8) / 8);
        CopyAudit.stored(run).ifPresent(audit -> assertThat(audit.training()).as("added ones may be copied, too").isEqualTo(48 + 8));
        assertThat(CopyAudit.stored(run).isPresent()).isEqualTo(objective.contains("vae"));
    }

    /// The added are labelled rows beside those of `data.rows`; what is learned from without labels is the rest of the training pictures, as before.
    @Test
    void fixMatchTakesThemAsLabelledRows() {
        Path generator = generator("vae", pictures, true);
        Path run = run("run", Drawings.recipe(
                pictures, added(generator, 8), "data.rows=8", "objective={kind: fixmatch, ratio: 1}", "horizon={epochs: 1}"));
        assertThat(steps(run)).isEqualTo(2);
    }

    @Test
    void theAuditFindsHeldOutPicturesThatAGeneratorHasSeen() {
        Path honest = generator("honest", pictures, true);
        Path cache = temporary.resolve("shared");
        Audit audit = Audits.of(Drawings.recipe(pictures, added(honest, 10)), cache).rows().orElseThrow();
        assertThat(audit.failed()).isFalse();
        assertThat(audit.findings()).extracting(Audit.Finding::message).noneMatch(message -> message.startsWith("generator"));

        Path seen = generator("seen", pictures, true, "data.validation=none");
        audit = Audits.of(Drawings.recipe(pictures, added(seen, 10)), cache).rows().orElseThrow();
        assertThat(audit.failed()).isTrue();
        assertThat(audit.findings()).extracting(Audit.Finding::message)
                .anyMatch(message -> message.startsWith("validation: 12 of 12 pictures are among those that the generator " + seen + " has learned from"));
    }

    @Test
    void aGeneratorMayBeAllThereIsToLearnFrom() {
        Path generator = generator("vae", pictures, true);
        Path run = run("run", Drawings.recipe(
                pictures, "data.train={generator: '" + generator + "', rows: 40}", "data.validation={folder: '" + pictures + "'}", "horizon={epochs: 1}"));
        assertThat(steps(run)).isEqualTo(40 / 8);
        Audit audit = Audits.of(Measured.recipe(run), temporary.resolve("shared")).rows().orElseThrow();
        assertThat(audit.findings()).extracting(Audit.Finding::message).anyMatch(message -> message.startsWith("generator " + generator));
    }

    @Test
    void aMisspeltSourceIsTold() {
        assertThatThrownBy(() -> Drawings.recipe(pictures, "data.added=[{generater: x}]"))
                .isInstanceOf(RecipeException.class).hasMessageContaining("data.added.0.generater is not a key; did you mean generator?");
        assertThatThrownBy(() -> Drawings.recipe(pictures, "data.added={generator: x}")).hasMessageContaining("data.added must be a list");
        assertThatThrownBy(() -> Drawings.recipe(pictures, "data.added=[{generator: x, rows: 0}]")).hasMessageContaining("data.added.0.rows");
    }
}

package dev.cultivar.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cultivar.batch.DataException;
import dev.cultivar.checkpoint.MetricsFile;
import dev.cultivar.checkpoint.RunFiles;
import dev.cultivar.data.Audit;
import dev.cultivar.data.Example;
import dev.cultivar.format.JsonFiles;
import dev.cultivar.image.Picture;
import dev.cultivar.image.PictureWriter;
import dev.cultivar.nn.Backbones;
import dev.cultivar.nn.ModelFolder;
import dev.cultivar.objective.Classification;
import dev.cultivar.predict.PictureClassifier;
import dev.cultivar.predict.PictureEmbedder;
import dev.cultivar.recipe.DeviceRecipe;
import dev.cultivar.recipe.Recipe;
import dev.cultivar.recipe.RecipeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Pictures from files to a model that is asked.
class ImagesTest {
    private static final String VGG = "data.height=32|backbone={kind: vgg, channels: [2, 3, 4, 4, 4], hidden: 8}";
    private static final String VIT = "backbone={kind: vit, layers: 2, width: 8, heads: 2, patch: 4}";

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

    @Test
    void barsAreToldFromSquaresAndPredictionsAreThoseThatWereMeasured() {
        Path run = run("run", Drawings.recipe(pictures, "horizon={steps: 120}", "evaluate={every: {steps: 40}}"));
        Recipe recipe = Measured.recipe(run);
        try (var measured = Measured.openRowByRow(run, recipe, temporary.resolve("shared"), 1, Extensions.NONE);
                var classifier = PictureClassifier.open(run)) {
            var scores = (Classification.Scores) measured.each((objective, model) -> objective.measurement(model)).firstEntry().getValue();
            assertThat(scores.scores().accuracy().value()).isGreaterThan(0.9);
            assertThat(classifier.labels()).containsExactly("bar", "square");
            assertThat(classifier.predict(Drawings.drawn(true, 5_001)).label()).isEqualTo("bar");
            assertThat(classifier.predict(Drawings.drawn(false, 5_002)).label()).isEqualTo("square");
        }
    }

    @Test
    void anotherSizeAndColoursAreBroughtIntoForm() {
        Path run = run("run", Drawings.recipe(pictures));
        byte[] rgb = new byte[24 * 24 * 3];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) (i % 72 / 3 == 10 ? 250 : 10);
        }
        try (var classifier = PictureClassifier.open(run); var embedder = PictureEmbedder.open(run)) {
            assertThat(classifier.predict(new Picture(24, 24, 3, rgb)).scores()).hasSize(2);
            float[] vector = embedder.embed(new Picture(24, 24, 3, rgb));
            double square = 0;
            for (float each : vector) {
                square += each * each;
            }
            assertThat(vector).hasSize(embedder.width());
            assertThat(square).isCloseTo(1, org.assertj.core.api.Assertions.within(1e-4));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "strategy={kind: full}",
        "data.augment={shift: 0.1, rotate: 20, scale: 0.1, shear: 10, flip: 0.5, brightness: 0.1, contrast: 0.2, erase: 0.5}",
        "data.augment={mixup: 0.4, cutmix: 0.5}",
        "backbone={kind: resnet, depth: 18, width: 2, stem: small}",
        "batching={rows: 4, accumulation: 2, loaders: 2}"
    })
    void whoGoesOnComesToTheSameBits(String override) {
        Recipe recipe = Drawings.recipe(pictures, override);
        Path whole = run("whole", recipe);
        var steps = new AtomicInteger();
        var request = TrainingRun.Request.to(temporary.resolve("parts")).cachedIn(temporary.resolve("shared"));
        TrainingRun.run(recipe, request.stoppedBy(() -> steps.incrementAndGet() == 4));
        TrainingRun.run(recipe, request.resuming());
        Tiny.assertSame(whole, temporary.resolve("parts"));
    }

    /// Loaders make batches beside the steps, so that these hardly wait; where there are none, each step waits until its batch is made.
    @Test
    void theLogTellsWhatShareOfTheStepsWaited() {
        for (int loaders : new int[] {0, 1}) {
            Path run = run("run" + loaders, Drawings.recipe(pictures, "batching.loaders=" + loaders));
            assertThat(MetricsFile.read(new RunFiles(run).metrics()).stream().filter(event -> "end".equals(event.get("event"))))
                    .singleElement()
                    .satisfies(end -> assertThat((Double) end.get("waited_for_batches")).isGreaterThan(0).isLessThan(1));
        }
    }

    /// Which it is is written down; moments lie as the weights do, so that a run keeps what it began with.
    @Test
    void mapsLieChannelsLastAndARunKeepsItsFormat() throws IOException {
        Path last = run("last", Drawings.recipe(pictures));
        Path plain = run("plain", Drawings.recipe(pictures, "device.memory_format=contiguous"));
        assertThat(Files.readString(new RunFiles(last).recipe())).contains("memory_format: channels_last");
        assertThat(Files.readString(new RunFiles(plain).recipe())).contains("memory_format: contiguous");
        assertThat(Measured.recipe(last).device().memoryFormat()).isEqualTo(DeviceRecipe.MemoryFormat.CHANNELS_LAST);
        var request = TrainingRun.Request.to(plain).cachedIn(temporary.resolve("shared")).resuming();
        assertThatThrownBy(() -> TrainingRun.run(Drawings.recipe(pictures, "device.memory_format=channels_last", "resume=inexact", "horizon={steps: 12}"), request))
                .isInstanceOf(RecipeException.class)
                .hasMessageContaining("the run has device.memory_format contiguous");
        TrainingRun.run(Drawings.recipe(pictures, "resume=inexact", "horizon={steps: 12}"), request);
        assertThat(Measured.recipe(plain).device().memoryFormat()).isEqualTo(DeviceRecipe.MemoryFormat.CONTIGUOUS);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "strategy={kind: feature_extraction}",
        "strategy={kind: partial, trained: 1}",
        VGG + "|strategy={kind: partial, trained: 2}",
        VGG + "|strategy={kind: partial, trained: 5}",
        VIT + "|strategy={kind: partial, trained: 1}",
        "backbone={kind: resnet, depth: 18, width: 2, stem: small}|strategy={kind: feature_extraction}",
        "data.augment={shift: 0.1, views: 3}|strategy={kind: feature_extraction}",
    })
    void frozenLayersAreComputedOnceToTheSameBits(String overrides) {
        List<String> all = new ArrayList<>(List.of(overrides.split("\\|")));
        Path off = run("off", Drawings.recipe(pictures, with(all, "precompute=off")));
        Path filled = run("filled", Drawings.recipe(pictures, with(all, "precompute=on")));
        Path read = run("read", Drawings.recipe(pictures, with(all, "precompute=auto")));
        for (Path run : List.of(filled, read)) {
            assertThat(Tiny.tensors(run)).isEqualTo(Tiny.tensors(off));
            assertThat(Tiny.log(run)).isEqualTo(Tiny.log(off));
        }
        assertThat(MetricsFile.read(new RunFiles(read).metrics())).anySatisfy(event -> assertThat(String.valueOf(event.get("text")))
                .contains("frozen layers are computed once for each row"));
    }

    private static String[] with(List<String> overrides, String more) {
        List<String> all = new ArrayList<>(overrides);
        all.add(more);
        return all.toArray(String[]::new);
    }

    @Test
    void whatIsExportedAnswersAlike() {
        Path run = run("run", Drawings.recipe(pictures));
        Path out = temporary.resolve("out");
        var exported = Export.write(run, new RunFiles(run).last().orElseThrow(), Export.Format.SAFETENSORS, false, out, Extensions.NONE);
        assertThat(exported.rows()).isEqualTo(16);
        assertThat(exported.answers()).isZero();
        Picture picture = Drawings.drawn(true, 77);
        try (var before = PictureClassifier.open(new RunFiles(run).last().orElseThrow()); var after = PictureClassifier.open(out)) {
            assertThat(after.predict(picture).scores()).isEqualTo(before.predict(picture).scores());
        }
    }

    @Test
    void picturesThatChangeEachEpochAreNotComputedOnce() {
        Recipe recipe = Drawings.recipe(pictures, "data.augment={shift: 0.1}", "strategy={kind: feature_extraction}", "precompute=on");
        assertThatThrownBy(() -> run("run", recipe)).isInstanceOf(RecipeException.class).hasMessageContaining("data.augment.views");
    }

    @Test
    void aHeadIsReplacedAndTheRestKept() throws IOException {
        Path first = run("first", Drawings.recipe(pictures, VGG.split("\\|")));
        Path others = temporary.resolve("others");
        Drawings.folder(others, 12);
        Files.move(others.resolve("bar"), others.resolve("stick"));
        Files.createDirectories(others.resolve("dot"));
        for (int i = 0; i < 10; i++) {
            PictureWriter.png(others.resolve("dot").resolve(i + ".png"), Drawings.drawn(false, 900 + i));
        }
        String backbone = "backbone={kind: pretrained, model: " + new RunFiles(first).last().orElseThrow() + "}";
        assertThatThrownBy(() -> run("kept", Drawings.recipe(others, backbone, "data.height=32")))
                .hasMessageContaining("[bar, square]").hasMessageContaining("objective.head=new");
        Path second = run("second", Drawings.recipe(others, backbone, "data.height=32", "objective.head=new", "strategy={kind: feature_extraction}"));
        assertThat(Tiny.tensors(second).get("classifier.0.weight")).isEqualTo(Tiny.tensors(first).get("classifier.0.weight"));
        try (var folder = ModelFolder.open(new RunFiles(second).last().orElseThrow())) {
            assertThat(folder.labels()).containsExactly("dot", "square", "stick");
            assertThat(folder.classes()).isEqualTo(3);
        }
        Map<String, ?> before = JsonFiles.read(new RunFiles(first).last().orElseThrow().resolve("config.json"));
        Map<String, ?> after = JsonFiles.read(new RunFiles(second).last().orElseThrow().resolve("config.json"));
        assertThat(((Map<?, ?>) ((Map<?, ?>) after.get("cultivar")).get("pictures")).get("mean"))
                .as("what was normalised how stays so").isEqualTo(((Map<?, ?>) ((Map<?, ?>) before.get("cultivar")).get("pictures")).get("mean"));
    }

    @Test
    void tablesOfFilesAndOfPixelsAreRead() throws IOException {
        var files = new StringBuilder("picture,kind,height\n");
        var pixels = new StringBuilder("kind");
        for (int i = 0; i < Drawings.SIDE * Drawings.SIDE; i++) {
            pixels.append(",p").append(i);
        }
        pixels.append('\n');
        for (int i = 0; i < 24; i++) {
            boolean bar = i % 2 == 0;
            files.append("pictures/").append(bar ? "bar" : "square").append("/p%03d.png,".formatted(i / 2)).append(bar ? "tall" : "low").append(',').append(bar ? 8 : 3).append('\n');
            pixels.append(bar ? "tall" : "low");
            for (byte each : Drawings.drawn(bar, 31L * i).pixels()) {
                pixels.append(',').append(each & 0xFF);
            }
            pixels.append('\n');
        }
        Path table = Files.writeString(temporary.resolve("files.csv"), files);
        Path numbers = Files.writeString(temporary.resolve("pixels.csv"), pixels);
        Path named = run("named", Drawings.recipe(pictures, "data.train={file: " + table + ", path: picture, label: kind}"));
        Path counted = run("counted", Drawings.recipe(pictures, "data.train={pixels: " + numbers + ", label: kind, height: 12}"));
        for (Path run : List.of(named, counted)) {
            try (var classifier = PictureClassifier.open(run)) {
                assertThat(classifier.labels()).containsExactly("low", "tall");
            }
        }
        Path valued = run("valued", Drawings.recipe(
                pictures, "data.train={file: " + table + ", path: picture, label: height}", "objective={kind: regression}", "horizon={steps: 60}"));
        try (var asked = Asked.open(valued.toString(), Backbones.Custom.NONE)) {
            assertThat(asked.readsPictures()).isTrue();
            Object value = asked.ask(List.of(new Example(1, pictures.resolve("bar/p000.png").toString(), "", ""))).getFirst().json().get("value");
            assertThat((Double) value).isBetween(2.0, 10.0);
        }
    }

    @Test
    void whatCannotBeReadIsToldBeforeTraining() throws IOException {
        Files.writeString(pictures.resolve("bar/p001.png"), "no picture", StandardCharsets.UTF_8);
        Files.write(pictures.resolve("square/p002.png"), new byte[0]);
        assertThatThrownBy(() -> run("run", Drawings.recipe(pictures)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("2 of 60 pictures cannot be read")
                .hasMessageContaining("p001.png").hasMessageContaining("p002.png");
        assertThat(new RunFiles(temporary.resolve("run")).checkpoints()).isEmpty();
    }

    @Test
    void foldersAndTablesThatLackSomethingAreTold() throws IOException {
        Files.createDirectories(pictures.resolve("nothing"));
        assertThatThrownBy(() -> run("a", Drawings.recipe(pictures))).hasMessageContaining("nothing").hasMessageContaining("holds no picture");
        assertThatThrownBy(() -> run("b", Drawings.recipe(temporary.resolve("nowhere")))).hasMessageContaining("does not exist");
        Path table = Files.writeString(temporary.resolve("files.csv"), "path,label\npictures/bar/p000.png,bar\npictures/bar/gone.png,bar\n");
        assertThatThrownBy(() -> run("c", Drawings.recipe(pictures, "data.train={file: " + table + "}")))
                .isInstanceOf(DataException.class).hasMessageContaining("files.csv:3").hasMessageContaining("gone.png");
        Path pixels = Files.writeString(temporary.resolve("pixels.csv"), "label,a,b\n1,3,256\n");
        assertThatThrownBy(() -> run("d", Drawings.recipe(pictures, "data.train={pixels: " + pixels + ", height: 1, width: 2}")))
                .hasMessageContaining("pixel 2 is '256'");
        assertThatThrownBy(() -> run("e", Drawings.recipe(pictures, "data.train={pixels: " + pixels + ", height: 2}")))
                .hasMessageContaining("has 2 columns beside the label's").hasMessageContaining("= 4 pixels");
    }

    @Test
    void equalPicturesOnBothSidesAreFound() throws IOException {
        Path held = Drawings.folder(temporary.resolve("held"), 3);
        Audit audit = Audits.of(Drawings.recipe(pictures, "data.validation={folder: " + held + "}"), temporary.resolve("shared")).rows().orElseThrow();
        assertThat(audit.failed()).isTrue();
        assertThat(audit.findings()).anySatisfy(finding -> assertThat(finding.message()).contains("validation: 6 pictures are in the training part too"));
        assertThat(audit.labels()).extracting(Audit.LabelCount::label).containsExactlyInAnyOrder("bar", "square");
    }

    @Test
    void aNetworkOfAnotherSizeOrOfTextIsRefused() {
        Path first = run("first", Drawings.recipe(pictures));
        String backbone = "backbone={kind: pretrained, model: " + first + "}";
        assertThatThrownBy(() -> run("a", Drawings.recipe(pictures, backbone, "data.height=16"))).hasMessageContaining("data.height=12");
        assertThatThrownBy(() -> run("b", Drawings.recipe(pictures, backbone, "data.channels=3"))).hasMessageContaining("data.channels=1");
        assertThatThrownBy(() -> run("c", Drawings.recipe(pictures, "backbone={kind: vgg, channels: [2, 3, 4, 4, 4], hidden: 8}")))
                .isInstanceOf(RecipeException.class).hasMessageContaining("[12, 12] is too small for VGG16");
        assertThatThrownBy(() -> Drawings.recipe(pictures, "objective={kind: masked_lm}")).hasMessageContaining("reads text, and the data are pictures");
        assertThatThrownBy(() -> Drawings.recipe(pictures, "batching={tokens: 512}")).hasMessageContaining("batching.rows");
        assertThatThrownBy(() -> Drawings.recipe(pictures, "objective.pooling=mean")).hasMessageContaining("pooling");
    }
}

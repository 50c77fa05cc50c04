package dev.cultivar.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cultivar.batch.PictureShape;
import dev.cultivar.checkpoint.RunFiles;
import dev.cultivar.image.Picture;
import dev.cultivar.image.PictureReader;
import dev.cultivar.pictures.PicturePart;
import dev.cultivar.pictures.PictureParts;
import dev.cultivar.recipe.DataRecipe;
import dev.cultivar.recipe.Recipe;
import dev.cultivar.recipe.RecipeException;
import dev.cultivar.recipe.RecipeReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an audit says of a model that copies, of one that does not, and of one whose pictures are blurred.
class CopyAuditTest {
    private static final int ROWS = 300;

    @TempDir
    Path folder;

    private PictureParts parts;

    @BeforeEach
    void open() {
        parts = PictureParts.open((DataRecipe.Images) recipe().data(), 3, true, folder.resolve("cache"));
    }

    @AfterEach
    void close() {
        parts.close();
    }

    static Recipe recipe(String... overrides) {
        return RecipeReader.read("""
                seed: 3
                backbone: {kind: mlp, hidden: [24]}
                data:
                  kind: images
                  train: {glyphs: digits, rows: 300}
                  validation: {glyphs: digits, rows: 120, seed: 18}
                  height: 14
                  normalize: none
                objective: {kind: vae, latent: 4, conditional: true}
                optimizer: {kind: adamw, learning_rate: 1e-3}
                horizon: {steps: 4}
                batching: {rows: 16}
                evaluate: {every: {steps: 2}}
                checkpoint: {every: {steps: 2}}
                device: {kind: cpu, threads: 1, precision: float32}
                """, "audited.yaml", List.of(overrides));
    }

    private static DrawnSamples samples(List<Picture> pictures) {
        Picture one = pictures.getFirst();
        var shape = new PictureShape(one.channels(), one.height(), one.width());
        float[] values = new float[pictures.size() * shape.values()];
        for (int i = 0; i < pictures.size(); i++) {
            Picture.values(pictures.get(i).pixels(), shape.channels(), values, i * shape.values());
        }
        return new DrawnSamples(shape, values, List.of());
    }

    private static DrawnSamples samples(PicturePart of, int count) {
        return samples(IntStream.range(0, count).mapToObj(of::picture).toList());
    }

    private CopyAudit audit(DrawnSamples samples, Optional<PicturePart> heldOut) {
        return new CopySearch(samples, parts.train(), heldOut, Optional.empty()).audit("step-000001", "validation");
    }

    @Test
    void whoCopiesIsFound() {
        CopyAudit audit = audit(samples(parts.train(), 60), parts.validation());
        CopyAudit.Space pixels = audit.pixels();
        assertThat(pixels.scores().near().value()).isEqualTo(1);
        assertThat(pixels.scores().nearer().orElseThrow().low()).isGreaterThan(0.5);
        assertThat(pixels.pairs()).hasSize(24).allSatisfy(pair -> {
            assertThat(pair.distance()).isZero();
            assertThat(parts.train().picture(pair.row())).isEqualTo(parts.train().picture(pair.sample()));
        });
        assertThat(audit.samples()).isEqualTo(60);
        assertThat(audit.training()).isEqualTo(ROWS);
        assertThat(audit.others()).isEqualTo(120);
        assertThat(audit.features()).isEmpty();
    }

    /// Other digits of the same kind are no copies; whether the comparison is with pictures that were held out or with training pictures themselves.
    @Test
    void whoDrawsAnewIsNotAccused() {
        var images = (DataRecipe.Images) recipe("data.validation={glyphs: digits, rows: 200, seed: 99}").data();
        try (var fresh = PictureParts.open(images, 3, true, folder.resolve("cache"))) {
            DrawnSamples samples = samples(fresh.validation().orElseThrow(), 200);
            CopyAudit held = audit(samples, parts.validation());
            assertThat(held.pixels().scores().near().low()).isLessThanOrEqualTo(held.pixels().scores().expected());
            assertThat(held.pixels().scores().nearer().orElseThrow().low()).isLessThan(0.5);
            assertThat(held.against()).isEqualTo("validation");
            CopyAudit own = audit(samples, Optional.empty());
            assertThat(own.against()).isEqualTo("train");
            assertThat(own.pixels().scores().nearer()).isEmpty();
            assertThat(own.pixels().scores().otherMedian()).as("no picture is its own neighbour").isCloseTo(held.pixels().scores().otherMedian(), within(0.02));
            assertThat(own.pixels().scores().near().low()).isLessThanOrEqualTo(own.pixels().scores().expected());
        }
    }

    /// The mean of many pictures is near to everything: it is no nearer to what was learned from than to what was held out.
    @Test
    void blurIsNearToEverythingAndToNoneMore() {
        double[] sums = new double[14 * 14];
        IntStream.range(0, ROWS).forEach(row -> {
            byte[] pixels = parts.train().picture(row).pixels();
            IntStream.range(0, sums.length).forEach(i -> sums[i] += (pixels[i] & 0xFF) / (double) ROWS);
        });
        var random = new SplittableRandom(5);
        List<Picture> blurred = IntStream.range(0, 100).mapToObj(_ -> {
            byte[] pixels = new byte[sums.length];
            IntStream.range(0, pixels.length).forEach(i -> pixels[i] = (byte) Math.clamp(Math.round(sums[i] * random.nextDouble(0.8, 1.2)), 0, 255));
            return new Picture(14, 14, 1, pixels);
        }).toList();
        CopyAudit audit = audit(samples(blurred), parts.validation());
        assertThat(audit.pixels().scores().median()).isLessThan(audit.pixels().scores().otherMedian() * 1.2);
        assertThat(audit.pixels().scores().nearer()).hasValueSatisfying(nearer -> {
            assertThat(nearer.low()).isLessThan(0.5);
            assertThat(nearer.high()).isGreaterThan(0.5);
        });
    }

    /// Root mean square over 14 x 14 values; the nearest by going through all of them.
    @Test
    void distancesAreThoseOfThePictures() {
        DrawnSamples samples = samples(parts.validation().orElseThrow(), 20);
        CopyAudit audit = audit(samples, parts.validation());
        CopyAudit.Pair pair = audit.pixels().pairs().getFirst();
        Picture sample = samples.picture(pair.sample());
        double least = IntStream.range(0, ROWS).mapToDouble(row -> {
            byte[] other = parts.train().picture(row).pixels();
            double sum = IntStream.range(0, other.length)
                    .mapToDouble(i -> ((other[i] & 0xFF) - (sample.pixels()[i] & 0xFF)) / 255.0)
                    .map(gap -> gap * gap)
                    .sum();
            return Math.sqrt(sum / other.length);
        }).min().orElseThrow();
        assertThat(pair.distance()).isCloseTo(least, within(1e-6));
    }

    @Test
    void aFileGivesItBack() {
        CopyAudit audit = audit(samples(parts.train(), 30), parts.validation());
        Path file = folder.resolve("copies.json");
        CopyFile.write(file, audit);
        assertThat(CopyFile.read(file)).contains(audit);
        CopyAudit alone = audit(samples(parts.train(), 30), Optional.empty());
        CopyFile.write(file, alone);
        assertThat(CopyFile.read(file)).contains(alone);
    }

    @Test
    void otherPicturesAreRefused() {
        Picture large = new Picture(28, 28, 1, new byte[784]);
        assertThatThrownBy(() -> audit(samples(List.of(large)), Optional.empty()))
                .isInstanceOf(RecipeException.class)
                .hasMessageContaining("1 x 28 x 28").hasMessageContaining("1 x 14 x 14");
    }

    @Test
    void aRunIsAuditedByItsFolder() throws Exception {
        Path run = folder.resolve("run");
        TrainingRun.run(recipe(), TrainingRun.Request.to(run));
        CopyAudit audit = CopyAudit.of(run);
        assertThat(CopyAudit.stored(run)).contains(audit);
        assertThat(audit.samples()).isEqualTo(500);
        assertThat(audit.checkpoint()).isEqualTo(new RunFiles(run).bestOrLast().orElseThrow().getFileName().toString());
        assertThat(audit.pixels().pairs().getFirst().label()).hasSize(1);
        dev.cultivar.format.DurableFiles.delete(run.resolve("data"));
        assertThat(CopyAudit.of(run)).as("the pictures are read again").isEqualTo(audit);
        assertThat(Files.exists(run.resolve("data"))).isFalse();
    }

    /// Six cells of four times 14 pixels, and behind each 10; with the training pictures beside them, 2 between the two.
    @Test
    void rowsOfTheDataAreShownOnlyWhereTheRecipeSaysSo() throws Exception {
        for (boolean shown : List.of(false, true)) {
            Path run = folder.resolve("shown-" + shown);
            TrainingRun.run(recipe("report.examples=" + shown), TrainingRun.Request.to(run));
            int cell = shown ? 2 * 56 + 2 : 56;
            assertThat(PictureReader.read(run.resolve("samples/nearest-pixels.png")).width()).isEqualTo(6 * (cell + 10));
            assertThat(Files.readString(run.resolve("report.html")))
                    .contains("Copies", "as near as a copy", "Distance to the nearest training picture, in pixels")
                    .contains(shown ? "The nearest pairs, in pixels" : "with report: {examples: true} in the recipe");
        }
    }

    /// What was done of the end is done again, and nothing else changes.
    @Test
    void anAuditThatAKillPreventedIsMadeUp() throws Exception {
        Path run = folder.resolve("run");
        TrainingRun.run(recipe(), TrainingRun.Request.to(run));
        CopyAudit before = CopyAudit.stored(run).orElseThrow();
        String log = Files.readString(run.resolve("metrics.jsonl"));
        Files.delete(run.resolve("copies.json"));
        TrainingRun.run(recipe(), TrainingRun.Request.to(run).resuming());
        assertThat(CopyAudit.stored(run)).contains(before);
        assertThat(Files.readString(run.resolve("metrics.jsonl"))).isEqualTo(log);
    }

    @Test
    void whoReadsPicturesIsNotAudited() throws Exception {
        Path run = folder.resolve("reads");
        TrainingRun.run(recipe("objective={kind: classification}"), TrainingRun.Request.to(run));
        assertThat(CopyAudit.stored(run)).isEmpty();
        assertThatThrownBy(() -> CopyAudit.of(run)).hasMessageContaining("does not make pictures");
    }
}

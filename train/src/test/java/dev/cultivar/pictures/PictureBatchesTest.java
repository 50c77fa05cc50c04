package dev.cultivar.pictures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cultivar.batch.Batch;
import dev.cultivar.batch.DataException;
import dev.cultivar.batch.PictureFacts;
import dev.cultivar.data.Fingerprint;
import dev.cultivar.data.Labels;
import dev.cultivar.data.Targets;
import dev.cultivar.image.Picture;
import dev.cultivar.recipe.DataRecipe;
import dev.cultivar.recipe.PictureNeeds;
import dev.cultivar.recipe.PictureObjectiveRecipe;
import dev.cultivar.recipe.PicturesRecipe.Augmentation;
import dev.cultivar.recipe.PicturesRecipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PictureBatchesTest {
    private static final PicturesRecipe.Shape SHAPE = new PicturesRecipe.Shape(4, 6, 1, PicturesRecipe.Fit.CROP);
    private static final PictureFacts PLAIN = new PictureFacts(1, 4, 6, new float[] {0}, new float[] {1});

    @TempDir
    private Path folder;

    /// Pictures whose every pixel is the picture's number, of three classes.
    private record Numbers(int size, AtomicInteger read) implements PictureRows {
        @Override
        public String name() {
            return "numbers";
        }

        @Override
        public String label(int row) {
            return String.valueOf(row % 3);
        }

        @Override
        public String place(int row) {
            return "numbers:" + row;
        }

        @Override
        public Picture picture(int row) {
            read.incrementAndGet();
            if (row == 77) {
                throw new DataException(place(row) + ": is no picture");
            }
            byte[] pixels = new byte[24];
            java.util.Arrays.fill(pixels, (byte) row);
            return new Picture(4, 6, 1, pixels);
        }

        @Override
        public void identify(Fingerprint fingerprint) {
            fingerprint.add("numbers").add(size);
        }
    }

    private PictureBatches batches(PictureStore store, Augmentation how) {
        PicturePart part = PicturePart.all(store);
        Targets targets = Targets.of(Labels.of(part));
        return new PictureBatches(part, targets, PictureBatches.labels(part, targets), PLAIN, how, 7, List.of());
    }

    @Test
    void aStoreIsReadOnceAndFoundAgain() {
        var rows = new Numbers(30, new AtomicInteger());
        try (var first = PictureStore.open(rows, SHAPE, folder)) {
            assertThat(rows.read()).hasValue(30);
            try (var again = PictureStore.open(rows, SHAPE, folder)) {
                assertThat(rows.read()).hasValue(30);
                assertThat(again.fingerprint()).isEqualTo(first.fingerprint());
                assertThat(again.picture(17).pixels()).containsOnly(17);
            }
        }
    }

    @Test
    void whatCannotBeReadLeavesNoFile() throws Exception {
        assertThatThrownBy(() -> PictureStore.open(new Numbers(80, new AtomicInteger()), SHAPE, folder))
                .isInstanceOf(DataException.class).hasMessageContaining("1 of 80 pictures").hasMessageContaining("numbers:77");
        try (var left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void fillerCountsForNothingAndValuesAreNormalised() {
        try (var store = PictureStore.open(new Numbers(30, new AtomicInteger()), SHAPE, folder)) {
            PicturePart part = PicturePart.all(store);
            Targets targets = Targets.of(Labels.of(part));
            var facts = new PictureFacts(1, 4, 6, new float[] {0.5f}, new float[] {0.25f});
            var batches = new PictureBatches(part, targets, PictureBatches.labels(part, targets), facts, Augmentation.NONE, 7, List.of());
            Batch batch = batches.make(new int[] {10, 11}, 4, 1, 0);
            assertThat(batch.rows()).isEqualTo(2);
            assertThat(batch.ints("labels").values()).containsExactly(1, 2, -100, -100);
            assertThat(batch.floats("pixel_values").shape()).containsExactly(4, 1, 4, 6);
            assertThat(batch.floats("pixel_values").values()[0]).isCloseTo((10 / 255f - 0.5f) / 0.25f, within(1e-6f));
            assertThat(batches.fixedInputs()).containsExactly("pixel_values");
        }
    }

    @Test
    void changesAreAFunctionOfEpochAndRow() {
        try (var store = PictureStore.open(new Numbers(30, new AtomicInteger()), SHAPE, folder)) {
            var how = new Augmentation(0.2, 30, 0.2, 10, 0.5, 0.1, 0.1, 0.5, 0, 0, 0);
            PictureBatches batches = batches(store, how);
            float[] alone = batches.values(new int[] {20}, 1, 3);
            float[] among = batches.values(new int[] {5, 20}, 2, 3);
            assertThat(java.util.Arrays.copyOfRange(among, 24, 48)).isEqualTo(alone);
            assertThat(batches.values(new int[] {20}, 1, 4)).isNotEqualTo(alone);
            assertThat(batches.fixedInputs()).isEmpty();
        }
    }

    @Test
    void fixedViewsComeBack() {
        try (var store = PictureStore.open(new Numbers(30, new AtomicInteger()), SHAPE, folder)) {
            PictureBatches batches = batches(store, new Augmentation(0.3, 0, 0, 0, 0, 0.3, 0, 0, 0, 0, 2));
            long different = IntStream.range(0, 40).mapToObj(epoch -> java.util.Arrays.toString(batches.values(new int[] {25}, 1, epoch))).distinct().count();
            assertThat(different).isEqualTo(2);
            assertThat(batches.fixedInputs()).containsExactly("pixel_values");
        }
    }

    @Test
    void nothingMovesWhereNothingIsAskedFor() {
        var augmenter = new Augmenter(new Augmentation(1e-12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), 4, 6, 1);
        byte[] pixels = new byte[24];
        for (int i = 0; i < 24; i++) {
            pixels[i] = (byte) (10 * i);
        }
        float[] moved = new float[24];
        float[] plain = new float[24];
        augmenter.apply(pixels, moved, 0, 1, 2, 3);
        Picture.values(pixels, 1, plain, 0);
        for (int i = 0; i < 24; i++) {
            assertThat(moved[i]).isCloseTo(plain[i], within(1e-5f));
        }
    }

    @Test
    void aFlipChangesSides() {
        var augmenter = new Augmenter(new Augmentation(0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0), 1, 4, 1);
        float[] flipped = new float[4];
        augmenter.apply(new byte[] {10, 20, 30, 40}, flipped, 0, 1, 2);
        assertThat(flipped).containsExactly(new float[] {40 / 255f, 30 / 255f, 20 / 255f, 10 / 255f}, within(1e-6f));
    }

    @Test
    void aMixtureIsOfBothPicturesAndBothLabels() {
        try (var store = PictureStore.open(new Numbers(30, new AtomicInteger()), SHAPE, folder)) {
            Batch batch = batches(store, new Augmentation(0, 0, 0, 0, 0, 0, 0, 0, 0.5, 0, 0)).make(new int[] {3, 22}, 2, 1, 0);
            float share = batch.floats("mixed_share").values()[0];
            assertThat(share).isBetween(0f, 1f);
            assertThat(batch.ints("labels").values()).containsExactly(0, 1);
            assertThat(batch.ints("mixed_labels").values()).containsExactly(1, 0);
            assertThat(batch.floats("pixel_values").values()[0] * 255).isCloseTo(share * 3 + (1 - share) * 22, within(1e-3f));
        }
    }

    @Test
    void aPatchCoversWhatItsShareSays() {
        try (var store = PictureStore.open(new Numbers(30, new AtomicInteger()), SHAPE, folder)) {
            Batch batch = batches(store, new Augmentation(0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0)).make(new int[] {3, 22, 8}, 3, 1, 5);
            float[] values = batch.floats("pixel_values").values();
            for (int row = 0; row < 3; row++) {
                int own = List.of(3, 22, 8).get(row);
                int at = 24 * row;
                long kept = IntStream.range(at, at + 24).filter(i -> Math.round(values[i] * 255) == own).count();
                assertThat(kept / 24.0).isCloseTo(batch.floats("mixed_share").values()[row], within(1e-6));
            }
        }
    }

    @Test
    void fewLabelledPicturesAreDealtOutToAllClassesAndTheRestStaysApart() {
        var glyphs = new PicturesRecipe.Source.Glyphs(PicturesRecipe.Alphabet.DIGITS, 200, 3);
        var images = new DataRecipe.Images(
                glyphs, new PicturesRecipe.Held.Fraction(0.2), new PicturesRecipe.Held.None(), 30,
                new PicturesRecipe.Shape(16, 16, 1, PicturesRecipe.Fit.CROP), new PicturesRecipe.Normalization.OfData(), Augmentation.NONE);
        try (var parts = PictureParts.open(images, 5, true, folder)) {
            assertThat(parts.train().size()).isEqualTo(30);
            assertThat(parts.rest().size()).isEqualTo(130);
            assertThat(parts.validation().orElseThrow().size()).isEqualTo(40);
            for (String label : Labels.of(parts.train()).names()) {
                long own = IntStream.range(0, 30).filter(row -> parts.train().label(row).equals(label)).count();
                assertThat(own).isBetween(2L, 4L);
            }
            assertThat(Labels.of(parts.train()).size()).isEqualTo(10);
        }
    }

    @Test
    void onlyThePicturesOfTheNamedClassesAreThere() {
        try (var parts = PictureParts.open(ofClasses("8", "3"), 5, true, folder)) {
            assertThat(Labels.of(parts.train()).names()).containsExactly("3", "8");
            assertThat(Labels.of(parts.rest()).names()).containsExactly("3", "8");
            assertThat(Labels.of(parts.test().orElseThrow()).names()).containsExactly("3", "8");
            assertThat(parts.train().size()).isEqualTo(30);
            assertThat(parts.train().size() + parts.rest().size() + parts.validation().orElseThrow().size()).isEqualTo(80); // of 400
            assertThat(parts.test().orElseThrow().size()).isEqualTo(20); // of 100
        }
        assertThatThrownBy(() -> PictureParts.open(ofClasses("3", "three"), 5, true, folder))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("no picture of three, which data.classes names; its labels are 0, 1, 2");
    }

    private static DataRecipe.Images ofClasses(String... classes) {
        return new DataRecipe.Images(
                new PicturesRecipe.Source.Glyphs(PicturesRecipe.Alphabet.DIGITS, 400, 3), new PicturesRecipe.Held.Fraction(0.2),
                new PicturesRecipe.Held.Apart(new PicturesRecipe.Source.Glyphs(PicturesRecipe.Alphabet.DIGITS, 100, 4)), 30,
                new PicturesRecipe.Shape(16, 16, 1, PicturesRecipe.Fit.CROP), new PicturesRecipe.Normalization.OfData(), Augmentation.NONE,
                List.of(), List.of(classes));
    }

    /// What a critic with classes, and FixMatch, are shown beside the labelled pictures 0 to 9 is of the rest alone, other pictures in other epochs.
    @Test
    void picturesWithoutLabelsAreOfTheRest() {
        try (var store = PictureStore.open(new Numbers(40, new AtomicInteger()), SHAPE, folder)) {
            var labelled = new PicturePart(store, IntStream.range(0, 10).toArray());
            var rest = new PicturePart(store, IntStream.range(10, 40).toArray());
            Targets targets = Targets.of(Labels.of(labelled));
            var needs = new PictureNeeds(0, false, new PictureObjectiveRecipe.Corruption.None(), 0, false, 3, true);
            var fields = new DrawnFields(needs, Augmentation.NONE, 0, Optional.of(rest));
            var batches = new PictureBatches(labelled, targets, PictureBatches.labels(labelled, targets), PLAIN, Augmentation.NONE, 7, List.of(fields));
            Set<Integer> seen = new TreeSet<>();
            for (int epoch = 0; epoch < 20; epoch++) {
                Batch batch = batches.make(new int[] {4, 9}, 3, 1, epoch);
                assertThat(batch.floats("unlabelled").shape()).containsExactly(2, 1, 4, 6);
                assertThat(batch.floats("weak").shape()).containsExactly(6, 1, 4, 6);
                float[] values = batch.floats("unlabelled").values();
                for (int row = 0; row < 2; row++) {
                    int number = Math.round(255 * values[24 * row]);
                    assertThat(Arrays.copyOfRange(values, 24 * row, 24 * row + 24)).containsOnly(number / 255f);
                    seen.add(number);
                }
                float[] weak = batch.floats("weak").values(); // moved, with black around it
                for (int row = 0; row < 6; row++) {
                    float most = 0;
                    for (int i = 24 * row; i < 24 * row + 24; i++) {
                        most = Math.max(most, weak[i]);
                    }
                    assertThat(Math.round(255 * most)).isBetween(10, 39);
                }
            }
            assertThat(seen).hasSizeGreaterThan(15).allMatch(number -> number >= 10);
            var none = new DrawnFields(new PictureNeeds(0, false, new PictureObjectiveRecipe.Corruption.None(), 0, false, 0, true), Augmentation.NONE, 0,
                    Optional.of(new PicturePart(store, new int[0])));
            assertThat(new PictureBatches(labelled, targets, PictureBatches.labels(labelled, targets), PLAIN, Augmentation.NONE, 7, List.of(none))
                    .make(new int[] {1}, 1, 1, 0).has("unlabelled")).isFalse();
        }
    }

    @Test
    void momentsAreThoseOfThePixels() {
        try (var store = PictureStore.open(new Numbers(3, new AtomicInteger()), SHAPE, folder)) {
            double[][] moments = PicturePart.all(store).moments();
            assertThat(moments[0][0]).isCloseTo(1 / 255.0, within(1e-9));
            assertThat(moments[1][0]).isCloseTo(Math.sqrt(2 / 3.0) / 255, within(1e-9));
        }
    }
}

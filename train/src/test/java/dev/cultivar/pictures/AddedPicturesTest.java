package dev.cultivar.pictures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cultivar.batch.DataException;
import dev.cultivar.data.Audit;
import dev.cultivar.image.Picture;
import dev.cultivar.recipe.DataRecipe;
import dev.cultivar.recipe.PicturesRecipe.Alphabet;
import dev.cultivar.recipe.PicturesRecipe.Augmentation;
import dev.cultivar.recipe.PicturesRecipe.Fit;
import dev.cultivar.recipe.PicturesRecipe.Held;
import dev.cultivar.recipe.PicturesRecipe.Normalization;
import dev.cultivar.recipe.PicturesRecipe.Shape;
import dev.cultivar.recipe.PicturesRecipe.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Pictures that are learned from beside those of the training part: drawn by a generator, or of another source.
class AddedPicturesTest {
    private static final Source DIGITS = new Source.Glyphs(Alphabet.DIGITS, 100, 3);

    @TempDir
    private Path folder;

    private final AtomicInteger drawn = new AtomicInteger();

    /// Draws pictures of 4 x 4 in colour whose every value tells seed, number and class.
    private record Plain(String sha256, List<String> labels, AtomicInteger drawn) implements PictureMaker {
        @Override
        public List<Picture> pictures(long seed, long first, List<String> of) {
            drawn.addAndGet(of.size());
            return IntStream.range(0, of.size()).mapToObj(i -> {
                byte[] pixels = new byte[4 * 4 * 3];
                Arrays.fill(pixels, (byte) (seed + 3 * (first + i) + of.get(i).hashCode()));
                return new Picture(4, 4, 3, pixels);
            }).toList();
        }

        @Override
        public void close() {}
    }

    private static DataRecipe.Images images(int rows, Source... added) {
        return new DataRecipe.Images(
                DIGITS, new Held.Fraction(0.2), new Held.None(), rows, new Shape(8, 8, 1, Fit.CROP), new Normalization.OfData(), Augmentation.NONE,
                List.of(added), List.of());
    }

    private PictureParts open(DataRecipe.Images images, String weights, List<String> labels) {
        return PictureParts.open(images, 5, true, folder, model -> new Plain(weights, labels, drawn), PictureParts.Admission.ANY);
    }

    @Test
    void aGeneratorsPicturesAreOfEachClassInTurnAndInTheRecipesForm() {
        try (var parts = open(images(0, new Source.Generator("gan", 300, 7)), "w", List.of("0", "1", "2"))) {
            PicturePart added = parts.added().getFirst();
            assertThat(added.size()).isEqualTo(300);
            for (int row : new int[] {0, 1, 2, 255, 256, 299}) {
                String label = String.valueOf(row % 3);
                assertThat(added.label(row)).isEqualTo(label);
                Picture picture = added.picture(row);
                assertThat(picture.pixels()).hasSize(64).containsOnly((byte) (7 + 3 * row + label.hashCode()));
            }
        }
    }

    @Test
    void theyAreDrawnOnceForEachGeneratorSeedAndCount() throws IOException {
        var source = new Source.Generator("gan", 300, 7);
        List<String> labels = List.of("0", "1");
        for (int i = 0; i < 2; i++) {
            open(images(0, source), "w", labels).close();
        }
        assertThat(drawn).hasValue(300);
        open(images(0, source), "other weights", labels).close();
        assertThat(drawn).hasValue(600);
        open(images(0, source), "w", List.of("1", "0")).close();
        open(images(0, new Source.Generator("gan", 300, 8)), "w", labels).close();
        open(images(0, new Source.Generator("gan", 301, 7)), "w", labels).close();
        assertThat(drawn).hasValue(1501);
        try (var files = Files.list(folder)) {
            assertThat(files).hasSize(1 + 5);
        }
        open(images(0, new Source.Generator("moved/gan", 300, 7)), "w", labels).close();
        assertThat(drawn).as("a generator is known by its weights, not by where it lies").hasValue(1501);
    }

    @Test
    void nothingElseOfTheDataIsMovedByThem() {
        try (var plain = open(images(30), "w", List.of());
                var more = open(images(30, new Source.Glyphs(Alphabet.DIGITS, 40, 9), new Source.Generator("gan", 10, 7)), "w", List.of("4"))) {
            assertThat(more.train()).extracting(PicturePart::fingerprint).isEqualTo(plain.train().fingerprint());
            assertThat(more.rest().rows()).isEqualTo(plain.rest().rows());
            assertThat(more.validation().orElseThrow().rows()).isEqualTo(plain.validation().orElseThrow().rows());
            assertThat(more.train().moments()).isDeepEqualTo(plain.train().moments());
            assertThat(plain.learned()).isEqualTo(plain.train());

            PicturePart learned = more.learned();
            assertThat(learned.size()).isEqualTo(30 + 40 + 10);
            assertThat(learned.fingerprint()).isNotEqualTo(plain.train().fingerprint());
            for (int row = 0; row < 30; row++) {
                assertThat(learned.rows()[row]).isEqualTo(plain.train().rows()[row]); // and so are the draws for each
                assertThat(learned.picture(row).pixels()).isEqualTo(plain.train().picture(row).pixels());
                assertThat(learned.where(row)).isEqualTo(plain.train().where(row));
            }
            assertThat(learned.label(75)).isEqualTo("4");
            assertThat(learned.where(75)).isEqualTo("drawn by gan: picture 6");
            assertThat(learned.place(learned.rows()[75] + 1L)).isEqualTo("drawn by gan: picture 6");
            assertThat(learned.key(75)).isEqualTo(more.added().get(1).key(5));
            assertThat(learned.where(69)).isEqualTo("drawn digits: picture 40");
            assertThat(more.makers()).isEqualTo(Collections.singletonMap("drawn by gan", "w"));
        }
    }

    @Test
    void whoIsAskedMayRefuseThemBeforeAnyIsDrawn() {
        assertThatThrownBy(() -> PictureParts.open(
                        images(30, new Source.Generator("gan", 10, 7)), 5, true, folder, model -> new Plain("w", List.of("x", "y"), drawn),
                        (source, labels, train) -> {
                            throw new DataException(source + " " + labels + " " + train.size());
                        }))
                .isInstanceOf(DataException.class).hasMessage("data.added: drawn by gan [x, y] 30");
        assertThat(drawn).hasValue(0);
    }

    @Test
    void theAuditTellsWhatIsAddedAndWhatOfItIsHeldOut() {
        var again = new Source.Glyphs(Alphabet.DIGITS, 90, 3); // the first 90 of the training pictures and of those held out
        try (var parts = open(images(0, again, new Source.Generator("gan", 9, 7)), "w", List.of("0", "1", "x"))) {
            Audit audit = new PictureAuditor(parts).audit();
            int held = (int) Arrays.stream(parts.validation().orElseThrow().rows()).filter(row -> row < 90).count();
            assertThat(audit.parts()).extracting(Audit.Part::name).containsExactly("train", "added 1", "added 2", "validation");
            assertThat(audit.parts()).extracting(Audit.Part::rows).containsExactly(80, 90, 9, 20);
            assertThat(audit.parts()).extracting(Audit.Part::duplicates).containsExactly(0, 90 - held, 0, 0);
            assertThat(audit.parts()).extracting(Audit.Part::leaked).containsExactly(0, 0, 0, held);
            assertThat(audit.findings()).extracting(Audit.Finding::message)
                    .anyMatch(message -> message.equals("added 2: 9 pictures, drawn by gan, are learned from beside the 80 of data.train"))
                    .anyMatch(message -> message.startsWith("validation: " + held + " pictures are in the training part too"))
                    .anyMatch(message -> message.startsWith("class 'x' has no picture in data.train"));
            assertThat(audit.labels()).filteredOn(label -> label.label().equals("x")).singleElement()
                    .isEqualTo(new Audit.LabelCount("x", List.of(0, 0, 3, 0)));
        }
    }
}

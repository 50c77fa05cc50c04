package dev.cultivar.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cultivar.image.Picture;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class GlyphsTest {
    private static final int SIDE = 28;

    @Test
    void alphabetsNameTheirLabels() {
        assertThat(Alphabet.DIGITS.labels()).containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
        assertThat(Alphabet.LETTERS.labels()).hasSize(52).startsWith("A", "B").endsWith("y", "z").doesNotHaveDuplicates();
        assertThat(Alphabet.CHARACTERS.labels()).hasSize(62).startsWith("0").endsWith("z").doesNotHaveDuplicates();
    }

    @Test
    void aRowIsTheSamePictureOnAnyThreadAndInAnyOrder() {
        Glyphs glyphs = new Glyphs(Alphabet.CHARACTERS, SIDE, 5);
        List<byte[]> forwards = LongStream.range(0, 400).mapToObj(row -> glyphs.draw(row).pixels()).toList();
        List<byte[]> atOnce = LongStream.range(0, 400).parallel()
                .mapToObj(row -> new Glyphs(Alphabet.CHARACTERS, SIDE, 5).draw(399 - row).pixels()).toList();
        for (int row = 0; row < 400; row++) {
            assertThat(atOnce.get(399 - row)).isEqualTo(forwards.get(row));
        }
    }

    @Test
    void theSeedAndTheRowMakeThePicture() {
        Glyphs glyphs = new Glyphs(Alphabet.DIGITS, SIDE, 5);
        long pictures = LongStream.range(0, 500).mapToObj(row -> Arrays.hashCode(glyphs.draw(row).pixels())).distinct().count();
        assertThat(pictures).isGreaterThan(498);
        Glyphs others = new Glyphs(Alphabet.DIGITS, SIDE, 6);
        assertThat(LongStream.range(0, 50)).noneMatch(row -> Arrays.equals(glyphs.draw(row).pixels(), others.draw(row).pixels()));
        assertThat(LongStream.range(0, 50).map(glyphs::label).toArray()).isNotEqualTo(LongStream.range(0, 50).map(others::label).toArray());
    }

    @ParameterizedTest
    @EnumSource
    void everyRunOfRowsAsLongAsTheAlphabetHasEachLabelOnce(Alphabet alphabet) {
        int labels = alphabet.labels().size();
        Glyphs glyphs = new Glyphs(alphabet, SIDE, 11);
        for (long run = 0; run < 20; run++) {
            int[] seen = LongStream.range(run * labels, (run + 1) * labels).mapToInt(glyphs::label).sorted().toArray();
            assertThat(seen).isEqualTo(IntStream.range(0, labels).toArray());
        }
        assertThat(glyphs.label(Long.MAX_VALUE)).isBetween(0, labels - 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 20, 28, 32, 64})
    void atEverySideACharacterIsInkOnPaperAndInTheMiddle(int side) {
        Glyphs glyphs = new Glyphs(Alphabet.CHARACTERS, side, 3);
        for (long row = 0; row < 620; row++) {
            Picture picture = glyphs.draw(row);
            assertThat(picture.height()).isEqualTo(side);
            assertThat(picture.width()).isEqualTo(side);
            assertThat(picture.channels()).isEqualTo(1);
            double mass = 0;
            double across = 0;
            double down = 0;
            for (int at = 0; at < side * side; at++) {
                double ink = (picture.pixels()[at] & 0xFF) / 255.0;
                mass += ink;
                across += ink * (at % side + 0.5);
                down += ink * (at / side + 0.5);
            }
            assertThat(mass / (side * side)).as("ink of row %s", row).isBetween(0.015, 0.45);
            assertThat(across / mass / side).as("middle of row %s", row).isBetween(0.38, 0.62);
            assertThat(down / mass / side).as("middle of row %s", row).isBetween(0.38, 0.62);
        }
    }

    @Test
    void theSameRowHasTheSameLineAtEverySide() {
        Glyphs small = new Glyphs(Alphabet.DIGITS, SIDE, 3);
        Glyphs large = new Glyphs(Alphabet.DIGITS, 2 * SIDE, 3);
        for (long row = 0; row < 100; row++) {
            byte[] fine = large.draw(row).pixels();
            byte[] coarse = small.draw(row).pixels();
            double difference = 0;
            for (int at = 0; at < coarse.length; at++) {
                int corner = at / SIDE * 4 * SIDE + at % SIDE * 2; // the first of four pixels
                int mean = ((fine[corner] & 0xFF) + (fine[corner + 1] & 0xFF)
                        + (fine[corner + 2 * SIDE] & 0xFF) + (fine[corner + 2 * SIDE + 1] & 0xFF)) / 4;
                difference += Math.abs(mean - (coarse[at] & 0xFF));
            }
            assertThat(difference / coarse.length).as("row %s", row).isLessThan(12);
        }
    }

    /// A nearest class mean is the simplest classifier there is. On MNIST it is right for 81 of 100; chance is 10.
    @Test
    void digitsOfOneSeedTellThoseOfAnotherApart() {
        double[][] means = means(new Glyphs(Alphabet.DIGITS, SIDE, 1), 2000);
        Glyphs others = new Glyphs(Alphabet.DIGITS, SIDE, 2);
        long right = LongStream.range(0, 1000).filter(row -> nearest(means, others.draw(row).pixels()) == others.label(row)).count();
        assertThat(right).isBetween(600L, 980L); // nor so alike that a mean is enough
    }

    @Test
    void lettersAreToldApartToo() {
        double[][] means = means(new Glyphs(Alphabet.LETTERS, SIDE, 1), 5200);
        Glyphs others = new Glyphs(Alphabet.LETTERS, SIDE, 2);
        long right = LongStream.range(0, 1040).filter(row -> nearest(means, others.draw(row).pixels()) == others.label(row)).count();
        assertThat(right).isGreaterThan(400); // chance is 20
    }

    @Test
    void whatCannotBeDrawnIsRefused() {
        assertThatThrownBy(() -> new Glyphs(Alphabet.DIGITS, 7, 1)).hasMessageContaining("8 to 512 pixels, got 7");
        assertThatThrownBy(() -> new Glyphs(Alphabet.DIGITS, 513, 1)).hasMessageContaining("8 to 512 pixels, got 513");
        assertThatThrownBy(() -> new Glyphs(Alphabet.DIGITS, SIDE, 1).draw(-1)).hasMessageContaining("count from 0, got -1");
    }

    private static double[][] means(Glyphs glyphs, int rows) {
        int labels = glyphs.alphabet().labels().size();
        double[][] means = new double[labels][SIDE * SIDE];
        for (long row = 0; row < rows; row++) {
            byte[] pixels = glyphs.draw(row).pixels();
            double[] mean = means[glyphs.label(row)];
            for (int at = 0; at < pixels.length; at++) {
                mean[at] += (pixels[at] & 0xFF) * (double) labels / rows;
            }
        }
        return means;
    }

    private static int nearest(double[][] means, byte[] pixels) {
        int nearest = 0;
        double least = Double.MAX_VALUE;
        for (int label = 0; label < means.length; label++) {
            double distance = 0;
            for (int at = 0; at < pixels.length; at++) {
                double difference = means[label][at] - (pixels[at] & 0xFF);
                distance += difference * difference;
            }
            if (distance < least) {
                least = distance;
                nearest = label;
            }
        }
        return nearest;
    }
}

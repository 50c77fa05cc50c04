package dev.cultivar.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Which characters pieces stand for, what words become that were parted before, and what of a long text a row has.
class PlacedTest {
    private static final List<String> PIECES = List.of(
            "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "un", "##believ", "##able", "a", "cafe", "!", "##y", "won", "24", "-", "10");

    @Test
    void charactersAreThoseOfTheStringWhateverIsFoldedAway() {
        String text = "Un\u00e9 \uD83D\uDE00 CAF\u00c9 won 24-10\u0000, cafe\u0301 unbelievable";
        try (var tokenizer = Tokenizer.wordPiece(PIECES, true)) {
            Placed placed = tokenizer.place(text);
            assertThat(placed.ids()).isEqualTo(tokenizer.ids(text));
            assertThat(IntStream.range(0, placed.length()).mapToObj(i -> text.substring(placed.starts()[i], placed.ends()[i])))
                    .containsExactly("Un\u00e9", "\uD83D\uDE00", "CAF\u00c9", "won", "24", "-", "10", ",", "cafe\u0301".substring(0, 4), "un", "believ", "able");
            int at = text.indexOf("unbelievable");
            assertThat(placed.over(at, text.length())).containsExactly(9, 11);
            assertThat(placed.over(at + 3, at + 4)).containsExactly(10, 10);
            assertThat(placed.over(3, 4)).containsExactly(-1, -1);
        }
    }

    /// The numbers are those of Python's tokenizers library.
    @Test
    void bytesAreCountedAsTheCharactersThatTheyAreOf() {
        String text = "The caf\u00e9 \uD83D\uDE00 won 24-10, nai\u0308ve \u6771\u4eac!".replace("nai\u0308ve", "na\u0308ive");
        try (var tokenizer = Tokenizer.open(Shared.data("tokenizers/gpt2"))) {
            Placed placed = tokenizer.place(text);
            assertThat(placed.ids()).containsExactly(464, 40304, 30325, 222, 1839, 1987, 12, 940, 11, 12385, 136, 230, 425, 10545, 251, 109, 12859, 105, 0);
            assertThat(placed.starts()).containsExactly(0, 3, 8, 9, 11, 15, 18, 19, 21, 22, 25, 25, 26, 29, 30, 30, 31, 31, 32);
            assertThat(placed.ends()).containsExactly(3, 8, 11, 11, 15, 18, 19, 21, 22, 25, 26, 26, 29, 31, 31, 31, 32, 32, 33);
            assertThat(placed.over(text.indexOf('\u6771'), text.indexOf('!'))).containsExactly(13, 17);
            assertThat(tokenizer.encodeWords(List.of("Angela", "Merkel"))).satisfies(words -> {
                assertThat(words.ids()).containsExactly(17799, 18263);
                assertThat(words.words()).containsExactly(0, 1);
            });
        }
    }

    @Test
    void wordsAreEncodedEachByItselfAndMayHaveNoPiece() {
        try (var tokenizer = Tokenizer.wordPiece(PIECES, true)) {
            Encoded encoded = tokenizer.encodeWords(List.of("unbelievable", "\u0000", "24-10", "a"));
            assertThat(encoded.ids()).containsExactly(5, 6, 7, 13, 14, 15, 8);
            assertThat(encoded.words()).containsExactly(0, 0, 0, 2, 2, 2, 3);
            assertThat(tokenizer.encodeWords(List.of()).length()).isZero();
        }
    }

    @Test
    void windowsCoverEverythingAndShareTheirStride() {
        assertThat(Windows.of(10, 10, 4)).containsExactly(new Windows(0, 10));
        assertThat(Windows.of(11, 5, 2)).containsExactly(new Windows(0, 5), new Windows(3, 8), new Windows(6, 11));
        assertThat(Windows.of(0, 5, 2)).containsExactly(new Windows(0, 0));
        assertThat(Windows.of(4, 2, 7)).containsExactly(new Windows(0, 2), new Windows(1, 3), new Windows(2, 4));
        assertThat(Windows.best(Windows.of(11, 5, 2), 11)).containsExactly(0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 2);
    }

    @Test
    void whatIsTooLongIsCutInTheMiddleOrBecomesSeveralRows() {
        Fitting.Row ends = new Fitting.HeadTail(0.25).rows(20, 0, 10).getFirst();
        assertThat(ends.first()).containsExactly(0, 1, 14, 15, 16, 17, 18, 19);
        assertThat(ends.cut()).isEqualTo(12);
        List<Fitting.Row> chunks = new Fitting.Chunk(2).rows(3, 12, 10);
        assertThat(chunks).extracting(Fitting.Row::cut).containsOnly(0);
        assertThat(chunks.stream().map(row -> Arrays.toString(row.second())))
                .containsExactly("[0, 1, 2, 3]", "[2, 3, 4, 5]", "[4, 5, 6, 7]", "[6, 7, 8, 9]", "[8, 9, 10, 11]");
        var random = new Random(5);
        for (int i = 0; i < 500; i++) {
            int first = random.nextInt(40);
            int second = random.nextInt(3) == 0 ? 0 : random.nextInt(40);
            int longest = random.nextInt(4, 30);
            for (Fitting fitting : List.of(new Fitting.Truncate(), new Fitting.HeadTail(random.nextDouble()), new Fitting.Chunk(random.nextInt(9)))) {
                for (Fitting.Row row : fitting.rows(first, second, longest)) {
                    assertThat(TokenGrid.length(row.first().length, row.second().length)).isLessThanOrEqualTo(longest);
                    assertThat(Arrays.stream(row.first()).boxed()).isSorted().allMatch(place -> place < first);
                }
            }
        }
    }
}

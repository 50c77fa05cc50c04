package dev.cultivar.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cultivar.batch.Batch;
import dev.cultivar.text.TokenGrid;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchMakersTest {
    private static final SpacePieces PIECES = SpacePieces.numbered(200);

    @TempDir
    Path folder;

    @Test
    void labelledRowsHaveSpecialTokensPaddingAndLabels() {
        Examples table = ListExamples.table("w0 w1 | w2 = b", "w3 = a");
        try (TokenStore store = store(table, Labels.of(table), 12)) {
            Batch batch = new LabelledBatches(store, PIECES, Targets.of(Labels.of(table))).make(new int[] {1, 0}, 3, 8, 0);
            assertThat(batch.rows()).isEqualTo(2);
            assertThat(batch.origin()).containsExactly(1, 0);
            assertThat(batch.ints("input_ids").shape()).containsExactly(3, 8);
            assertThat(batch.ints("input_ids").values()).containsExactly(
                    2, 8, 3, 0, 0, 0, 0, 0,
                    2, 5, 6, 3, 7, 3, 0, 0,
                    2, 8, 3, 0, 0, 0, 0, 0);
            assertThat(batch.ints("attention_mask").values()).containsExactly(
                    1, 1, 1, 0, 0, 0, 0, 0,
                    1, 1, 1, 1, 1, 1, 0, 0,
                    1, 1, 1, 0, 0, 0, 0, 0);
            assertThat(batch.ints("token_type_ids").values()).containsExactly(
                    0, 0, 0, 0, 0, 0, 0, 0,
                    0, 0, 0, 0, 1, 1, 0, 0,
                    0, 0, 0, 0, 0, 0, 0, 0);
            assertThat(batch.ints("labels").values()).containsExactly(0, 1, -100);
        }
    }

    @Test
    void chosenPiecesBecomeMaskRandomOrStayAndNoSpecialOneIsChosen() {
        try (TokenStore store = store(random(4_000, 20), Labels.none(), 24)) {
            MaskedBatches maker = masked(store, 0.3, false);
            long chosen = 0;
            long mask = 0;
            long same = 0;
            for (int row = 0; row < store.rows(); row++) {
                MaskedRow seen = maker.row(row, 0);
                int[] plain = TokenGrid.assemble(store.row(row).first(), store.row(row).second(), PIECES);
                for (int i = 0; i < plain.length; i++) {
                    if (seen.labels()[i] == -100) {
                        assertThat(seen.tokens()[i]).isEqualTo(plain[i]);
                    } else {
                        assertThat(seen.labels()[i]).isEqualTo(plain[i]).isGreaterThanOrEqualTo(PIECES.firstOrdinary());
                        chosen++;
                        mask += seen.tokens()[i] == PIECES.mask() ? 1 : 0;
                        same += seen.tokens()[i] == plain[i] ? 1 : 0;
                    }
                }
                assertThat(Arrays.stream(seen.labels()).anyMatch(label -> label >= 0)).isTrue();
            }
            assertThat((double) chosen / store.pieces()).isBetween(0.29, 0.32);
            assertThat((double) mask / chosen).isBetween(0.78, 0.82);
            assertThat((double) same / chosen).isBetween(0.09, 0.115); // a random piece may be the same
        }
    }

    @Test
    void aRowWithNothingToLearnHasNoLabelAndAShortOneHasOne() {
        try (TokenStore store = store(ListExamples.table("nope nope", "w1", "nope w1"), Labels.none(), 8)) {
            MaskedBatches maker = masked(store, 0.01, false);
            for (int epoch = 0; epoch < 20; epoch++) {
                assertThat(maker.row(0, epoch).labels()).containsOnly(-100);
                assertThat(maker.row(1, epoch).labels()).containsExactly(-100, 6, -100);
                assertThat(maker.row(2, epoch).labels()).containsExactly(-100, -100, 6, -100);
            }
        }
    }

    @Test
    void wholeWordsAreChosenTogether() {
        try (TokenStore store = store(ListExamples.table("w0-w1-w2 w3 w4-w5 | w6-w7 w8"), Labels.none(), 20)) {
            MaskedBatches maker = new MaskedBatches(store, PIECES, new Masking(0.3, true), false, 5, "train");
            boolean[] seenChosen = new boolean[3];
            for (int epoch = 0; epoch < 200; epoch++) {
                int[] labels = maker.row(0, epoch).labels(); // CLS 0 1 2 3 4 5 SEP 6 7 8 SEP
                int[][] words = {{1, 2, 3}, {5, 6}, {8, 9}};
                for (int w = 0; w < words.length; w++) {
                    assertThat(Arrays.stream(words[w]).mapToObj(i -> labels[i] >= 0).distinct()).hasSize(1);
                    seenChosen[w] |= labels[words[w][0]] >= 0;
                }
            }
            assertThat(seenChosen).containsOnly(true);
        }
    }

    @Test
    void masksAreAFunctionOfSeedPurposeEpochAndRow() {
        try (TokenStore store = store(random(40, 20), Labels.none(), 24)) {
            MaskedBatches maker = masked(store, 0.3, true);
            int[] rows = IntStream.range(0, 40).toArray();
            Batch together = maker.make(rows, 40, 24, 3);
            for (int row : rows) {
                Batch alone = maker.make(new int[] {row}, 4, 24, 3);
                for (String field : new String[] {"input_ids", "labels", "token_type_ids"}) {
                    assertThat(Arrays.copyOf(alone.ints(field).values(), 24)).as(field)
                            .isEqualTo(Arrays.copyOfRange(together.ints(field).values(), 24 * row, 24 * row + 24));
                }
                assertThat(alone.ints("next_sentence_label").values()[0]).isEqualTo(together.ints("next_sentence_label").values()[row]);
                assertThat(Arrays.copyOfRange(alone.ints("labels").values(), 24, 96)).as("filler is not counted").containsOnly(-100);
                assertThat(Arrays.copyOfRange(alone.ints("next_sentence_label").values(), 1, 4)).containsOnly(-100);
            }
            int[] here = together.ints("labels").values();
            assertThat(maker.make(rows, 40, 24, 4).ints("labels").values()).isNotEqualTo(here);
            assertThat(new MaskedBatches(store, PIECES, new Masking(0.3, false), true, 6, "train").make(rows, 40, 24, 3).ints("labels").values()).isNotEqualTo(here);
            assertThat(new MaskedBatches(store, PIECES, new Masking(0.3, false), true, 5, "test").make(rows, 40, 24, 3).ints("labels").values()).isNotEqualTo(here);
        }
    }

    @Test
    void halfOfThePairsAreAnotherRowsAndNoneIsItsOwn() {
        Examples table = ListExamples.table(IntStream.range(0, 900)
                .mapToObj(i -> "w" + i % 200 + (i % 3 == 0 ? "" : " | w" + i % 7 + " w" + i % 11)).toArray(String[]::new));
        try (TokenStore store = store(table, Labels.none(), 10)) {
            MaskedBatches maker = masked(store, 0.2, true);
            int[] lengths = maker.lengths(2);
            int negatives = 0;
            for (int row = 0; row < 900; row++) {
                MaskedRow seen = maker.row(row, 2);
                assertThat(seen.tokens()).hasSize(lengths[row]);
                int[] second = Arrays.stream(original(seen)).skip(seen.firstLength() + 2L).limit(2).toArray();
                if (row % 3 == 0) {
                    assertThat(seen.nextSentence()).isEqualTo(-100);
                } else if (seen.nextSentence() == 0) {
                    assertThat(second).isEqualTo(store.row(row).second());
                } else {
                    assertThat(seen.nextSentence()).isEqualTo(1);
                    assertThat(second).isNotEqualTo(store.row(row).second());
                    negatives++;
                }
            }
            assertThat(negatives / 600.0).isBetween(0.44, 0.56);
        }
    }

    @Test
    void anotherRowsSegmentIsCutToFitAndOneThatRepeatsItsOwnFollows() {
        Examples table = ListExamples.table("w0 w1 w2 w3 w4 w5 | w6", "w7 | w8 w9 w10 w11 w12 w13", "w1 | w6");
        try (TokenStore store = store(table, Labels.none(), 10)) {
            MaskedBatches maker = masked(store, 0.2, true);
            for (int epoch = 0; epoch < 30; epoch++) {
                int[] lengths = maker.lengths(epoch);
                for (int row = 0; row < 3; row++) {
                    assertThat(maker.row(row, epoch).tokens()).hasSize(lengths[row]).hasSizeLessThanOrEqualTo(10);
                }
            }
        }
        try (TokenStore store = store(ListExamples.table("w0 | w9", "w1 | w9"), Labels.none(), 10)) {
            assertThat(IntStream.range(0, 30).map(epoch -> masked(store, 0.2, true).row(0, epoch).nextSentence())).containsOnly(0);
        }
    }

    /// The tokens before masking.
    private static int[] original(MaskedRow row) {
        return IntStream.range(0, row.tokens().length).map(i -> row.labels()[i] < 0 ? row.tokens()[i] : row.labels()[i]).toArray();
    }

    private static MaskedBatches masked(TokenStore store, double probability, boolean nextSentence) {
        return new MaskedBatches(store, PIECES, new Masking(probability, false), nextSentence, 5, "train");
    }

    private TokenStore store(Examples examples, Labels labels, int maxLength) {
        return new Encoder(PIECES, Targets.of(labels), Encoder.Layout.RECORDS, maxLength).encode(examples, folder);
    }

    private static Examples random(int rows, int longest) {
        Random random = new Random(3);
        return ListExamples.table(IntStream.range(0, rows)
                .mapToObj(row -> words(random, 1 + random.nextInt(longest / 2)) + (row % 2 == 0 ? "" : " | " + words(random, 1 + random.nextInt(longest / 2))))
                .toArray(String[]::new));
    }

    private static String words(Random random, int count) {
        return IntStream.range(0, count).mapToObj(i -> "w" + random.nextInt(200)).collect(Collectors.joining(" "));
    }
}

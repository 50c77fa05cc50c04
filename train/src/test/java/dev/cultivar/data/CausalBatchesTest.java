package dev.cultivar.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cultivar.batch.Batch;
import dev.cultivar.batch.DataException;
import dev.cultivar.corpus.Mixture;
import dev.cultivar.corpus.TokenStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which tokens rows for causal language modelling see and predict.
class CausalBatchesTest {

    /// Documents whose tokens count on from 0, so that a token is its place.
    private record Counting(int... lengths) implements TokenStream {
        @Override
        public long length() {
            return Arrays.stream(lengths).sum();
        }

        @Override
        public long bytes() {
            return 3 * length();
        }

        @Override
        public int documents() {
            return lengths.length;
        }

        @Override
        public long documentStart(int index) {
            return Arrays.stream(lengths).limit(index).sum();
        }

        @Override
        public void read(long from, int count, int[] into, int at) {
            assertThat(from + count).isLessThanOrEqualTo(length());
            for (int i = 0; i < count; i++) {
                into[at + i] = (int) from + i;
            }
        }

        @Override
        public String fingerprint() {
            return "";
        }

        @Override
        public void close() {}
    }

    private static Batch all(CausalBatches batches, long epoch) {
        int length = Arrays.stream(batches.lengths(epoch)).max().orElseThrow();
        return batches.make(IntStream.range(0, batches.rows()).toArray(), batches.rows(), length, epoch);
    }

    /// Each prediction as the token that is predicted; the one before it must stand where it is predicted from.
    private static List<Integer> predicted(Batch batch) {
        int[] ids = batch.ints("input_ids").values();
        int[] targets = batch.ints("targets").values();
        List<Integer> predicted = new ArrayList<>();
        for (int i = 0; i < ids.length; i++) {
            if (targets[i] != LabelledBatches.IGNORED) {
                assertThat(ids[i]).isEqualTo(targets[i] - 1);
                predicted.add(targets[i]);
            }
        }
        return predicted.stream().sorted().toList();
    }

    private static List<Integer> from(int first, int end) {
        return IntStream.range(first, end).boxed().toList();
    }

    @ParameterizedTest
    @CsvSource({"100, 10, 0", "101, 10, 0", "109, 10, 0", "5, 10, 0", "2, 10, 0", "100, 10, 3", "103, 10, 9", "11, 10, 9"})
    void windowsToMeasureOnPredictEveryTokenButTheFirstOnce(int tokens, int context, int overlap) {
        var rows = CausalRows.windows(new Counting(tokens), context, overlap, false, 1);
        Batch batch = all(CausalBatches.each(List.of(rows), context), 7);
        assertThat(predicted(batch)).isEqualTo(from(1, tokens));
        assertThat(Arrays.stream(batch.ints("target_bytes").values()).sum()).isBetween(3 * tokens - 3 - batch.rows(), 3 * tokens + batch.rows());
    }

    @Test
    void windowsToTrainOnStartElsewhereInEachEpochAndAreAlwaysFull() {
        var batches = CausalBatches.each(List.of(CausalRows.windows(new Counting(1000), 16, 0, true, 1)), 16);
        List<Integer> first = new ArrayList<>();
        for (long epoch = 0; epoch < 40; epoch++) {
            assertThat(batches.lengths(epoch)).containsOnly(16);
            List<Integer> predicted = predicted(all(batches, epoch));
            assertThat(predicted).doesNotHaveDuplicates().hasSize(16 * batches.rows());
            assertThat(predicted.getLast()).isLessThan(1000);
            assertThat(predicted(all(batches, epoch))).isEqualTo(predicted);
            first.add(predicted.getFirst());
        }
        assertThat(first.stream().distinct().count()).isGreaterThan(8);
        assertThat(first).allMatch(token -> token >= 1 && token <= 16);
    }

    @ParameterizedTest
    @CsvSource({"0", "3"})
    void packedDocumentsPredictTheirOwnTokensOnly(int overlap) {
        var stream = new Counting(5, 1, 12, 3, 30, 2, 7);
        var batches = CausalBatches.each(List.of(CausalRows.packed(stream, 10, overlap)), 10);
        Batch batch = all(batches, 0);
        List<Integer> expected = new ArrayList<>();
        for (int document = 0, at = 0; document < stream.documents(); at += stream.lengths()[document++]) {
            expected.addAll(from(at + 1, at + stream.lengths()[document]));
        }
        assertThat(predicted(batch)).isEqualTo(expected);
        int[] segments = batch.ints("segment_ids").values();
        int[] positions = batch.ints("position_ids").values();
        for (int i = 1; i < segments.length; i++) {
            boolean goesOn = i % 10 != 0 && segments[i] == segments[i - 1] && segments[i] != 0;
            assertThat(positions[i]).isEqualTo(goesOn ? positions[i - 1] + 1 : 0);
        }
        assertThat(batch.ints("attention_mask").values()).isEqualTo(Arrays.stream(segments).map(segment -> segment == 0 ? 0 : 1).toArray());
        assertThat(batch.tokens()).isEqualTo(Arrays.stream(segments).filter(segment -> segment > 0).count());
    }

    /// The longest first, each where the least room is left that holds it.
    @Test
    void packingLeavesLittleRoom() {
        assertThat(Packing.bestFitDecreasing(new int[] {3, 7, 5, 2, 3, 10}, 10)).containsExactly(new int[] {5}, new int[] {1, 0}, new int[] {2, 4, 3});
        assertThatThrownBy(() -> Packing.bestFitDecreasing(new int[] {11}, 10)).hasMessageContaining("11 tokens");
    }

    @Test
    void sourcesAreSeenAsOftenAsTheirWeightsSay() {
        var often = CausalRows.windows(new Counting(101), 10, 0, false, 1);
        var seldom = CausalRows.windows(new Counting(401), 10, 0, false, 1);
        var mixture = new Mixture(List.of("often", "seldom"), new long[] {often.count(), seldom.count()}, new double[] {3, 0.5}, 9);
        var batches = CausalBatches.mixed(List.of(often, seldom), mixture, 10);
        assertThat(batches.rows()).isEqualTo(3 * 10 + 20);
        List<Integer> seen = predicted(all(batches, 4));
        assertThat(seen.stream().filter(token -> token == 50).count()).isBetween(3L, 4L);
    }

    @Test
    void fillerPredictsNothing() {
        var batches = CausalBatches.each(List.of(CausalRows.windows(new Counting(21), 10, 0, false, 1)), 10);
        Batch batch = batches.make(new int[] {0}, 4, 10, 0);
        assertThat(batch.rows()).isEqualTo(1);
        assertThat(predicted(batch)).isEqualTo(from(1, 11));
    }

    @Test
    void whatCannotBePredictedIsRefused() {
        assertThatThrownBy(() -> CausalRows.windows(new Counting(1), 10, 0, true, 1)).isInstanceOf(DataException.class).hasMessageContaining("1 tokens");
        assertThatThrownBy(() -> CausalRows.packed(new Counting(1, 1, 1), 10, 0)).isInstanceOf(DataException.class).hasMessageContaining("two tokens");
        assertThatThrownBy(() -> CausalRows.windows(new Counting(50), 10, 10, true, 1)).hasMessageContaining("below batching.max_length");
    }

    @Test
    void aBatchIsCutByItsRows() {
        Batch batch = all(CausalBatches.each(List.of(CausalRows.windows(new Counting(51), 10, 0, false, 1)), 10), 0);
        List<Batch> parts = batch.cut(2);
        assertThat(parts.stream().map(Batch::rows)).containsExactly(2, 3);
        assertThat(parts.stream().flatMap(part -> predicted(part).stream()).toList()).isEqualTo(from(1, 51));
        assertThat(parts.get(1).origin()).containsExactly(2, 3, 4);
        assertThat(batch.cut(9)).hasSize(5);
        assertThat(batch.cut(1)).containsExactly(batch);
    }
}

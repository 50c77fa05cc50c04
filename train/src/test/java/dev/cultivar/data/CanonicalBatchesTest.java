package dev.cultivar.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cultivar.batch.Batch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CanonicalBatchesTest {
    private static final SpacePieces PIECES = SpacePieces.numbered(200);

    @TempDir
    Path folder;

    @Test
    void aRowsShapeDependsOnItsOwnLengthAlone() {
        List<String> records = new ArrayList<>(records(300));
        Map<List<Integer>, Integer> widths = widths(records);
        Collections.shuffle(records, new Random(8));
        assertThat(widths(records)).isEqualTo(widths);
        List<String> few = records.subList(0, 20);
        widths(few).forEach((row, width) -> assertThat(width).isEqualTo(widths.get(row)));
        widths.forEach((row, width) -> assertThat(width).isEqualTo(Math.min((row.size() + 15) / 16 * 16, 40)));
    }

    @Test
    void everyRowComesOnceAndFillerIsNotCounted() {
        try (TokenStore store = store(records(301))) {
            CanonicalBatches batches = new CanonicalBatches(new LabelledBatches(store, PIECES, new Targets.None()));
            List<Long> seen = new ArrayList<>();
            int count = 0;
            for (Batch batch : batches) {
                count++;
                int width = (int) batch.ints("input_ids").shape()[1];
                assertThat(batch.ints("input_ids").shape()).containsExactly(32, width);
                assertThat(batch.rows()).isEqualTo(batch.origin().length).isBetween(1, 32);
                Arrays.stream(batch.origin()).forEach(seen::add);
                assertThat(batch.origin()).isSorted();
                int[] ids = batch.ints("input_ids").values();
                for (int filler = batch.rows(); filler < 32; filler++) {
                    assertThat(Arrays.copyOfRange(ids, filler * width, (filler + 1) * width)).isEqualTo(Arrays.copyOf(ids, width));
                    assertThat(batch.ints("labels").values()[filler]).isEqualTo(-100);
                }
            }
            assertThat(count).isEqualTo(batches.size());
            assertThat(seen).hasSize(301).doesNotHaveDuplicates();
        }
    }

    @Test
    void masksOfAnEvaluationNeverMove() {
        try (TokenStore store = store(records(50))) {
            Masking masking = new Masking(0.2, false);
            CanonicalBatches first = new CanonicalBatches(new MaskedBatches(store, PIECES, masking, true, 1, "validation"));
            CanonicalBatches again = new CanonicalBatches(new MaskedBatches(store, PIECES, masking, true, 1, "validation"));
            for (int i = 0; i < first.size(); i++) {
                EpochFeedTest.assertSame(first.batch(i), again.batch(i));
            }
        }
    }

    /// The width of the array that each row stands in.
    private Map<List<Integer>, Integer> widths(List<String> records) {
        Map<List<Integer>, Integer> widths = new HashMap<>();
        try (TokenStore store = store(records)) {
            for (Batch batch : new CanonicalBatches(new LabelledBatches(store, PIECES, new Targets.None()))) {
                int width = (int) batch.ints("input_ids").shape()[1];
                for (int i = 0; i < batch.rows(); i++) {
                    int length = store.length((int) batch.origin()[i]);
                    widths.put(Arrays.stream(batch.ints("input_ids").values(), i * width, i * width + length).boxed().toList(), width);
                }
            }
        }
        return widths;
    }

    private TokenStore store(List<String> records) {
        return new Encoder(PIECES, new Targets.None(), Encoder.Layout.RECORDS, 40).encode(ListExamples.table(records.toArray(String[]::new)), folder);
    }

    private static List<String> records(int count) {
        Random random = new Random(4);
        return IntStream.range(0, count)
                .mapToObj(row -> IntStream.rangeClosed(0, random.nextInt(36)).mapToObj(i -> "w" + random.nextInt(200)).collect(Collectors.joining(" ")))
                .toList();
    }
}

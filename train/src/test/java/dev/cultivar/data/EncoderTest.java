package dev.cultivar.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cultivar.batch.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EncoderTest {
    private static final SpacePieces PIECES = SpacePieces.numbered(100);

    @TempDir
    Path folder;

    @Test
    void recordsAreStoredWithPairsLabelsAndWordStarts() {
        Examples table = ListExamples.table("w0-w1 w2 | w3 = b", "w4 nope = a");
        try (TokenStore store = encoder(Encoder.Layout.RECORDS, 16, Labels.of(table)).encode(table, folder)) {
            assertThat(store.rows()).isEqualTo(2);
            assertThat(store.lengths()).containsExactly(7, 4);
            assertThat(store.pieces()).isEqualTo(6);
            assertThat(rendered(store)).containsExactly("w0 w1 w2 | w3", "w4 [UNK]");
            assertThat(store.row(0).starts()).containsExactly(true, false, true, true);
            assertThat(store.target(0)).containsExactly(1);
            assertThat(store.target(1)).containsExactly(0);
            assertThat(store.origin(1)).isEqualTo(2);
            assertThat(store.cut(0)).isZero();
        }
    }

    @Test
    void whatIsTooLongIsCutLongestFirstAndCounted() {
        Examples table = ListExamples.table("w0 w1 w2 w3 w4 w5", "w0 w1 w2 w3 w4 w5 | w6", "w0 w1 w2 w3 | w5 w6 w7 w8");
        try (TokenStore store = encoder(Encoder.Layout.RECORDS, 8, Labels.none()).encode(table, folder)) {
            assertThat(rendered(store)).containsExactly("w0 w1 w2 w3 w4 w5", "w0 w1 w2 w3 | w6", "w0 w1 | w5 w6 w7");
            assertThat(IntStream.range(0, 3).map(store::cut)).containsExactly(0, 2, 3);
        }
    }

    @Test
    void linesOfADocumentArePackedAndNothingIsLost() {
        Examples text = ListExamples.text("w0 w1", "w2 w3", "w4", "w5 w6 w7", "", "w8 w9-w10 w11-w12-w13-w14-w15-w16-w17-w18-w19 w20", "w21");
        try (TokenStore store = encoder(Encoder.Layout.PACKED, 8, Labels.none()).encode(text, folder)) {
            assertThat(rendered(store)).containsExactly(
                    "w0 w1 w2 w3 w4", "w5 w6 w7", "w8 w9 w10", "w11 w12 w13 w14 w15 w16", "w17 w18 w19 w20 w21");
            assertThat(IntStream.range(0, store.rows()).mapToLong(store::origin)).containsExactly(1L, 4L, 6L, 6L, 6L);
        }
    }

    @Test
    void pairsAreASegmentAndTheOneThatFollowsIt() {
        Examples text = ListExamples.text("w0 w1 w2", "w3", "w4", "", "w5 w6", "", "w7 w8 w9 w10-w11 w12 w13 w14 w15");
        try (TokenStore store = encoder(Encoder.Layout.PAIRED, 10, Labels.none()).encode(text, folder)) {
            assertThat(rendered(store)).containsExactly("w0 w1 w2 | w3 w4", "w5 w6", "w7 w8 w9 | w10 w11 w12 w13", "w14 | w15");
        }
        try (TokenStore store = encoder(Encoder.Layout.PAIRED, 7, Labels.none()).encode(text, folder)) {
            assertThat(rendered(store)).containsExactly(
                    "w0 w1 w2 | w3", "w4", "w5 w6", "w7 | w8 w9", "w10 w11 | w12 w13", "w14 | w15");
        }
    }

    @Test
    void anyTextIsPackedWithoutLossOrExcess() {
        Random random = new Random(5);
        for (int trial = 0; trial < 50; trial++) {
            String[] lines = Stream.generate(() -> random.nextInt(6) == 0 ? "" : IntStream.range(0, 1 + random.nextInt(30))
                    .mapToObj(i -> "w" + random.nextInt(100)).collect(Collectors.joining(random.nextBoolean() ? "-" : " ")))
                    .limit(40).toArray(String[]::new);
            int maxLength = 5 + random.nextInt(30);
            List<String> words = Stream.of(lines).filter(line -> !line.isEmpty()).flatMap(line -> Stream.of(line.split("[ -]"))).toList();
            for (Encoder.Layout layout : List.of(Encoder.Layout.PACKED, Encoder.Layout.PAIRED)) {
                try (TokenStore store = encoder(layout, maxLength, Labels.none()).encode(ListExamples.text(lines), folder)) {
                    assertThat(rendered(store).stream().flatMap(row -> Stream.of(row.split("[ |]+"))).toList()).isEqualTo(words);
                    assertThat(Arrays.stream(store.lengths()).max().orElseThrow()).isLessThanOrEqualTo(maxLength);
                }
            }
        }
    }

    @Test
    void manyChunksKeepTheirOrder() {
        Examples table = ListExamples.table(IntStream.range(0, 5_000).mapToObj(i -> "w" + i % 100).toArray(String[]::new));
        try (TokenStore store = encoder(Encoder.Layout.RECORDS, 8, Labels.none()).encode(table, folder)) {
            assertThat(IntStream.range(0, 5_000)).allMatch(i -> store.row(i).first()[0] == 5 + i % 100 && store.origin(i) == i + 1);
        }
    }

    @Test
    void theFingerprintChangesWithWhateverTheRowsDependOn() {
        Examples table = ListExamples.table("w0 = a", "w1 = b");
        Labels labels = Labels.of(table);
        Encoder encoder = encoder(Encoder.Layout.RECORDS, 8, labels);
        List<String> all = List.of(
                encoder.fingerprint(table),
                encoder.fingerprint(ListExamples.table("w0 = a", "w2 = b")),
                encoder.fingerprint(ListExamples.table("w0 = a", "w1 | w2 = b")),
                encoder(Encoder.Layout.PACKED, 8, labels).fingerprint(table),
                encoder(Encoder.Layout.RECORDS, 9, labels).fingerprint(table),
                encoder(Encoder.Layout.RECORDS, 8, Labels.of(List.of("a", "b", "c"))).fingerprint(table),
                new Encoder(SpacePieces.numbered(99), Targets.of(labels), Encoder.Layout.RECORDS, 8).fingerprint(table));
        assertThat(all).doesNotHaveDuplicates();
        assertThat(encoder.fingerprint(ListExamples.table("w0 = a", "w1 = b"))).isEqualTo(all.getFirst());
    }

    @Test
    void aStoreIsWrittenOnceAndADamagedOneAnew() throws IOException {
        Examples table = ListExamples.table("w0 w1", "w2");
        Encoder encoder = encoder(Encoder.Layout.RECORDS, 8, Labels.none());
        encoder.encode(table, folder).close();
        Path file = onlyFile();
        var written = Files.getLastModifiedTime(file);
        var key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        encoder.encode(table, folder).close();
        assertThat(onlyFile()).isEqualTo(file);
        assertThat(Files.getLastModifiedTime(file)).isEqualTo(written);
        assertThat(Files.readAttributes(file, BasicFileAttributes.class).fileKey()).isEqualTo(key);
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length - 5));
        try (TokenStore store = encoder.encode(table, folder)) {
            assertThat(rendered(store)).containsExactly("w0 w1", "w2");
        }
    }

    @Test
    void anotherFileIsRefused() throws IOException {
        String fingerprint = encoder(Encoder.Layout.RECORDS, 8, Labels.none()).fingerprint(ListExamples.table("w0"));
        encoder(Encoder.Layout.RECORDS, 8, Labels.none()).encode(ListExamples.table("w0"), folder).close();
        Path file = onlyFile();
        byte[] whole = Files.readAllBytes(file);
        refused(file, "0".repeat(64), "holds other data");
        refused(folder.resolve("none"), fingerprint, "does not exist");
        Files.write(file, Arrays.copyOf(whole, whole.length - 1));
        refused(file, fingerprint, "which is not what 1 rows of 1 pieces take");
        Files.writeString(file, "x");
        refused(file, fingerprint, "is no token store");
        byte[] version = whole.clone();
        version[8] = 9;
        Files.write(file, version);
        refused(file, fingerprint, "has version 9, expected " + TokenStore.VERSION);
        byte[] rows = whole.clone();
        rows[22] = 127;
        Files.write(file, rows);
        refused(file, fingerprint, "which is not what");
        byte[] index = whole.clone();
        index[128 + 4 + 11] = 127; // the highest byte of the first segment's length
        Files.write(file, index);
        refused(file, fingerprint, "has an index of 2130706433 pieces, expected 1");
        index[128 + 4 + 15] = -1;
        Files.write(file, index);
        refused(file, fingerprint, "has a damaged index at row 0");
    }

    @Test
    void aRowThatCannotBeEncodedLeavesNoFile() throws IOException {
        Examples table = ListExamples.table("w0 = a", "w1 = c");
        assertThatThrownBy(() -> encoder(Encoder.Layout.RECORDS, 8, Labels.of(List.of("a", "b"))).encode(table, folder))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("t.csv: row 2: label 'c'");
        try (var files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }

    private Path onlyFile() throws IOException {
        try (var files = Files.list(folder)) {
            List<Path> all = files.toList();
            assertThat(all).hasSize(1);
            return all.getFirst();
        }
    }

    private static void refused(Path file, String fingerprint, String message) {
        assertThatThrownBy(() -> TokenStore.open(file, fingerprint)).isInstanceOf(DataException.class).hasMessageContaining(message);
    }

    private static Encoder encoder(Encoder.Layout layout, int maxLength, Labels labels) {
        return new Encoder(PIECES, Targets.of(labels), layout, maxLength);
    }

    private static List<String> rendered(TokenStore store) {
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < store.rows(); i++) {
            TokenRow row = store.row(i);
            rows.add(words(row.first()) + (row.second().length == 0 ? "" : " | " + words(row.second())));
        }
        return rows;
    }

    private static String words(int[] ids) {
        return Arrays.stream(ids).mapToObj(PIECES::piece).collect(Collectors.joining(" "));
    }
}

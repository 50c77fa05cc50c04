package dev.cultivar.precompute;

import static dev.cultivar.precompute.StoreChild.entry;
import static dev.cultivar.precompute.StoreChild.has;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cultivar.batch.DataException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What is kept is found, or not there; never anything else, whoever is killed, starved of room or tampered with.
@Timeout(120)
class FrozenStoreTest {
    private static final long PLENTY = 1L << 40;

    @TempDir
    Path temporary;

    private final List<String> said = new ArrayList<>();

    private FrozenStore open(long limit) {
        return FrozenStore.open(temporary.resolve("store"), limit, said::add);
    }

    private List<Path> files() throws IOException {
        try (var files = Files.list(temporary.resolve("store"))) {
            return files.sorted().toList();
        }
    }

    private static void fill(FrozenStore store, int from, int to) {
        IntStream.range(from, to).forEach(i -> store.add(List.of(entry(i))));
    }

    private static long count(FrozenStore store, int from, int to) {
        return IntStream.range(from, to).filter(i -> has(store, i)).count();
    }

    @Test
    void whatWasAddedIsFoundNowAndLater() {
        try (var store = open(PLENTY)) {
            assertThat(has(store, 1)).isFalse();
            store.add(IntStream.range(0, 50).mapToObj(StoreChild::entry).toList());
            fill(store, 50, 60);
            assertThat(count(store, 0, 60)).isEqualTo(60);
        }
        try (var store = open(PLENTY)) {
            assertThat(store.entries()).isEqualTo(60);
            assertThat(count(store, 0, 80)).isEqualTo(60);
        }
        assertThat(said).isEmpty();
    }

    @Test
    void onlyWhatIsWrittenTakesAFile() throws IOException {
        open(PLENTY).close();
        assertThat(files()).isEmpty();
    }

    @Test
    void aDamagedEntryIsNotThereAndSaidOnce() throws IOException {
        try (var store = open(PLENTY)) {
            fill(store, 0, 20);
        }
        try (var file = new RandomAccessFile(files().getFirst().toFile(), "rw")) {
            for (int entry : new int[] {3, 7}) {
                file.seek(Segment.HEADER + entry * Segment.span(StoreChild.BYTES + 3) + 1000);
                file.writeByte(file.read() + 1);
            }
        }
        try (var store = open(PLENTY)) {
            assertThat(count(store, 0, 20)).isBetween(17L, 18L);
            assertThat(count(store, 0, 20)).isBetween(17L, 18L);
            assertThat(said).singleElement().asString().contains("is damaged").contains("computed anew");
            fill(store, 0, 20);
            assertThat(count(store, 0, 20)).isEqualTo(20);
        }
        try (var store = open(PLENTY)) {
            assertThat(count(store, 0, 20)).as("of two entries the younger is found").isEqualTo(20);
        }
    }

    @Test
    void aDamagedHeaderHidesWhatIsBehindIt() throws IOException {
        try (var store = open(PLENTY)) {
            fill(store, 0, 20);
        }
        try (var file = new RandomAccessFile(files().getFirst().toFile(), "rw")) {
            file.seek(Segment.HEADER + Segment.span(StoreChild.BYTES) + 35); // the length of the second entry
            file.write(77);
        }
        try (var store = open(PLENTY)) {
            assertThat(count(store, 0, 20)).isEqualTo(1);
            assertThat(said).singleElement().asString().contains("is damaged");
        }
    }

    @Test
    void everyCutOfTheLastEntryIsAnEntryLess() throws IOException {
        try (var store = open(PLENTY)) {
            fill(store, 0, 3);
        }
        Path file = files().getFirst();
        long whole = Files.size(file);
        for (long size = whole - 1; size > whole - Segment.span(StoreChild.BYTES + 2); size -= 397) {
            try (var channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
                channel.truncate(size);
            }
            try (var store = open(PLENTY)) {
                assertThat(count(store, 0, 3)).isBetween(2L, whole - size < 8 ? 3L : 2L); // the last few bytes may be filling
            }
        }
        assertThat(said).isEmpty();
    }

    @Test
    void whatWasUsedLeastRecentlyGoesFirst() throws IOException {
        long limit = 1_000_000; // sixteen files of 64 KiB
        try (var store = open(limit)) {
            fill(store, 0, 200);
        }
        List<Path> before = files();
        assertThat(before).hasSizeGreaterThan(10);
        for (Path file : before) {
            Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000_000_000L));
        }
        Files.setLastModifiedTime(before.get(5), FileTime.fromMillis(900_000_000_000L));
        try (var store = open(limit)) {
            assertThat(has(store, 0)).isTrue(); // the oldest file is used again
            fill(store, 200, 250);
            assertThat(files()).contains(before.getFirst()).doesNotContain(before.get(5));
            assertThat(has(store, 0)).isTrue();
            assertThat(count(store, 200, 250)).isEqualTo(50);
            assertThat(count(store, 0, 250)).isLessThan(250);
        }
        long bytes = 0;
        for (Path file : files()) {
            bytes += Files.size(file);
        }
        assertThat(bytes).isLessThanOrEqualTo(limit);
        assertThat(said).isEmpty();
    }

    @Test
    void whatIsInUseStaysAndTheRestIsSaid() {
        try (var store = open(1_000_000)) {
            fill(store, 0, 400);
            long kept = count(store, 0, 400);
            assertThat(kept).isBetween(200L, 250L);
            assertThat(said).singleElement().asString().contains("is full at 1.0 MB").contains("precompute.megabytes");
            store.forgetUses(); // the cut has moved
            fill(store, 400, 450);
            assertThat(count(store, 400, 450)).isEqualTo(50);
        }
    }

    @Test
    void aSecondStoreSeesWhatTheFirstOneWrites() {
        try (var one = open(PLENTY); var other = open(PLENTY)) {
            for (int round = 0; round < 20; round++) {
                fill(one, 2 * round, 2 * round + 1);
                other.refresh();
                assertThat(has(other, 2 * round)).isTrue();
                fill(other, 2 * round + 1, 2 * round + 2);
            }
            one.refresh();
            assertThat(count(one, 0, 40)).isEqualTo(40);
        }
    }

    @Test
    void twoProcessesShare() throws Exception {
        onLinux();
        Process one = StoreChild.start("", temporary.resolve("store"), 0, 300);
        Process other = StoreChild.start("", temporary.resolve("store"), 150, 300);
        assertThat(last(one)).isEqualTo("done");
        assertThat(last(other)).isEqualTo("done");
        try (var store = open(PLENTY)) {
            assertThat(count(store, 0, 450)).isEqualTo(450);
        }
    }

    @Test
    void aKillCostsTheEntryThatWasBeingWritten() throws Exception {
        onLinux();
        for (int kill = 0; kill < 4; kill++) {
            Process child = StoreChild.start("", temporary.resolve("store"), 1000 * kill, 1000);
            try (BufferedReader out = child.inputReader()) {
                int sure = -1;
                for (int line = 0; line < 5 + 37 * kill; line++) {
                    sure = Integer.parseInt(out.readLine().substring("added ".length()));
                }
                child.destroyForcibly().waitFor();
                try (var store = open(PLENTY)) {
                    assertThat(count(store, 1000 * kill, sure + 1)).isEqualTo(sure + 1 - 1000 * kill);
                    count(store, 0, 4000); // and what else is there is right
                }
            } finally {
                child.destroyForcibly();
            }
        }
        assertThat(said).isEmpty();
    }

    @Test
    void aFullDiskIsSaidOnceAndWhatFittedIsThere() throws Exception {
        onLinux();
        Process child = StoreChild.start("ulimit -f 32;", temporary.resolve("store"), 0, 40); // no file beyond 32 KiB
        try (BufferedReader out = child.inputReader()) {
            List<String> lines = out.lines().toList();
            assertThat(lines).filteredOn(line -> line.startsWith("said ")).singleElement().asString()
                    .contains("cannot be written: File too large").contains("The training is not concerned");
            assertThat(lines.getLast()).isEqualTo("done");
        }
        try (var store = open(PLENTY)) {
            assertThat(count(store, 0, 40)).isEqualTo(8);
        }
    }

    @Test
    void aFolderThatMayOnlyBeReadIsRead() throws IOException {
        try (var store = open(PLENTY)) {
            fill(store, 0, 5);
        }
        Path folder = temporary.resolve("store");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("r-xr-xr-x"));
        try {
            Assumptions.assumeFalse(Files.isWritable(folder), "whoever runs the tests may write everywhere");
            try (var store = open(PLENTY)) {
                assertThat(count(store, 0, 5)).isEqualTo(5);
                fill(store, 5, 10);
                assertThat(count(store, 0, 10)).isEqualTo(5);
                assertThat(said).singleElement().asString().contains("cannot be written: access is denied");
            }
        } finally {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    @Test
    void aFolderOfSomethingElseIsRefused() throws IOException {
        Path folder = Files.createDirectories(temporary.resolve("store"));
        Path theirs = Files.writeString(folder.resolve("notes.txt"), "mine");
        assertThatThrownBy(() -> open(PLENTY)).isInstanceOf(DataException.class).hasMessageContaining("holds 'notes.txt', which is no part");
        Files.move(theirs, folder.resolve("0.frozen"));
        open(PLENTY).close(); // shorter than a header: it may yet become one
        Files.writeString(folder.resolve("0.frozen"), "a text that is longer than a header");
        assertThatThrownBy(() -> open(PLENTY)).isInstanceOf(DataException.class).hasMessageContaining("of this version");
        assertThatThrownBy(() -> FrozenStore.open(folder.resolve("0.frozen"), PLENTY, said::add)).hasMessageContaining("cannot be made or read");
    }

    private static String last(Process child) throws Exception {
        try (BufferedReader out = child.inputReader()) {
            String last = out.lines().toList().getLast();
            assertThat(child.waitFor()).isZero();
            return last;
        }
    }

    private static void onLinux() {
        Assumptions.assumeTrue(System.getProperty("os.name").equals("Linux"), "kills and limits processes as Linux does it");
    }
}

package dev.cultivar.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cultivar.recipe.RecipeException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Processes that are killed, starved of room, and kept out.
@Timeout(120)
class CrashTest {
    private static final int KILLS = 6;

    @TempDir
    Path temporary;

    @BeforeAll
    static void onLinux() {
        Assumptions.assumeTrue(System.getProperty("os.name").equals("Linux"), "kills and limits processes as Linux does it");
    }

    @Test
    void afterEachKillTheLastCheckpointOpensAndIsWhatWasPublished() throws Exception {
        Path root = temporary.resolve("run");
        var files = new RunFiles(root);
        var random = new Random(19);
        long before = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            Process child = Child.start("", "train", root.toString());
            try (BufferedReader out = child.inputReader()) {
                // One checkpoint at least, then any of the moves: while it goes on, and wherever it is by now, it is killed.
                String published = Child.await(out, "published ");
                assertThat(published).isNotNull();
                long known = Long.parseLong(published.substring("published ".length()));
                assertThat(known).isEqualTo(before + 1);
                for (int moves = random.nextInt(25); moves > 0; moves--) {
                    assertThat(out.readLine()).isNotNull();
                }
                child.destroyForcibly().waitFor();
                before = Child.verify(files);
                assertThat(before).isGreaterThanOrEqualTo(known);
                files.checkpoints().values().forEach(CheckpointFolder::open);
                files.best().ifPresent(CheckpointFolder::open);
                assertThat(files.best().isPresent() || before < 3).isTrue();
                assertThat(MetricsFile.read(files.metrics())).hasSizeGreaterThanOrEqualTo((int) before);
            } finally {
                child.destroyForcibly();
            }
        }
        try (var run = RunFolder.open(root)) {
            try (var left = Files.list(run.files().checkpointsFolder())) {
                assertThat(left.map(path -> path.getFileName().toString())).noneMatch(name -> name.startsWith("."));
            }
            assertThat(Child.verify(run.files())).isEqualTo(before);
        }
    }

    @Test
    void aFullDiskCostsOneCheckpoint() throws Exception {
        Path root = temporary.resolve("run");
        Process child = Child.start("ulimit -f 64;", "fill", root.toString()); // no file beyond 64 KiB
        try (BufferedReader out = child.inputReader()) {
            String failure = Child.await(out, "CheckpointException ");
            assertThat(failure)
                    .contains("checkpoints/step-000004: was not written: state.safetensors: cannot be written: File too large.")
                    .contains("It needs 80.1 kB")
                    .contains("step-000003 (60.1 kB) still opens: make room for that much and resume.");
            assertThat(child.waitFor()).isZero();
        }
        try (var run = RunFolder.open(root)) {
            assertThat(CheckpointFolder.open(run.files().last().orElseThrow()).step()).isEqualTo(3);
            try (var left = Files.list(run.files().checkpointsFolder())) {
                assertThat(left).hasSize(4); // three and the link
            }
        }
    }

    @Test
    void oneProcessTrainsInAFolder() throws Exception {
        Path root = temporary.resolve("run");
        RunFolder.create(root).close();
        Process child = Child.start("", "hold", root.toString());
        try (BufferedReader out = child.inputReader()) {
            assertThat(Child.await(out, "holding")).isNotNull();
            assertThatThrownBy(() -> RunFolder.open(root))
                    .isInstanceOf(RecipeException.class)
                    .hasMessageContaining("is in use by process " + child.pid());
            child.getOutputStream().close();
            assertThat(child.waitFor()).isZero();
        }
        RunFolder.open(root).close();
    }

    /// On POSIX systems a process that closes any descriptor of a locked file loses the lock.
    @Test
    void aSecondAttemptInTheSameProcessIsRefusedAndDoesNotCostTheLock() throws Exception {
        Path root = temporary.resolve("run");
        long me = ProcessHandle.current().pid();
        try (var _ = RunFolder.create(root)) {
            assertThatThrownBy(() -> RunFolder.open(root))
                    .isInstanceOf(RecipeException.class)
                    .hasMessageContaining("is in use by process " + me);
            Process child = Child.start("", "hold", root.toString());
            child.getOutputStream().close();
            try (BufferedReader out = child.inputReader()) {
                assertThat(out.readLine()).startsWith("RecipeException").contains("is in use by process " + me);
            }
        }
        RunFolder.open(root).close();
    }

    @Test
    void theOwnerThatAKillLeftIsNobody() throws Exception {
        Path root = temporary.resolve("run");
        RunFolder.create(root).close();
        Files.writeString(root.resolve(".owner"), ProcessHandle.current().pid() + " 2001-01-01T00:00:00Z\n"); // the number again
        RunFolder.open(root).close();
        assertThat(root.resolve(".owner")).doesNotExist();
    }
}

package dev.cultivar.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cultivar.checkpoint.CheckpointFolder;
import dev.cultivar.checkpoint.RunFiles;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A training process that is killed, starved of room, and kept out.
@Timeout(240)
class TrainingCrashTest {
    @TempDir
    Path folder;

    @BeforeAll
    static void onLinux() {
        Assumptions.assumeTrue(System.getProperty("os.name").equals("Linux"), "kills and limits processes as Linux does it");
    }

    private String[] arguments(Path out, String... overrides) throws Exception {
        return arguments(Tiny.rows(folder.resolve("rows.csv"), 60), out, overrides);
    }

    private static String[] arguments(Path rows, Path out, String... overrides) {
        List<String> arguments = new ArrayList<>(List.of("train", out.toString(), rows.toString()));
        arguments.addAll(List.of(overrides));
        return arguments.toArray(String[]::new);
    }

    /// Kills so often after a random number of events, wherever the process is by then, and lets it finish at last.
    private void killed(int kills, int mostEvents, String... overrides) throws Exception {
        Path whole = folder.resolve("whole");
        assertThat(said(TrainingChild.start("", arguments(whole, overrides)))).endsWith("done");
        Path often = folder.resolve("often");
        var random = new Random(23);
        long resumedAt = 0;
        for (int kill = 0; kill < kills; kill++) {
            Process child = TrainingChild.start("", arguments(often, overrides));
            try (BufferedReader out = child.inputReader()) {
                for (int events = 1 + random.nextInt(mostEvents); events > 0; events--) {
                    assertThat(out.readLine()).isEqualTo("event");
                }
                child.destroyForcibly().waitFor();
            } finally {
                child.destroyForcibly();
            }
            var last = new RunFiles(often).last();
            long step = last.isPresent() ? CheckpointFolder.open(last.get()).step() : 0;
            assertThat(step).isGreaterThanOrEqualTo(resumedAt);
            resumedAt = step;
        }
        assertThat(resumedAt).as("kills came after checkpoints").isPositive();
        assertThat(said(TrainingChild.start("", arguments(often, overrides)))).endsWith("done");
        Tiny.assertSame(whole, often);
    }

    private static String said(Process child) throws Exception {
        try (BufferedReader out = child.inputReader()) {
            String said = String.join("\n", out.lines().filter(line -> !line.equals("event")).toList());
            assertThat(child.waitFor()).as(said).isZero();
            return said;
        }
    }

    @Test
    void sixKillsCostNothing() throws Exception {
        killed(6, 30, "horizon={steps: 60}", "checkpoint={every: {steps: 3}}", "evaluate={every: {steps: 9}}", "average={decay: 0.9}",
                "device={threads: 2, precision: float32}", "batching={rows: 4, max_length: 32, accumulation: 2}");
    }

    /// Frozen work that was done before a kill is found after it.
    @Test
    void killsCostNothingWhileFrozenWorkIsKept() throws Exception {
        killed(4, 30, "objective={kind: classification}", "data.columns={text: text, label: label}", "strategy={kind: gradual, every: {steps: 20}}",
                "horizon={steps: 60}", "checkpoint={every: {steps: 3}}", "evaluate={every: {steps: 9}}");
    }

    @Test
    @Tag("slow")
    void twentyKillsCostNothingInBfloat16() throws Exception {
        killed(20, 150, "horizon={steps: 800}", "checkpoint={every: {steps: 7}}", "evaluate={every: {steps: 11}}", "average={decay: 0.9}",
                "device={threads: 2, precision: bfloat16}", "batching={rows: 4, max_length: 32, accumulation: 2}");
    }

    @Test
    @Tag("slow")
    void twentyKillsCostNothingOnTwoThreadsOfAnOperator() throws Exception {
        killed(20, 150, "horizon={steps: 800}", "checkpoint={every: {steps: 5}}", "backbone.width=64", "backbone.heads=4",
                "device={threads: 2, precision: float32}");
    }

    /// Lines of text are read without a library that unpacks itself, for which the limit would leave no room.
    @Test
    void aFullDiskKeepsThePreviousCheckpoint() throws Exception {
        Path run = folder.resolve("run");
        Path rows = Tiny.rows(folder.resolve("rows.txt"), 60);
        String[] overrides = {"horizon={steps: 40}", "checkpoint={every: {steps: 4}}", "evaluate={every: never}", "average={decay: 0.9}"};
        TrainingRun.run(Tiny.recipe(Tiny.MASKED, rows, overrides),
                TrainingRun.Request.to(run).stoppedBy(() -> new RunFiles(run).last().isPresent()));
        Path last = new RunFiles(run).last().orElseThrow();
        // Now the files of the next checkpoint do not fit any more; the log, which is smaller, does.
        String said = said(TrainingChild.start("ulimit -f 40;", arguments(rows, run, overrides)));
        assertThat(said).contains("CheckpointException").contains("was not written").contains("File too large").contains("still opens");
        assertThat(new RunFiles(run).last()).contains(last);
        assertThat(CheckpointFolder.open(last).step()).isPositive();
        // With room again it goes on, and ends where an undisturbed run ends.
        assertThat(said(TrainingChild.start("", arguments(rows, run, overrides)))).endsWith("done");
        Path whole = folder.resolve("whole");
        TrainingRun.run(Tiny.recipe(Tiny.MASKED, rows, overrides), TrainingRun.Request.to(whole));
        Tiny.assertSame(whole, run);
    }

    @Test
    void aSecondProcessIsKeptOut() throws Exception {
        Path run = folder.resolve("run");
        Process first = TrainingChild.start("", arguments(run, "horizon={steps: 100000}", "evaluate={every: never}"));
        try (BufferedReader out = first.inputReader()) {
            assertThat(out.readLine()).isEqualTo("event");
            assertThat(said(TrainingChild.start("", arguments(run, "horizon={steps: 100000}", "evaluate={every: never}"))))
                    .startsWith("RecipeException").contains("is in use by process " + first.pid());
        } finally {
            first.destroyForcibly().waitFor();
        }
    }
}

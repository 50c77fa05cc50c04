package dev.cultivar.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Native memory is freed by scopes, not by the collector, which here cannot run: between step 50 and step 500 nothing grows.
@Timeout(240)
class LeakTest {
    private static final int STEPS = 450;
    /// Compiled code, and what the allocator keeps at hand.
    private static final long RESIDENT_BYTES = 32_000_000;

    @TempDir
    Path folder;

    @BeforeAll
    static void onLinux() {
        Assumptions.assumeTrue(System.getProperty("os.name").equals("Linux"), "reads /proc");
    }

    private List<TrainingChild.Weight> weigh(String what, String... overrides) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("weigh", what, folder.resolve("run").toString(),
                Tiny.rows(folder.resolve("rows.csv"), 60).toString(), "horizon={steps: 500}", "checkpoint={every: {steps: 100}}"));
        arguments.addAll(List.of(overrides));
        Process child = TrainingChild.start("", arguments.toArray(String[]::new));
        List<TrainingChild.Weight> weights = new ArrayList<>();
        List<String> said = new ArrayList<>();
        try (BufferedReader out = child.inputReader()) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                said.add(line);
                if (line.startsWith("Weight[")) {
                    weights.add(TrainingChild.Weight.parse(line));
                }
            }
        }
        assertThat(child.waitFor()).as(said.toString()).isZero();
        assertThat(weights).as(said.toString()).extracting(TrainingChild.Weight::step).containsExactly(50L, 500L);
        return weights;
    }

    private static void assertFlat(List<TrainingChild.Weight> weights) {
        assertFlat(weights, RESIDENT_BYTES);
    }

    private static void assertFlat(List<TrainingChild.Weight> weights, long resident) {
        var early = weights.getFirst();
        var late = weights.getLast();
        assertThat(early.pointers()).as("live pointers are counted").isPositive();
        assertThat(late.pointers()).as(weights.toString()).isLessThanOrEqualTo(early.pointers() + 2);
        assertThat(late.collections()).as("nobody tidied up").isEqualTo(early.collections());
        assertThat(late.resident() - early.resident()).as(weights.toString()).isLessThan(resident);
        assertThat(late.bytes()).as(weights.toString()).isLessThanOrEqualTo(early.bytes() + 1024);
    }

    @Test
    void trainingKeepsNothing() throws Exception {
        assertFlat(weigh("train", "evaluate={every: never}"));
    }

    /// Each phase has other shapes, for which oneDNN keeps what it compiles: on a processor with AMX 70 MB by step 500, after which nothing comes.
    @Test
    void allThatAStepCanHaveKeepsNothing() throws Exception {
        assertFlat(weigh("train", "evaluate={every: {steps: 50}}", "average={decay: 0.9}", "device={threads: 2, precision: bfloat16}",
                "batching={rows: 4, max_length: 32, accumulation: 2}", "strategy={kind: gradual, every: {steps: 100}}"), 3 * RESIDENT_BYTES);
    }

    @Test
    void evaluationKeepsNothing() throws Exception {
        assertFlat(weigh("evaluate", "evaluate={every: {steps: 1}}", "checkpoint={every: never}"));
    }

    @Test
    void predictionKeepsNothing() throws Exception {
        assertFlat(weigh("predict"));
    }

    /// Without this, the others would prove nothing.
    @Test
    void aDeliberateLeakIsSeen() throws Exception {
        var weights = weigh("leak", "evaluate={every: never}");
        assertThat(weights.getLast().pointers() - weights.getFirst().pointers()).isGreaterThanOrEqualTo(STEPS);
        assertThat(weights.getLast().resident() - weights.getFirst().resident()).as(weights.toString()).isGreaterThan(3 * RESIDENT_BYTES);
    }
}

package dev.cultivar.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is computed once more instead of kept makes the same model: dropout, replicas and accumulation included.
class GradientCheckpointingTest {
    @TempDir
    Path folder;

    private Path run(String name, Path rows, String... overrides) {
        Path out = folder.resolve(name);
        TrainingRun.run(Tiny.recipe(Tiny.MASKED, rows, overrides), TrainingRun.Request.to(out));
        return out;
    }

    @Test
    void givesTheSameBits() throws Exception {
        Path rows = Tiny.rows(folder.resolve("rows.csv"), 60);
        for (String precision : new String[] {"device.precision=float32", "device.precision=bfloat16"}) {
            String[] kept = {precision, "batching.accumulation=2", "horizon={steps: 4}"};
            String[] again = {precision, "batching.accumulation=2", "horizon={steps: 4}", "device.gradient_checkpointing=true"};
            assertThat(Tiny.tensors(run("again-" + precision, rows, again))).isEqualTo(Tiny.tensors(run("kept-" + precision, rows, kept)));
        }
    }
}

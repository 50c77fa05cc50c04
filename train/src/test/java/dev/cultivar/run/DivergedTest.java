package dev.cultivar.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cultivar.checkpoint.RunFiles;
import dev.cultivar.loop.DivergedException;
import dev.cultivar.format.ModelPlace;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A loss that is no number stops the run before it does harm, and says where.
class DivergedTest {
    @TempDir
    Path folder;

    @Test
    void stepRowsAndTheLastGoodCheckpointAreNamed() throws Exception {
        Path rows = Tiny.rows(folder.resolve("rows.csv"), 60);
        Path run = folder.resolve("run");
        var recipe = Tiny.recipe(Tiny.MASKED, rows, "optimizer={kind: sgd, learning_rate: 1e30}", "schedule={kind: constant, warmup: {steps: 2}}",
                "clipping=none", "checkpoint={every: {steps: 1}}", "evaluate={every: never}");
        var diverged = catchThrowableOfType(DivergedException.class, () -> TrainingRun.run(recipe, TrainingRun.Request.to(run)));
        long last = new RunFiles(run).checkpoints().lastEntry().getKey();
        assertThat(last).isGreaterThanOrEqualTo(1);
        assertThat(diverged)
                .hasMessageContaining("step " + (last + 1) + ": ")
                .hasMessageContaining("is no finite number")
                .hasMessageContaining(new RunFiles(run).checkpoint(last).toString())
                .hasMessageContaining("optimizer.learning_rate");
        assertThat(diverged.getMessage()).containsPattern("rows of the batch: \\[\\d+(, \\d+){7}]");
        assertThat(ModelPlace.find(run.toString())).exists();
    }
}

package dev.cultivar.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cultivar.checkpoint.MetricsFile;
import dev.cultivar.checkpoint.RunFiles;
import dev.cultivar.recipe.RecipeReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A step whose rows are shared between threads is the step that one thread makes, up to the order of a sum.
class ReplicasTest {
    private static final String RECIPE = """
            name: replicas
            seed: 3
            backbone: {kind: gpt2, layers: 1, width: 16, heads: 2, positions: 16, dropout: 0, attention_dropout: 0}
            tokenizer: {kind: chars, unknown: false}
            data: {train: {file: FILE}, validation: {fraction: 0.2}}
            objective: causal_lm
            optimizer: {kind: sgd, learning_rate: 0.5}
            schedule: constant
            horizon: {steps: 6}
            batching: {rows: 5, max_length: 16}
            evaluate: {every: never}
            """;

    @TempDir
    Path folder;

    private List<Double> losses(String name, String... overrides) throws Exception {
        Path text = folder.resolve("text.txt");
        Files.writeString(text, "the quick brown fox jumps over the lazy dog\n".repeat(30));
        Path out = folder.resolve(name);
        TrainingRun.run(RecipeReader.read(RECIPE.replace("FILE", text.toString()), "replicas.yaml", List.of(overrides)), TrainingRun.Request.to(out));
        return MetricsFile.read(new RunFiles(out).metrics()).stream()
                .filter(line -> "step".equals(line.get("event")))
                .map(line -> ((Number) line.get("loss")).doubleValue())
                .toList();
    }

    @Test
    void sharedRowsMakeTheSameStep() throws Exception {
        List<Double> one = losses("one", "device={threads: 2, replicas: 1, precision: float32}");
        List<Double> two = losses("two", "device={threads: 2, replicas: 2, precision: float32}");
        List<Double> again = losses("again", "device={threads: 2, replicas: 2, precision: float32}");
        assertThat(two).isEqualTo(again);
        assertThat(one.getLast()).isLessThan(one.getFirst());
        for (int step = 0; step < one.size(); step++) {
            assertThat(two.get(step)).isCloseTo(one.get(step), within(1e-5));
        }
    }

    @Test
    void aSmallStepIsNotCut() {
        assertThat(Device.replicas(8, RecipeReader.read(RECIPE.replace("FILE", "x"), "replicas.yaml", List.of()).batching())).isOne();
        assertThat(Device.replicas(8, RecipeReader.read(RECIPE.replace("FILE", "x"), "replicas.yaml",
                List.of("batching={rows: 64, max_length: 16}")).batching())).isEqualTo(4);
        assertThat(Device.replicas(2, RecipeReader.read(RECIPE.replace("FILE", "x"), "replicas.yaml",
                List.of("batching={rows: 5, max_length: 16, accumulation: 3}")).batching())).isEqualTo(2);
    }
}

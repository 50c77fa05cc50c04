package dev.cultivar.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cultivar.checkpoint.CheckpointFolder;
import dev.cultivar.checkpoint.MetricsFile;
import dev.cultivar.checkpoint.RunFiles;
import dev.cultivar.format.JsonFiles;
import dev.cultivar.format.Safetensors;
import dev.cultivar.recipe.Recipe;
import dev.cultivar.recipe.RecipeReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/// Runs of a few steps on rows of made-up text, and what they leave.
final class Tiny {
    private static final List<String> ANIMALS = List.of("cat", "dog", "hen", "fox", "owl", "bee");
    private static final List<String> TOOLS = List.of("saw", "axe", "pen", "jar", "net", "lid");
    private static final List<String> WORDS = List.of("red", "old", "small", "near", "the", "sees", "holds", "under", "two", "of", "with", "a");
    private static final Set<String> WALL_CLOCK = Set.of("seconds", "write_seconds", "model_gflops", "matrix_gflops", "waited_for_batches");

    /// Masked language modelling with dropout; overrides make other runs of it.
    static final String MASKED = """
            seed: 3
            backbone: {kind: bert, layers: 2, width: 16, heads: 2, positions: 32, dropout: 0.1}
            tokenizer: {kind: wordpiece, vocabulary: 60}
            data:
              train: {file: rows.csv}
              validation: {fraction: 0.2}
            objective: {kind: masked_lm}
            optimizer: {kind: adamw, learning_rate: 5e-3}
            horizon: {steps: 10}
            batching: {rows: 8, max_length: 32}
            evaluate: {every: {steps: 4}}
            checkpoint: {every: {steps: 3}}
            device: {kind: cpu, threads: 1, precision: float32}
            """;

    /// Which kind of word a row has.
    static final String CLASSIFIED = MASKED.replace("objective: {kind: masked_lm}", "objective: {kind: classification}\nclipping: none")
            .replace("fraction: 0.2}", "fraction: 0.2}\n  columns: {text: text, label: label}");

    private Tiny() {}

    /// Writes labelled rows of different lengths.
    static Path rows(Path file, int rows) throws IOException {
        var random = new Random(11);
        var text = new StringBuilder("text,label,size\n");
        for (int row = 0; row < rows; row++) {
            boolean animal = random.nextBoolean();
            List<String> words = new ArrayList<>();
            for (int i = random.nextInt(2, 12); i > 0; i--) {
                words.add(WORDS.get(random.nextInt(WORDS.size())));
            }
            words.add(random.nextInt(words.size()), (animal ? ANIMALS : TOOLS).get(random.nextInt(6)));
            text.append(String.join(" ", words)).append(',').append(animal ? "animal" : "tool").append(',').append(words.size()).append('\n');
        }
        return Files.writeString(file, text);
    }

    static Recipe recipe(String yaml, Path rows, String... overrides) {
        List<String> all = new ArrayList<>(List.of("data.train.file=" + rows));
        all.addAll(Arrays.asList(overrides));
        return RecipeReader.read(yaml, "tiny.yaml", all);
    }

    /// The tensors of a run's last checkpoint by name, those of the model and of the state.
    static Map<String, List<Byte>> tensors(Path run) {
        Map<String, List<Byte>> tensors = new TreeMap<>();
        CheckpointFolder last = CheckpointFolder.open(new RunFiles(run).last().orElseThrow());
        for (String name : last.files().keySet()) {
            if (name.endsWith(".safetensors")) {
                try (var file = Safetensors.open(last.file(name))) {
                    file.entries().keySet().forEach(tensor -> {
                        List<Byte> bytes = new ArrayList<>();
                        for (byte each : file.bytes(tensor).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE)) {
                            bytes.add(each);
                        }
                        tensors.put((name.startsWith("state") ? "state." : "") + tensor, bytes);
                    });
                }
            }
        }
        return tensors;
    }

    /// The values of the state that are no tensors, less what a clock said.
    static Map<String, Object> values(Path run) {
        return timeless(JsonFiles.read(CheckpointFolder.open(new RunFiles(run).last().orElseThrow()).file("progress.json")));
    }

    /// The log, less what a clock said, and less checkpoints, of which an interrupted run has more, and what was said of the machine.
    static List<Map<String, Object>> log(Path run) {
        return MetricsFile.read(new RunFiles(run).metrics()).stream()
                .filter(event -> !Set.of("checkpoint", "precompute").contains(String.valueOf(event.get("event"))))
                .map(Tiny::timeless)
                .toList();
    }

    private static Map<String, Object> timeless(Map<String, Object> values) {
        Map<String, Object> kept = new TreeMap<>(values);
        kept.keySet().removeAll(WALL_CLOCK);
        return kept;
    }

    /// The whole state of two runs is the same: parameters, buffers, moments, averages, counters, places, log.
    static void assertSame(Path run, Path other) {
        assertThat(tensors(other).keySet()).isEqualTo(tensors(run).keySet());
        tensors(run).forEach((name, bytes) -> assertThat(tensors(other).get(name).equals(bytes)).as(name + " is the same").isTrue());
        assertThat(values(other)).isEqualTo(values(run));
        assertThat(log(other)).isEqualTo(log(run));
        assertThat(new RunFiles(other).best().map(Path::getFileName)).isEqualTo(new RunFiles(run).best().map(Path::getFileName));
    }
}

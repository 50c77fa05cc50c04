package dev.cultivar.bench;

import dev.cultivar.recipe.Recipe;
import dev.cultivar.recipe.RecipeReader;
import dev.cultivar.run.TrainingRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// How much sooner a run is done that computes its frozen layers once: the product's own training, with and without `precompute`.
///
/// Prints, for feature extraction and for training the last two of six layers, the seconds of the whole command without and with it (the
/// store empty at first, and then filled by the run before), and their ratios. The backbone has MiniLM's shape and random weights: what is
/// learned does not matter here. Arguments: `[rows=2000] [epochs=10] [folder] [key=value...]`.
public final class PrecomputeBench {
    private static final String SHAPE = """
            name: shape
            backbone: {kind: bert, layers: 6, width: 384, heads: 12, positions: 512}
            tokenizer: {kind: wordpiece, vocabulary: 4096}
            data:
              train: {zoo: wordnet, part: train, rows: 2000}
              columns: {text: definition}
            objective: {kind: masked_lm}
            optimizer: {kind: adamw, learning_rate: 1e-4}
            horizon: {steps: 1}
            batching: {rows: 2, max_length: 128}
            """;
    private static final String TUNE = """
            name: tune
            data:
              train: {zoo: wordnet, part: train, rows: 2000}
              columns: {text: definition, label: lexname}
            backbone: {kind: pretrained, model: shape}
            objective: {kind: classification, pooling: mean}
            optimizer: {kind: adamw, learning_rate: 1e-3}
            horizon: {epochs: 10}
            batching: {rows: 32, max_length: 128}
            checkpoint: {every: never, keep: 1}
            """;

    private PrecomputeBench() {}

    public static void main(String[] arguments) throws IOException {
        int rows = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 2000;
        int epochs = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 10;
        Path folder = arguments.length > 2 ? Path.of(arguments[2]) : Files.createTempDirectory("precompute-bench");
        List<String> more = arguments.length > 3 ? Arrays.asList(arguments).subList(3, arguments.length) : List.of();
        Path shape = folder.resolve("shape");
        if (!Files.exists(shape)) {
            TrainingRun.run(RecipeReader.read(SHAPE, "shape.yaml", List.of()), TrainingRun.Request.to(shape));
        }
        for (String strategy : List.of("{kind: feature_extraction}", "{kind: partial, trained: 2}")) {
            List<String> overrides = new ArrayList<>(List.of(
                    "backbone.model=" + shape, "data.train.rows=" + rows, "horizon={epochs: " + epochs + "}", "strategy=" + strategy));
            overrides.addAll(more);
            Path store = Files.createTempDirectory(folder, "store");
            seconds(folder, overrides, "horizon={steps: 3}", "precompute=off"); // warms up, and encodes the rows
            Time off = seconds(folder, overrides, "precompute=off");
            Time on = seconds(folder, overrides, "precompute={kind: on, folder: " + store + "}");
            Time again = seconds(folder, overrides, "precompute={kind: on, folder: " + store + "}");
            System.out.printf("%-28s %,d rows, %d epochs: off %s, on %s, store filled before %s%n",
                    strategy, rows, epochs, off.against(off), on.against(off), again.against(off));
        }
    }

    /// What a run took: a clock's seconds, and the processor's, which a busy machine does not change much.
    private record Time(double wall, double processor) {
        String against(Time other) {
            return "%.1f s (%.1f x; processor %.1f s, %.1f x)".formatted(wall, other.wall / wall, processor, other.processor / processor);
        }

        static double processorNow() {
            return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toMillis() / 1e3;
        }
    }

    private static Time seconds(Path folder, List<String> overrides, String... more) throws IOException {
        List<String> all = new ArrayList<>(overrides);
        all.addAll(Arrays.asList(more));
        Recipe recipe = RecipeReader.read(TUNE, "tune.yaml", all);
        Path out = Files.createTempDirectory(folder, "run").resolve("run");
        long started = System.nanoTime();
        double processor = Time.processorNow();
        TrainingRun.run(recipe, TrainingRun.Request.to(out).cachedIn(folder.resolve("data")));
        return new Time((System.nanoTime() - started) / 1e9, Time.processorNow() - processor);
    }
}

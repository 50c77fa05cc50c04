package dev.cultivar.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cultivar.evaluate.Metric;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a strategy freezes stays as it is, and what must not matter does not.
class InvarianceTest {
    /// So small a rate moves no float32 weight: a run is then nothing but its evaluation.
    private static final String STILL = "optimizer={kind: sgd, learning_rate: 1e-30}";

    @TempDir
    Path folder;

    private Path rows = Path.of("");

    @BeforeEach
    void write() throws Exception {
        rows = Tiny.rows(folder.resolve("rows.csv"), 60);
    }

    private Path run(String name, String... overrides) {
        Path out = folder.resolve(name);
        TrainingRun.run(Tiny.recipe(Tiny.CLASSIFIED, rows, overrides), TrainingRun.Request.to(out).cachedIn(folder.resolve("cache")));
        return out;
    }

    private String from(Path run) {
        return "backbone={kind: pretrained, model: " + run + "}";
    }

    /// The pooler is read by the head alone, and moves with it.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {kind: feature_extraction}                      | classifier. bert.pooler. | 4
            {kind: partial, trained: 1}                     | classifier. bert.encoder.layer.1. bert.pooler. | 4
            {kind: partial, trained: 1, embeddings: true}   | classifier. bert.encoder.layer.1. bert.embeddings. bert.pooler. | 4
            {kind: gradual, every: {steps: 2}}              | classifier. bert.pooler. | 2
            {kind: gradual, every: {steps: 2}}              | classifier. bert.encoder.layer.1. bert.pooler. | 4
            {kind: gradual, every: {steps: 2}}              | classifier. bert.encoder. bert.pooler. | 6
            {kind: gradual, every: {steps: 2}}              | classifier. bert. | 8
            {kind: full}                                    | classifier. bert. | 4
            """)
    void whatIsFrozenStaysAsItIsToTheBit(String strategy, String moved, int steps) {
        Path base = run("base", "horizon={steps: 1}");
        var before = Tiny.tensors(base);
        for (String precision : List.of("float32", "bfloat16")) {
            Path tuned = run("tuned-" + precision, from(base), "tokenizer={kind: backbone}", "strategy=" + strategy,
                    "horizon={steps: " + steps + "}", "device={threads: 1, precision: " + precision + "}",
                    "optimizer={kind: adamw, learning_rate: 5e-3, weight_decay: 0.1, decay: all}");
            var after = Tiny.tensors(tuned);
            List<String> moves = List.of(moved.split(" "));
            before.keySet().stream().filter(name -> !name.startsWith("state.") && moves.stream().noneMatch(name::startsWith)).forEach(name ->
                    assertThat(after.get(name).equals(before.get(name))).as(name + " is frozen in " + precision).isTrue());
            for (String prefix : moves) {
                assertThat(before.keySet().stream().filter(name -> name.startsWith(prefix)))
                        .as(prefix + " moves").anyMatch(name -> !after.get(name).equals(before.get(name)));
            }
        }
    }

    private List<Metric> measured(String name, String... overrides) {
        var recipe = Tiny.recipe(Tiny.CLASSIFIED, rows, overrides);
        return TrainingRun.run(recipe, TrainingRun.Request.to(folder.resolve(name))).best().get("validation");
    }

    @Test
    void aScoreDependsOnNoSettingOfTheTraining() {
        Path base = run("base", "horizon={steps: 3}");
        List<String> settings = List.of("batching={rows: 3, max_length: 32}", "batching={rows: 64, max_length: 32}", "batching={tokens: 40, max_length: 32}",
                "batching={rows: 2, max_length: 32, accumulation: 3, loaders: 0}", "seed=3", "strategy={kind: feature_extraction}");
        List<Metric> plain = measured("plain", from(base), "tokenizer={kind: backbone}", STILL, "horizon={steps: 1}");
        for (String setting : settings) {
            String name = "run-" + settings.indexOf(setting);
            assertThat(measured(name, from(base), "tokenizer={kind: backbone}", STILL, "horizon={steps: 1}", setting)).as(setting).isEqualTo(plain);
        }
    }

    /// In bfloat16 the forward pass reads copies, which have to follow each move before anything is measured.
    @Test
    void whatIsMeasuredIsWhatIsSaved() {
        for (String precision : List.of("float32", "bfloat16")) {
            String device = "device={threads: 1, precision: " + precision + "}";
            Path trained = folder.resolve("trained-" + precision);
            var last = TrainingRun.run(Tiny.recipe(Tiny.CLASSIFIED, rows, device, "horizon={steps: 3}", "evaluate={every: never}",
                    "optimizer={kind: sgd, learning_rate: 0.5}"), TrainingRun.Request.to(trained)).best().get("validation");
            assertThat(measured("again-" + precision, from(trained), "tokenizer={kind: backbone}", device, STILL, "horizon={steps: 1}")).isEqualTo(last);
        }
    }

    private static double norm(Map<String, List<Byte>> a, Map<String, List<Byte>> b, String prefix) {
        double squares = 0;
        for (String name : a.keySet()) {
            if (name.startsWith(prefix)) {
                float[] left = floats(a.get(name));
                float[] right = floats(b.get(name));
                for (int i = 0; i < left.length; i++) {
                    squares += Math.pow(left[i] - (double) right[i], 2);
                }
            }
        }
        return Math.sqrt(squares);
    }

    private static float[] floats(List<Byte> bytes) {
        var buffer = java.nio.ByteBuffer.allocate(bytes.size()).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        bytes.forEach(buffer::put);
        float[] floats = new float[bytes.size() / 4];
        buffer.flip().asFloatBuffer().get(floats);
        return floats;
    }

    /// Plain descent makes a step of rate times gradient: each layer's share of the decay can be read off.
    @Test
    void layerDecaySlowsEachLayerByItsDepth() {
        Path base = run("base", "horizon={steps: 1}");
        var before = Tiny.tensors(base);
        String[] common = {from(base), "tokenizer={kind: backbone}", "horizon={steps: 1}", "schedule={kind: constant}", "optimizer={kind: sgd, learning_rate: 0.1}"};
        var full = Tiny.tensors(run("full", common));
        List<String> decayed = new ArrayList<>(List.of(common));
        decayed.add("strategy={kind: full, layer_decay: 0.5}");
        var slowed = Tiny.tensors(run("slowed", decayed.toArray(String[]::new)));
        Map<String, Double> factors = Map.of("classifier.", 1.0, "bert.pooler.", 1.0, "bert.encoder.layer.1.", 0.5,
                "bert.encoder.layer.0.", 0.25, "bert.embeddings.", 0.125);
        factors.forEach((prefix, factor) -> assertThat(norm(slowed, before, prefix) / norm(full, before, prefix))
                .as(prefix).isCloseTo(factor, within(1e-3)));
    }

    /// With all of the target spread, nothing can be learned beyond even odds.
    @Test
    void labelSmoothingMovesTheLoss() {
        Path base = run("base", "horizon={steps: 1}");
        String[] common = {from(base), "tokenizer={kind: backbone}", "horizon={steps: 1}", STILL};
        List<Double> losses = new ArrayList<>();
        for (double smoothing : new double[] {0, 0.2}) {
            List<String> overrides = new ArrayList<>(List.of(common));
            overrides.add("objective={kind: classification, label_smoothing: " + smoothing + "}");
            Path run = run("smooth-" + smoothing, overrides.toArray(String[]::new));
            losses.add((Double) Tiny.log(run).getFirst().get("loss"));
            // what is measured is never smoothed
            assertThat(Tiny.log(run).stream().filter(event -> "evaluation".equals(event.get("event"))).toList().getLast().get("metrics"))
                    .isEqualTo(Tiny.log(folder.resolve("smooth-0.0")).stream().filter(event -> "evaluation".equals(event.get("event"))).toList().getLast().get("metrics"));
        }
        assertThat(losses.get(1)).isNotEqualTo(losses.get(0));
    }
}

package dev.cultivar.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cultivar.checkpoint.CheckpointFolder;
import dev.cultivar.checkpoint.RunFiles;
import dev.cultivar.evaluate.Metric;
import dev.cultivar.format.JsonFiles;
import dev.cultivar.format.Safetensors;
import dev.cultivar.predict.Classifier;
import dev.cultivar.recipe.RecipeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// ELECTRA from replaced tokens to labels: what each stage leaves, and what the next takes of it.
class ElectraTest {
    private static final String BACKBONE = "backbone={kind: electra, layers: 2, width: 16, heads: 2, embedding: 12, positions: 32}";
    private static final String STEPS = "horizon={steps: 3}";

    @TempDir
    Path folder;

    private Path rows = Path.of("");

    @BeforeEach
    void write() throws Exception {
        rows = Tiny.rows(folder.resolve("rows.csv"), 60);
    }

    private Path run(String name, String yaml, String... overrides) {
        Path out = folder.resolve(name);
        List<String> all = new ArrayList<>(List.of(STEPS));
        all.addAll(Arrays.asList(overrides));
        TrainingRun.run(Tiny.recipe(yaml, rows, all.toArray(String[]::new)), TrainingRun.Request.to(out).cachedIn(folder.resolve("cache")));
        return out;
    }

    private Path pretrained(String... overrides) {
        List<String> all = new ArrayList<>(List.of(BACKBONE, "objective={kind: replaced_token}"));
        all.addAll(Arrays.asList(overrides));
        return run("pretrained", Tiny.MASKED, all.toArray(String[]::new));
    }

    private static Path last(Path run) {
        return new RunFiles(run).last().orElseThrow();
    }

    private static Object architecture(Path run) {
        return JsonFiles.read(last(run).resolve("config.json")).get("architectures");
    }

    private static Set<String> names(Path run, String file) {
        try (var stored = Safetensors.open(CheckpointFolder.open(last(run)).file(file))) {
            return new TreeSet<>(stored.entries().keySet());
        }
    }

    @Test
    void theDiscriminatorIsHandedOnAndTheGeneratorLiesBeside() {
        Path run = pretrained();
        assertThat(architecture(run)).isEqualTo(List.of("ElectraForPreTraining"));
        assertThat(names(run, "model.safetensors")).allMatch(name -> name.startsWith("electra.") || name.startsWith("discriminator_predictions."))
                .contains("electra.embeddings_project.weight", "discriminator_predictions.dense_prediction.bias", "electra.embeddings.word_embeddings.weight");
        assertThat(names(run, "head.safetensors")).allMatch(name -> name.startsWith("generator."))
                .contains("generator.generator_lm_head.bias", "generator.electra.embeddings_project.weight")
                .noneMatch(name -> name.contains("word_embeddings"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            cls  | ElectraForSequenceClassification | classifier.out_proj.weight
            mean | ElectraModel                     | classifier.weight
            """)
    void labelsAreLearnedOnWhatTellingReplacedTokensTaught(String pooling, String architecture, String head) {
        Path base = pretrained();
        Path tuned = run("tuned", Tiny.CLASSIFIED, "backbone={kind: pretrained, model: " + base + "}", "tokenizer={kind: backbone}",
                "objective={kind: classification, pooling: " + pooling + "}", "strategy={kind: feature_extraction}");
        assertThat(architecture(tuned)).isEqualTo(List.of(architecture));
        assertThat(names(tuned, pooling.equals("cls") ? "model.safetensors" : "head.safetensors")).contains(head);
        var before = Tiny.tensors(base);
        var after = Tiny.tensors(tuned);
        assertThat(after.keySet()).noneMatch(name -> name.contains("generator") || name.contains("discriminator"));
        before.keySet().stream().filter(name -> name.startsWith("electra.")).forEach(name -> {
            String stored = pooling.equals("cls") ? name : name.substring("electra.".length());
            assertThat(after.get(stored).equals(before.get(name))).as(name + " is the pretrained one").isTrue();
        });
        try (var classifier = Classifier.open(tuned)) {
            assertThat(classifier.predict("the old dog sees two").scores()).containsOnlyKeys("animal", "tool");
        }
        Path again = run("again", Tiny.CLASSIFIED, "backbone={kind: pretrained, model: " + tuned + "}", "tokenizer={kind: backbone}",
                "objective={kind: classification, pooling: " + pooling + "}", "optimizer={kind: sgd, learning_rate: 1e-30}");
        assertThat(Tiny.tensors(again).get(head)).as("a head of the same labels is kept").isEqualTo(after.get(head));
    }

    @Test
    void maskedPiecesAreGuessedByABackboneOfThisKindToo() {
        Path run = run("masked", Tiny.MASKED, BACKBONE);
        assertThat(architecture(run)).isEqualTo(List.of("ElectraForMaskedLM"));
        assertThat(names(run, "model.safetensors")).contains("generator_lm_head.bias", "generator_predictions.LayerNorm.weight")
                .doesNotContain("generator_lm_head.weight");
        assertThat(Files.exists(last(run).resolve("head.safetensors"))).isFalse();
    }

    /// A frozen backbone stays as it is to the bit; the generator, which is no part of it, learns, and so does the head.
    @Test
    void theGeneratorMovesWhateverOfTheBackboneIsFrozen() {
        Path base = pretrained();
        Path more = run("more", Tiny.MASKED, "backbone={kind: pretrained, model: " + base + "}", "tokenizer={kind: backbone}",
                "objective={kind: replaced_token}", "strategy={kind: feature_extraction}");
        var before = Tiny.tensors(base);
        var after = Tiny.tensors(more);
        assertThat(after.keySet()).containsAll(before.keySet().stream().filter(name -> !name.startsWith("state.")).toList());
        before.keySet().stream().filter(name -> !name.startsWith("state.")).forEach(name ->
                assertThat(after.get(name).equals(before.get(name))).as(name).isEqualTo(name.startsWith("electra.")));
    }

    /// In a row of one word over and over, another one stands out. A high temperature keeps the generator from being right too often.
    @Test
    void replacedTokensAreFoundWhereTheyStandOut() throws Exception {
        var text = new StringBuilder("text\n");
        for (String word : "ant bee cat dog elk fox gnu hen ibis jay kite lion".split(" ")) {
            for (int length = 5; length < 25; length++) {
                text.append((word + " ").repeat(length)).append('\n');
            }
        }
        Path repeated = Files.writeString(folder.resolve("repeated.csv"), text);
        var recipe = Tiny.recipe(Tiny.MASKED, repeated,
                "backbone={kind: electra, layers: 2, width: 32, heads: 2, positions: 32, dropout: 0, attention_dropout: 0, initializer_range: 0.1}",
                "tokenizer.vocabulary=80", "objective={kind: replaced_token, temperature: 3, generator: {share: 0.5}}", "horizon={steps: 160}",
                "optimizer={kind: adamw, learning_rate: 3e-3, betas: [0.9, 0.98]}", "schedule={kind: linear, warmup: 0.1}",
                "batching={rows: 16, max_length: 32}", "evaluate={every: never}");
        Map<String, Double> metrics = TrainingRun.run(recipe, TrainingRun.Request.to(folder.resolve("repeated"))).best().get("validation").stream()
                .collect(Collectors.toMap(Metric::name, Metric::value));
        assertThat(metrics.get("original_share")).as("enough is replaced").isBetween(0.7, 0.97);
        assertThat(metrics.get("accuracy")).isGreaterThan(metrics.get("original_share") + 0.03);
        assertThat(metrics.get("replaced_f1")).as(metrics.toString()).isGreaterThan(0.7);
    }

    @Test
    void aBackboneThatTellsNoReplacedTokensIsRefused() {
        assertThatThrownBy(() -> run("refused", Tiny.MASKED, "objective={kind: replaced_token}")).isInstanceOf(RecipeException.class)
                .hasMessageContaining("kind electra").hasMessageContaining("got bert");
    }
}

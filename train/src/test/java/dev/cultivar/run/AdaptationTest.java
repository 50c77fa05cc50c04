package dev.cultivar.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cultivar.checkpoint.RunFiles;
import dev.cultivar.evaluate.Metric;
import dev.cultivar.format.CheckpointException;
import dev.cultivar.format.JsonFiles;
import dev.cultivar.format.Safetensors;
import dev.cultivar.format.ModelPlace;
import dev.cultivar.predict.Classifier;
import dev.cultivar.predict.Prediction;
import dev.cultivar.recipe.Recipe;
import dev.cultivar.recipe.RecipeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Runs that train an adapter on a base: what they leave, and who opens it.
class AdaptationTest {
    private static final List<String> TEXTS = List.of("the old cat sees two", "a red saw", "with the small owl under a jar");

    @TempDir
    static Path folder;

    private static Path rows;
    private static Path base;
    private static List<Map<String, Double>> headAlone = List.of();

    @BeforeAll
    static void pretrain() throws IOException {
        rows = Tiny.rows(folder.resolve("rows.csv"), 60);
        base = TrainingRun.run(Tiny.recipe(Tiny.MASKED, rows, "horizon={steps: 4}"), TrainingRun.Request.to(folder.resolve("base"))).folder();
        headAlone = asked(train("head", recipe("{kind: feature_extraction}")));
    }

    private static Recipe recipe(String strategy, String... more) {
        List<String> all = new ArrayList<>(List.of(
                "backbone={kind: pretrained, model: '" + base + "'}", "tokenizer=backbone", "strategy=" + strategy,
                "optimizer={kind: adamw, learning_rate: 2e-2}", "horizon={steps: 4}",
                "evaluate={every: {steps: 2}}"));
        all.addAll(List.of(more));
        return Tiny.recipe(Tiny.CLASSIFIED, rows, all.toArray(String[]::new));
    }

    private static Path train(String name, Recipe recipe) {
        return TrainingRun.run(recipe, TrainingRun.Request.to(folder.resolve(name))).folder();
    }

    private static Set<String> tensors(Path file) {
        try (var stored = Safetensors.open(file)) {
            return Set.copyOf(stored.entries().keySet());
        }
    }

    /// Stopped and gone on with, measured, asked: the same bits each time.
    @ParameterizedTest
    @ValueSource(strings = {
        "{kind: lora, rank: 4, alpha: 8, targets: [query, value]}",
        "{kind: lora, rank: 2, dropout: 0.2, targets: [dense], dora: true}",
        "{kind: lora, rank_stabilized: true}",
        "{kind: lora, targets: 'encoder\\.layer\\.1\\..*(query|value)'}",
        "{kind: ia3}",
        "{kind: prompt, tokens: 3}",
        "{kind: prefix, tokens: 2}",
        "{kind: bitfit}",
    })
    void runsAndResumesToTheBit(String strategy) throws IOException {
        String name = "run" + Math.abs(strategy.hashCode());
        Recipe recipe = recipe(strategy, "batching={rows: 8, max_length: 24}");
        Path whole = train(name, recipe);
        Path often = folder.resolve(name + "-often");
        for (int stop : new int[] {1, 2, 100}) {
            TrainingRun.run(recipe, TrainingRun.Request.to(often).stoppedBy(after(stop)).resuming());
        }
        Tiny.assertSame(whole, often);
        Map<String, List<Metric>> metrics = new LinkedHashMap<>();
        try (var measured = Measured.open(whole, recipe, folder.resolve(name + "-rows"), 1, Extensions.NONE)) {
            measured.each((objective, model) -> objective.measurement(model)).forEach((task, each) -> metrics.put(task, each.metrics()));
        }
        assertThat(metrics).containsKey("validation");
        assertThat(asked(whole)).isEqualTo(asked(often)).isNotEqualTo(headAlone);
    }

    private static BooleanSupplier after(int steps) {
        int[] left = {steps};
        return () -> --left[0] <= 0;
    }

    private static List<Map<String, Double>> asked(Path model) {
        try (var classifier = Classifier.open(model)) {
            return classifier.predict(TEXTS).stream().<Map<String, Double>>map(Prediction::scores).toList();
        }
    }

    @Test
    void aCheckpointHoldsNoBaseButTheHead() {
        Path place = ModelPlace.find(train("lean", recipe("{kind: lora, rank: 2, targets: [query]}")).toString());
        assertThat(place.resolve("model.safetensors")).doesNotExist();
        assertThat(tensors(place.resolve("adapter_model.safetensors"))).containsExactlyInAnyOrder(
                "base_model.model.bert.encoder.layer.0.attention.self.query.lora_A.weight",
                "base_model.model.bert.encoder.layer.0.attention.self.query.lora_B.weight",
                "base_model.model.bert.encoder.layer.1.attention.self.query.lora_A.weight",
                "base_model.model.bert.encoder.layer.1.attention.self.query.lora_B.weight",
                "base_model.model.bert.pooler.dense.weight", "base_model.model.bert.pooler.dense.bias",
                "base_model.model.classifier.weight", "base_model.model.classifier.bias");
        assertThat(JsonFiles.read(place.resolve("adapter_config.json")))
                .containsEntry("peft_type", "LORA").containsEntry("task_type", "SEQ_CLS")
                .containsEntry("modules_to_save", List.of("pooler", "classifier"));
    }

    @Test
    void aPatternStandsOnWhatItMatches() {
        Path place = ModelPlace.find(train("pattern", recipe("{kind: lora, rank: 2, targets: 'encoder\\.layer\\.[1-9]\\..*query'}")).toString());
        assertThat(JsonFiles.read(place.resolve("adapter_config.json")))
                .containsEntry("target_modules", List.of("encoder.layer.1.attention.self.query"));
        assertThat(tensors(place.resolve("adapter_model.safetensors")).stream().filter(name -> name.contains("lora_A")))
                .containsExactly("base_model.model.bert.encoder.layer.1.attention.self.query.lora_A.weight");
        Path all = ModelPlace.find(train("all", recipe("{kind: lora, rank: 2, targets: all-linear}")).toString());
        assertThat(tensors(all.resolve("adapter_model.safetensors")).stream().filter(name -> name.contains("lora_A"))).hasSize(12)
                .noneMatch(name -> name.contains("pooler"));
    }

    /// Transformers has no class with such a head, so PEFT's file is of the bare backbone.
    @Test
    void aHeadOverTheMeanLiesBesideTheAdapter() {
        Path run = train("mean", recipe("{kind: ia3}", "objective={kind: classification, pooling: mean}"));
        Path place = ModelPlace.find(run.toString());
        assertThat(tensors(place.resolve("head.safetensors"))).containsExactlyInAnyOrder("classifier.weight", "classifier.bias");
        assertThat(tensors(place.resolve("adapter_model.safetensors"))).contains("base_model.model.encoder.layer.0.output.dense.ia3_l");
        assertThat(asked(run)).hasSize(TEXTS.size());
    }

    @Test
    void mergedIsTheSameWithinRounding() {
        Path run = train("to-merge", recipe("{kind: lora, rank: 4, targets: [query, value, dense], dora: true}"));
        Path merged = folder.resolve("merged");
        AdapterExport.merge(run, merged, Extensions.NONE);
        assertThat(JsonFiles.read(merged.resolve("config.json")).get("architectures")).isEqualTo(List.of("BertForSequenceClassification"));
        assertThat(tensors(merged.resolve("model.safetensors"))).noneMatch(name -> name.contains("lora"));
        assertClose(asked(merged), asked(run));

        Path peft = folder.resolve("peft");
        AdapterExport.peft(run, peft);
        assertThat(peft.resolve("state.safetensors")).doesNotExist();
        assertThat(asked(peft)).isEqualTo(asked(run));
        Path again = folder.resolve("merged-again");
        AdapterExport.merge(peft, again, Extensions.NONE);
        assertClose(asked(again), asked(run));
        assertThatThrownBy(() -> AdapterExport.merge(run, merged, Extensions.NONE)).isInstanceOf(CheckpointException.class).hasMessageContaining("is not empty");
        assertThatThrownBy(() -> AdapterExport.peft(base, folder.resolve("none"))).isInstanceOf(CheckpointException.class).hasMessageContaining("is a whole model");
    }

    private static void assertClose(List<Map<String, Double>> got, List<Map<String, Double>> expected) {
        for (int i = 0; i < expected.size(); i++) {
            for (Map.Entry<String, Double> score : expected.get(i).entrySet()) {
                assertThat(got.get(i).get(score.getKey())).isCloseTo(score.getValue(), within(1e-5));
            }
        }
    }

    @Test
    void anotherBaseIsRefusedByItsHash() throws IOException {
        Path own = folder.resolve("moving");
        copy(ModelPlace.find(base.toString()), own);
        Recipe recipe = recipe("{kind: lora}", "backbone={kind: pretrained, model: '" + own + "'}");
        Path run = train("moved", recipe);
        byte[] bytes = Files.readAllBytes(own.resolve("model.safetensors"));
        bytes[bytes.length - 1] ^= 1;
        Files.write(own.resolve("model.safetensors"), bytes);
        assertThatThrownBy(() -> Classifier.open(run)).isInstanceOf(CheckpointException.class)
                .hasMessageContaining("trained on other weights").hasMessageContaining("SHA-256");
        Files.delete(own.resolve("model.safetensors"));
        Files.delete(own.resolve("config.json"));
        assertThatThrownBy(() -> Classifier.open(run)).isInstanceOf(CheckpointException.class);
        assertThat(new RunFiles(run).last()).isPresent();
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        for (String name : List.of("model.safetensors", "config.json", "tokenizer.json", "tokenizer_config.json")) {
            if (Files.exists(from.resolve(name))) {
                Files.copy(from.resolve(name), to.resolve(name));
            }
        }
    }

    @Test
    void whatCannotBeAdaptedIsRefused() {
        assertThatThrownBy(() -> train("a", recipe("{kind: lora, targets: [q_proj]}")))
                .hasMessageContaining("q_proj").hasMessageContaining("bert.encoder.layer.N.attention.self.query");
        assertThatThrownBy(() -> train("b", recipe("{kind: lora, targets: [query, valeu]}")))
                .hasMessageContaining("valeu").hasMessageContaining("bert.encoder.layer.N.attention.self.value");
        assertThatThrownBy(() -> train("p", recipe("{kind: lora, targets: 'layer\\.0\\..*query'}")))
                .hasMessageContaining("a pattern must match a name as a whole").hasMessageContaining("bert.encoder.layer.N.attention.self.query");
        assertThatThrownBy(() -> train("f", recipe("{kind: ia3, targets: [key], feed_forward: '.*dense'}")))
                .hasMessageContaining(".*dense").hasMessageContaining("bert.encoder.layer.N.attention.self.query");
        Path adapted = train("c", recipe("{kind: lora}", "horizon={steps: 1}"));
        assertThatThrownBy(() -> train("d", recipe("{kind: lora}", "backbone={kind: pretrained, model: '" + adapted + "'}")))
                .hasMessageContaining("is an adapter");
        assertThatThrownBy(() -> Tiny.recipe(Tiny.CLASSIFIED, rows, "strategy={kind: lora}"))
                .isInstanceOf(RecipeException.class).hasMessageContaining("strategy.kind lora adapts a trained model");
    }

    /// Nothing above the lowest adapter is taken as frozen; what lies below it is computed once.
    @Test
    void cachedIsUncached() {
        Recipe cached = recipe("{kind: lora, targets: [query]}", "precompute=on");
        Recipe plain = recipe("{kind: lora, targets: [query]}", "precompute=off");
        Path with = train("cached", cached);
        assertThat(asked(with)).isEqualTo(asked(train("plain", plain)));
    }
}

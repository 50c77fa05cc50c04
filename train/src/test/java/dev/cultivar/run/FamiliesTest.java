package dev.cultivar.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cultivar.checkpoint.RunFiles;
import dev.cultivar.format.JsonFiles;
import dev.cultivar.nn.Backbones;
import dev.cultivar.nn.ConfigFile;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.ModelFolder;
import dev.cultivar.nn.Weights;
import dev.cultivar.predict.Classifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A model folder of each family to labels: fine-tuned whole and over frozen layers, opened again, asked.
class FamiliesTest {
    @TempDir
    static Path folder = Path.of("");

    private static Path rows = Path.of("");
    private static Path tokens = Path.of("");

    /// One tokenizer for all.
    @BeforeAll
    static void write() throws Exception {
        rows = Tiny.rows(folder.resolve("rows.csv"), 60);
        tokens = last(run("tokens", Tiny.MASKED, "backbone={kind: bert, layers: 1, width: 8, heads: 1, positions: 32}"));
    }

    private static Path run(String name, String yaml, String... overrides) {
        Path out = folder.resolve(name);
        List<String> all = new ArrayList<>(List.of("horizon={steps: 2}"));
        all.addAll(Arrays.asList(overrides));
        TrainingRun.run(Tiny.recipe(yaml, rows, all.toArray(String[]::new)), TrainingRun.Request.to(out).cachedIn(folder.resolve("cache")));
        return out;
    }

    private static Path last(Path run) {
        return new RunFiles(run).last().orElseThrow();
    }

    /// A new model of the family with the tokenizer of another run, as somebody else might have published it.
    private static Path published(String place, String family) throws Exception {
        Map<String, Object> config = new LinkedHashMap<>(Map.of(
                "model_type", family, "vocab_size", JsonFiles.read(tokens.resolve("config.json")).get("vocab_size"), "pad_token_id", 0));
        config.putAll(family.equals("distilbert")
                ? Map.of("dim", 16, "hidden_dim", 32, "n_heads", 2, "n_layers", 3)
                : Map.of("hidden_size", 16, "intermediate_size", 32, "num_attention_heads", 2, "num_key_value_heads", 1, "head_dim", 8));
        config.putIfAbsent("num_hidden_layers", 3);
        config.put("max_position_embeddings", 40);
        config.put("sliding_window", 4);
        config.put("local_attention", 4);
        config.put("rotary_pct", 0.5);
        Path published = Files.createDirectories(folder.resolve(place));
        try (var weights = new Weights(3, Weights.Stored.NONE)) {
            var backbone = Backbones.build(ConfigFile.of("config.json", config), weights, false, Backbones.Custom.NONE);
            ModelFolder.write(published, new Model(weights, backbone), List.of(), Map.of());
        }
        Files.copy(tokens.resolve("tokenizer.json"), published.resolve("tokenizer.json"));
        return published;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            distilbert  | DistilBertForSequenceClassification | pre_classifier.weight
            gemma2      | Gemma2ForSequenceClassification     | score.weight
            gemma3_text | Gemma3TextForSequenceClassification | score.weight
            gpt_neox    | GPTNeoXForSequenceClassification    | score.weight
            mistral     | MistralForSequenceClassification    | score.weight
            modernbert  | ModernBertForSequenceClassification | head.dense.weight
            qwen2       | Qwen2ForSequenceClassification      | score.weight
            qwen3       | Qwen3ForSequenceClassification      | score.weight
            roberta     | RobertaForSequenceClassification    | classifier.out_proj.weight
            """)
    void labelsAreLearned(String family, String architecture, String head) throws Exception {
        Path place = published(family, family);
        for (String strategy : List.of("full", "feature_extraction")) {
            Path tuned = run(family + "-" + strategy, Tiny.CLASSIFIED, "backbone={kind: pretrained, model: " + place + "}", "tokenizer={kind: backbone}",
                    "objective={kind: classification, pooling: cls}", "strategy={kind: " + strategy + "}");
            assertThat(JsonFiles.read(last(tuned).resolve("config.json")).get("architectures")).isEqualTo(List.of(architecture));
            assertThat(Tiny.tensors(tuned)).containsKey(head);
            assertThat(Files.exists(last(tuned).resolve("head.safetensors"))).isFalse();
            try (var classifier = Classifier.open(tuned)) {
                assertThat(classifier.predict("the old dog sees two").scores()).containsOnlyKeys("animal", "tool");
            }
        }
    }

    /// A head of other labels goes, all of it, and what a new one can go on with stays.
    @Test
    void aNewHeadReplacesAllOfTheOldOne() throws Exception {
        Path tuned = run("tuned", Tiny.CLASSIFIED, "backbone={kind: pretrained, model: " + published("published", "distilbert") + "}",
                "tokenizer={kind: backbone}", "objective={kind: classification, pooling: cls}");
        Path again = run("again", Tiny.CLASSIFIED, "backbone={kind: pretrained, model: " + tuned + "}", "tokenizer={kind: backbone}",
                "objective={kind: classification, pooling: cls, head: new}", "strategy={kind: feature_extraction}", "seed=5",
                "optimizer={kind: sgd, learning_rate: 1e-30}");
        var before = Tiny.tensors(tuned);
        var after = Tiny.tensors(again);
        for (String part : List.of("pre_classifier.weight", "classifier.weight")) {
            assertThat(after.get(part).equals(before.get(part))).as(part).isFalse();
        }
        assertThat(after.get("distilbert.embeddings.word_embeddings.weight")).isEqualTo(before.get("distilbert.embeddings.word_embeddings.weight"));
    }
}

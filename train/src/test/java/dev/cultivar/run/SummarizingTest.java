package dev.cultivar.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cultivar.evaluate.Metric;
import dev.cultivar.format.CheckpointException;
import dev.cultivar.objective.Objective;
import dev.cultivar.predict.Summarizer;
import dev.cultivar.predict.Summary;
import dev.cultivar.recipe.Recipe;
import dev.cultivar.recipe.RecipeException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// From a corpus over span corruption to a model that writes what the rows say, asked through its facade.
class SummarizingTest {
    private static final String TEXTS = Tiny.MASKED.replace("{kind: bert, layers: 2, width: 16, heads: 2, positions: 32, dropout: 0.1}",
                    "{kind: t5, layers: 1, width: 32, heads: 2, buckets: 8, max_distance: 12, dropout: 0.0}")
            .replace("{kind: wordpiece, vocabulary: 60}", "{kind: bpe, vocabulary: 300, special: ['<pad>', '</s>', '<unk>'], sentinels: 9}")
            .replace("fraction: 0.2}", "fraction: 0.2}\n  columns: {text: text, pair: label}")
            .replace("objective: {kind: masked_lm}", "objective: {kind: seq2seq, max_target_length: 8, generate: true}")
            .replace("learning_rate: 5e-3", "learning_rate: 1e-2")
            .replace("horizon: {steps: 10}", "horizon: {steps: 120}")
            .replace("{every: {steps: 4}}", "{every: never}")
            .replace("{every: {steps: 3}}", "{every: never}");

    @TempDir
    Path folder;

    @Test
    void whatIsLearnedIsWritten() throws Exception {
        Path rows = Tiny.rows(folder.resolve("rows.csv"), 150);
        Recipe recipe = Tiny.recipe(TEXTS, rows);
        var result = TrainingRun.run(recipe, TrainingRun.Request.to(folder.resolve("run")));
        List<Metric> metrics = result.best().firstEntry().getValue();
        assertThat(metrics).extracting(Metric::name).containsExactly("loss", "perplexity", "rouge1", "rouge2", "rougeL", "bleu",
                "lead_sentence_rouge1", "lead_sentence_rouge2", "lead_sentence_rougeL", "rougeL_above_lead_sentence");
        Map<String, Double> values = metrics.stream().collect(Collectors.toMap(Metric::name, Metric::value));
        assertThat(values.get("lead_sentence_rougeL")).as("the name of the kind is not in the text").isZero();
        assertThat(values.get("rougeL_above_lead_sentence")).isEqualTo(values.get("rougeL"), org.assertj.core.data.Offset.offset(1e-12));
        double rouge = metrics.get(2).value();
        assertThat(rouge).as("animals and tools are told apart by the one word that names them").isGreaterThan(0.8);
        try (var summarizer = Summarizer.open(result.folder())) {
            assertThat(summarizer.writing().tokens()).isEqualTo(8);
            assertThat(summarizer.maxLength()).isEqualTo(32);
            List<String> texts = List.of("the old fox sees two of the small", "red jar near the", "a hen", "axe ".repeat(40));
            List<Summary> one = texts.stream().map(summarizer::summarize).toList();
            assertThat(one).extracting(Summary::text).isSubsetOf("animal", "tool");
            assertThat(one).allMatch(Summary::ended);
            assertThat(one.getFirst().cut()).isZero();
            assertThat(one.getLast().cut()).isPositive();
            assertThat(summarizer.summarize(texts, summarizer.writing())).isEqualTo(one);
            assertThat(IntStream.range(0, 8).parallel().mapToObj(i -> summarizer.summarize(texts.get(i % 4))).collect(Collectors.toSet()))
                    .isSubsetOf(one);
            Summary searched = summarizer.summarize(texts.getFirst(), summarizer.writing().withBeams(3, 1));
            assertThat(searched.text()).isIn("animal", "tool");
        }
        // The run's own measurement says the same again, row by row.
        try (var measured = Measured.openRowByRow(result.folder(), recipe, folder.resolve("cache"), 1, Extensions.NONE)) {
            var again = measured.each((Objective objective, dev.cultivar.nn.Model model) -> objective.measurement(model));
            assertThat(again.firstEntry().getValue().metrics().get(2).value()).isEqualTo(rouge, org.assertj.core.data.Offset.offset(1e-9));
        }
    }

    @Test
    void aPretrainedOneIsTakenFurtherAndStoppedOnesGoOnToTheSameBits() throws Exception {
        Path rows = Tiny.rows(folder.resolve("rows.csv"), 60);
        String spans = TEXTS.replace("{kind: seq2seq, max_target_length: 8, generate: true}", "{kind: span_corruption}")
                .replace("\n  columns: {text: text, pair: label}", "");
        Path first = folder.resolve("spans");
        TrainingRun.run(Tiny.recipe(spans, rows, "horizon={steps: 6}"), TrainingRun.Request.to(first));
        String[] further = {"backbone={kind: pretrained, model: " + first + "}", "tokenizer={kind: backbone}", "horizon={steps: 6}", "strategy={kind: partial, trained: 1}"};
        Path whole = folder.resolve("whole");
        TrainingRun.run(Tiny.recipe(TEXTS, rows, further), TrainingRun.Request.to(whole));
        Path stopped = folder.resolve("stopped");
        int[] steps = {0};
        TrainingRun.run(Tiny.recipe(TEXTS, rows, further), TrainingRun.Request.to(stopped).stoppedBy(() -> ++steps[0] == 3));
        TrainingRun.run(Tiny.recipe(TEXTS, rows, further), TrainingRun.Request.to(stopped).resuming());
        assertThat(Tiny.tensors(stopped)).isEqualTo(Tiny.tensors(whole));
        assertThat(Tiny.tensors(whole).get("encoder.block.0.layer.0.SelfAttention.q.weight"))
                .as("only the decoder's last layer moved").isEqualTo(Tiny.tensors(first).get("encoder.block.0.layer.0.SelfAttention.q.weight"));
        assertThat(Tiny.tensors(whole).get("decoder.block.0.layer.0.SelfAttention.q.weight"))
                .isNotEqualTo(Tiny.tensors(first).get("decoder.block.0.layer.0.SelfAttention.q.weight"));
    }

    @Test
    void whatDoesNotFitIsRefused() throws Exception {
        Path rows = Tiny.rows(folder.resolve("rows.csv"), 40);
        assertThatThrownBy(() -> TrainingRun.run(
                        Tiny.recipe(TEXTS, rows, "tokenizer={kind: bpe, vocabulary: 300}"), TrainingRun.Request.to(folder.resolve("a"))))
                .isInstanceOf(RecipeException.class).hasMessageContaining("<pad>").hasMessageContaining("tokenizer.special");
        assertThatThrownBy(() -> Tiny.recipe(TEXTS, rows, "data.columns={text: text}"))
                .isInstanceOf(RecipeException.class).hasMessageContaining("data.columns.pair");
        assertThatThrownBy(() -> Tiny.recipe(TEXTS, rows, "objective={kind: span_corruption}"))
                .isInstanceOf(RecipeException.class).hasMessageContaining("data.columns.pair");
        assertThatThrownBy(() -> TrainingRun.run(
                        Tiny.recipe(Tiny.MASKED, rows, "data.columns={text: text, pair: label}", "objective={kind: seq2seq, max_target_length: 8}"),
                        TrainingRun.Request.to(folder.resolve("b"))))
                .isInstanceOf(RecipeException.class).hasMessageContaining("t5 and bart");
        Path run = folder.resolve("d");
        TrainingRun.run(Tiny.recipe(Tiny.MASKED, rows, "horizon={steps: 1}"), TrainingRun.Request.to(run));
        assertThatThrownBy(() -> Summarizer.open(run)).isInstanceOf(CheckpointException.class).hasMessageContaining("bert").hasMessageContaining("seq2seq");
    }
}

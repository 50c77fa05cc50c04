package dev.cultivar.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cultivar.batch.DataException;
import dev.cultivar.checkpoint.MetricsFile;
import dev.cultivar.checkpoint.RunFiles;
import dev.cultivar.evaluate.Metric;
import dev.cultivar.format.CheckpointException;
import dev.cultivar.format.JsonFiles;
import dev.cultivar.predict.AnswerKind;
import dev.cultivar.predict.Embedder;
import dev.cultivar.predict.Ranker;
import dev.cultivar.recipe.RecipeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Runs that compare texts, and what they leave to be asked.
class EmbeddingTest {
    private static final String BY_LABEL = words(Tiny.CLASSIFIED).replace("objective: {kind: classification}",
            "objective: {kind: embedding, pairs: {from: labels}}");
    private static final String BY_COLUMN = words(Tiny.MASKED)
            .replace("objective: {kind: masked_lm}", "objective: {kind: embedding}")
            .replace("fraction: 0.2}", "fraction: 0.2}\n  columns: {text: text, pair: pair, negative: \"\", label: \"\"}");
    private static final String RANKING = BY_COLUMN.replace("objective: {kind: embedding}", "objective: {kind: ranking}").replace("label: \"\"", "label: grade");

    @TempDir
    Path folder;

    /// Whole words as pieces, so that a tiny model learns in a few steps.
    private static String words(String yaml) {
        return yaml.replace("{kind: wordpiece, vocabulary: 60}", "{kind: words, vocabulary: 300}")
                .replace("dropout: 0.1", "dropout: 0").replace("learning_rate: 5e-3", "learning_rate: 2e-2");
    }

    /// A text, one with the same animal or tool, one with another; how alike the first two are; and a grade.
    private Path pairs(int rows) throws IOException {
        var random = new Random(5);
        List<String> things = List.of("cat", "dog", "hen", "fox", "owl", "bee", "saw", "axe", "pen", "jar", "net", "lid");
        var text = new StringBuilder("text,pair,wrong,score,grade\n");
        for (int row = 0; row < rows; row++) {
            String thing = things.get(random.nextInt(things.size()));
            String other = things.get(random.nextInt(things.size()));
            boolean same = random.nextBoolean();
            text.append("the ").append(thing).append(" sees ").append(row / 3).append(',')
                    .append("an old ").append(thing).append(" of ").append(row).append(',')
                    .append("two small ").append(other).append(" under it ").append(row).append(',')
                    .append(same ? "0.9" : "0.1").append(',').append(row % 3).append('\n');
        }
        return Files.writeString(folder.resolve("pairs.csv"), text);
    }

    private TrainingRun.Result run(String yaml, Path rows, String... overrides) {
        Path out = folder.resolve("run-" + System.nanoTime());
        return TrainingRun.run(Tiny.recipe(yaml, rows, overrides), TrainingRun.Request.to(out));
    }

    private static double metric(TrainingRun.Result run, String name) {
        return run.best().firstEntry().getValue().stream().filter(metric -> metric.name().equals(name)).mapToDouble(Metric::value).findFirst().orElseThrow();
    }

    @Test
    void textsOfALabelAreFoundAfterTraining() throws IOException {
        Path rows = Tiny.rows(folder.resolve("rows.csv"), 120);
        double before = metric(run(BY_LABEL, rows, "horizon={steps: 1}", "optimizer.learning_rate=1e-9"), "recall@1");
        TrainingRun.Result run = run(BY_LABEL, rows, "horizon={steps: 120}", "batching={rows: 16, max_length: 32}", "evaluate={every: {steps: 60}}",
                "checkpoint={every: never}", "optimizer.learning_rate=1e-2");
        assertThat(metric(run, "recall@1")).isGreaterThan(0.75).isGreaterThan(before);
        assertThat(run.best().firstEntry().getValue()).extracting(Metric::name).containsExactly("recall@1", "recall@10", "mrr@10", "ndcg@10");

        Path checkpoint = new RunFiles(run.folder()).best().orElseThrow();
        assertThat(checkpoint.resolve("modules.json")).exists();
        assertThat(JsonFiles.read(checkpoint.resolve("1_Pooling/config.json"))).containsEntry("pooling_mode_mean_tokens", true);
        assertThat(AnswerKind.of(run.folder().toString())).isEqualTo(AnswerKind.VECTORS);
        try (var embedder = Embedder.open(run.folder())) {
            List<String> texts = List.of("the cat sees a dog", "two of the old saw", "a hen", "small jar under the red net with the lid of a pen");
            List<float[]> together = embedder.embed(texts);
            for (int i = 0; i < texts.size(); i++) {
                float[] alone = embedder.embed(texts.get(i));
                assertThat(alone).isEqualTo(embedder.embedEach(texts).get(i));
                assertThat(dot(alone, alone)).isCloseTo(1, within(1e-5));
                for (int j = 0; j < alone.length; j++) {
                    assertThat((double) together.get(i)[j]).isCloseTo(alone[j], within(1e-5));
                }
            }
            assertThat(embedder.width()).isEqualTo(16);
            assertThat(embedder.maxLength()).isEqualTo(32);
            assertThat(embedder.normalized()).isTrue();
            assertThat(dot(together.get(0), together.get(2))).isGreaterThan(dot(together.get(0), together.get(1)));
        }
        // A head on the frozen vectors.
        TrainingRun.Result head = run(words(Tiny.CLASSIFIED).replace("objective: {kind: classification}", "objective: {kind: classification, pooling: mean}")
                        .replace("backbone: {kind: bert, layers: 2, width: 16, heads: 2, positions: 32, dropout: 0}",
                                "backbone: {kind: pretrained, model: " + run.folder() + "}\nstrategy: {kind: feature_extraction}")
                        .replace("tokenizer: {kind: words, vocabulary: 300}", "tokenizer: {kind: backbone}"),
                rows, "horizon={steps: 40}", "evaluate={every: never}", "optimizer.learning_rate=0.05");
        assertThat(metric(head, "accuracy")).isGreaterThan(0.75);
    }

    private static double mean(List<Double> numbers) {
        return numbers.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    @ParameterizedTest
    @CsvSource({
        "'objective={kind: embedding, loss: {kind: contrastive}, pairs: {from: labels, per_row: 2}}'",
        "'objective={kind: embedding, loss: {kind: cosine}, pairs: {from: labels}, pooling: cls}'",
        "'objective={kind: embedding, loss: {kind: triplet, margin: 0.3}, pairs: {from: labels}, normalize: false}'",
        "'objective={kind: embedding, loss: {kind: multiple_negatives, symmetric: true}, pairs: {from: labels}}'"})
    void everyLossLearnsFromLabels(String objective) throws IOException {
        Path rows = Tiny.rows(folder.resolve("rows.csv"), 90);
        TrainingRun.Result run = run(BY_LABEL, rows, "horizon={steps: 50}", "batching={rows: 16, max_length: 32}",
                "optimizer.learning_rate=1e-2", "evaluate={every: never}", "checkpoint={every: never}", objective);
        List<Double> losses = MetricsFile.read(new RunFiles(run.folder()).metrics()).stream()
                .filter(event -> "step".equals(event.get("event")))
                .map(event -> ((Number) event.get("loss")).doubleValue())
                .toList();
        assertThat(mean(losses.subList(40, 50))).isLessThan(mean(losses.subList(0, 10)));
    }

    @Test
    void pairsOfColumnsAndTheirNegatives() throws IOException {
        Path rows = pairs(90);
        TrainingRun.Result plain = run(BY_COLUMN, rows, "horizon={steps: 40}", "evaluate={every: never}", "checkpoint={every: never}", "batching.accumulation=2", "device.replicas=2", "device.threads=2");
        assertThat(plain.best().firstEntry().getValue()).extracting(Metric::name)
                .containsExactly("recall@1", "recall@10", "mrr@10", "ndcg@10", "in_batch_accuracy");
        assertThat(metric(plain, "recall@10")).isGreaterThan(0.6);
        for (String loss : List.of("multiple_negatives", "triplet")) {
            run(BY_COLUMN, rows, "horizon={steps: 3}", "objective.loss={kind: " + loss + "}", "data.columns={text: text, pair: pair, negative: wrong}");
            run(BY_COLUMN, rows, "horizon={steps: 3}", "objective.loss={kind: " + loss + "}",
                    "objective.hard_negatives={model: " + plain.folder() + ", nearest: 3}");
        }
        TrainingRun.Result scored = run(BY_COLUMN, rows, "horizon={steps: 3}", "objective.loss={kind: cosine}",
                "data.columns={text: text, pair: pair, label: score}");
        assertThat(scored.best().firstEntry().getValue()).extracting(Metric::name).containsExactly("spearman", "pearson");
    }

    /// Draws are functions of seed, epoch and row: a killed run goes on as if nothing had been.
    @Test
    void aRunGoesOnWithTheSameBits() throws IOException {
        Path rows = Tiny.rows(folder.resolve("rows.csv"), 60);
        Path first = run(BY_LABEL, rows, "objective.pairs={from: labels, per_row: 2}").folder();
        String[] mined = {"objective={kind: embedding, pairs: {from: labels}, hard_negatives: {model: " + first + ", nearest: 4}}", "batching.accumulation=2"};
        Path whole = folder.resolve("whole");
        Path parts = folder.resolve("parts");
        var recipe = Tiny.recipe(BY_LABEL, rows, mined);
        TrainingRun.run(recipe, TrainingRun.Request.to(whole));
        int[] steps = {0};
        TrainingRun.run(recipe, TrainingRun.Request.to(parts).stoppedBy(() -> ++steps[0] == 5));
        TrainingRun.run(recipe, TrainingRun.Request.to(parts).resuming());
        Tiny.assertSame(whole, parts);
    }

    @Test
    void documentsAreRanked() throws IOException {
        Path rows = pairs(90);
        List<List<Float>> scores = new ArrayList<>();
        for (String loss : List.of("pointwise", "mse", "ranknet", "lambdarank", "listnet", "listmle")) {
            TrainingRun.Result run = run(RANKING, rows, "objective.loss=" + loss, "horizon={steps: 3}", "batching.rows=4", "batching.accumulation=2",
                    "evaluate={every: never}", "checkpoint={every: never}");
            assertThat(run.best().firstEntry().getValue()).extracting(Metric::name).containsExactly("ndcg@10", "mrr@10", "map");
            assertThat(AnswerKind.of(run.folder().toString())).isEqualTo(AnswerKind.RELEVANCE);
            try (var ranker = Ranker.open(run.folder())) {
                List<String> documents = List.of("an old cat of 1", "an old saw of 2", "two small owl under it 7", "cat");
                float[] scored = ranker.score("the cat sees 1", documents);
                assertThat((double) scored[1]).isCloseTo(ranker.score("the cat sees 1", documents.get(1)), within(1e-4));
                var ranked = ranker.rank("the cat sees 1", documents);
                assertThat(ranked).hasSize(4).isSortedAccordingTo((a, b) -> Float.compare(b.score(), a.score()));
                assertThat(ranked.getFirst().score()).isEqualTo(scored[ranked.getFirst().document()]);
                scores.add(List.of(scored[0], scored[1]));
            }
            assertThat(JsonFiles.read(new RunFiles(run.folder()).last().orElseThrow().resolve("config.json")))
                    .containsEntry("id2label", Map.of("0", "LABEL_0"));
            assertThatThrownBy(() -> dev.cultivar.predict.Classifier.open(run.folder())).isInstanceOf(CheckpointException.class);
        }
        assertThat(scores).doesNotHaveDuplicates();
    }

    @Test
    void whatCannotBeComparedIsRefused() throws IOException {
        Path rows = Files.writeString(folder.resolve("bad.csv"), "text,pair,label\na cat,a dog,x\nan owl,an owl,x\nthe fox,the fox,y\nit,,z\n");
        assertThatThrownBy(() -> run(BY_COLUMN, rows, "data.validation=none", "evaluate={tasks: []}", "tokenizer={kind: wordpiece, vocabulary: 60}", "data.train.where=pair is not null"))
                .isInstanceOf(DataException.class).hasMessageContaining("bad.csv:3").hasMessageContaining("2 such rows");
        assertThatThrownBy(() -> run(BY_COLUMN, rows, "data.validation=none", "evaluate={tasks: []}", "tokenizer={kind: wordpiece, vocabulary: 60}"))
                .isInstanceOf(DataException.class).hasMessageContaining("the pair is empty");
        assertThatThrownBy(() -> run(BY_LABEL, rows, "data.validation=none", "evaluate={tasks: []}", "tokenizer={kind: wordpiece, vocabulary: 60}", "data.train.where=label in ('y', 'z')"))
                .isInstanceOf(DataException.class).hasMessageContaining("no label has two different texts");
        assertThatThrownBy(() -> run(BY_LABEL, rows, "data.validation=none", "evaluate={tasks: []}", "tokenizer={kind: wordpiece, vocabulary: 60}", "data.train.where=label = 'x'"))
                .isInstanceOf(DataException.class).hasMessageContaining("all rows have one label");
        assertThatThrownBy(() -> run(RANKING.replace("grade", "label"), rows, "data.validation=none", "evaluate={tasks: []}", "tokenizer={kind: wordpiece, vocabulary: 60}", "data.train.where=pair is not null"))
                .isInstanceOf(DataException.class).hasMessageContaining("is no finite number");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "objective.loss={kind: triplet} | data.columns.negative",
        "objective.loss={kind: cosine} | data.columns.label",
        "data.columns={text: text, label: score} | data.columns.pair",
        "data.columns={text: text, pair: pair, label: score} | does not read; leave it out",
        "objective={kind: embedding, pairs: {from: labels}} | data.columns.label",
        "objective={kind: embedding, pairs: {from: columns, per_row: 2}} | is of pairs from labels",
        "objective={kind: masked_lm} | leave it out",
        "objective={kind: embedding, loss: {kind: cosine}, hard_negatives: {model: x}} | serve the losses",
    })
    void columnsFitTheObjective(String override, String message) {
        String yaml = override.contains("masked_lm") ? BY_COLUMN.replace("negative: \"\"", "negative: wrong") : BY_COLUMN;
        assertThatThrownBy(() -> Tiny.recipe(yaml, folder.resolve("rows.csv"), override.strip()))
                .isInstanceOf(RecipeException.class).hasMessageContaining(message.strip());
    }
}

package dev.cultivar.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cultivar.batch.DataException;
import dev.cultivar.checkpoint.RunFiles;
import dev.cultivar.format.JsonFiles;
import dev.cultivar.recipe.RecipeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Nothing is declared and then ignored: whoever changes a key gets another run, or a refusal.
class KeysTest {
    private static final String MASKED = Tiny.MASKED.replace("horizon: {steps: 10}", "horizon: {steps: 3}").replace("{kind: adamw, learning_rate: 5e-3}",
            "{kind: adamw, learning_rate: 5e-3, weight_decay: 0.1}").replace("{every: {steps: 4}}", "{every: {steps: 2}}");
    private static final String CLASSIFIED = Tiny.CLASSIFIED.replace("horizon: {steps: 10}", "horizon: {steps: 3}").replace("{every: {steps: 4}}", "{every: {steps: 2}}");
    private static final String SGD = MASKED.replace("{kind: adamw, learning_rate: 5e-3, weight_decay: 0.1}", "{kind: sgd, learning_rate: 0.1, momentum: 0.5, weight_decay: 0.1}");

    private static final String ELECTRA = MASKED.replace("{kind: bert, layers: 2, width: 16, heads: 2, positions: 32, dropout: 0.1}",
                    "{kind: electra, layers: 2, width: 16, heads: 4, embedding: 12, positions: 32, dropout: 0.1}")
            .replace("objective: {kind: masked_lm}", "objective: {kind: replaced_token}");

    private static final String TEXTS = MASKED.replace("{kind: bert, layers: 2, width: 16, heads: 2, positions: 32, dropout: 0.1}",
                    "{kind: t5, layers: 1, width: 16, heads: 2, buckets: 8, max_distance: 12}")
            .replace("{kind: wordpiece, vocabulary: 60}", "{kind: bpe, vocabulary: 300, special: ['<pad>', '</s>', '<mask>'], sentinels: 9}")
            .replace("fraction: 0.2}", "fraction: 0.2}\n  columns: {text: text, pair: label}")
            .replace("objective: {kind: masked_lm}", "objective: {kind: seq2seq, max_target_length: 8}");
    private static final String SPANS = TEXTS.replace("objective: {kind: seq2seq, max_target_length: 8}", "objective: {kind: span_corruption}")
            .replace("\n  columns: {text: text, pair: label}", "");
    private static final String BART = SPANS.replace("{kind: t5, layers: 1, width: 16, heads: 2, buckets: 8, max_distance: 12}",
                    "{kind: bart, layers: 1, width: 16, heads: 2, positions: 64}")
            .replace("{kind: span_corruption}", "{kind: denoising}");

    @TempDir
    Path folder;

    /// What a run was: its tensors, values and log, and which checkpoints it left.
    private record Trace(Map<String, List<Byte>> tensors, Map<String, Object> values, List<Map<String, Object>> log, List<Long> checkpoints) {}

    private Trace trace(String yaml, Path rows, String... overrides) {
        Path out = folder.resolve("run-" + System.nanoTime());
        TrainingRun.run(Tiny.recipe(yaml, rows, overrides), TrainingRun.Request.to(out));
        return new Trace(Tiny.tensors(out), Tiny.values(out), Tiny.log(out), new ArrayList<>(new RunFiles(out).checkpoints().keySet()));
    }

    private void eachMatters(String yaml, String... overrides) throws Exception {
        eachMattersOn(Tiny.rows(folder.resolve("rows.csv"), 60), yaml, overrides);
    }

    private void eachMattersOn(Path rows, String yaml, String... overrides) {
        Trace plain = trace(yaml, rows);
        assertThat(trace(yaml, rows)).as("the same recipe gives the same run").isEqualTo(plain);
        Map<String, String> ignored = new LinkedHashMap<>();
        for (String override : overrides) {
            try {
                if (trace(yaml, rows, override).equals(plain)) {
                    ignored.put(override, "changed nothing");
                }
            } catch (RecipeException | DataException refused) {
                assertThat(refused).as(override).hasMessageNotContaining("is not a key");
            }
        }
        assertThat(ignored).isEmpty();
    }

    @Test
    void ofPretraining() throws Exception {
        eachMatters(
                MASKED,
                "seed=4",
                "backbone.layers=1", "backbone.width=8", "backbone.heads=1", "backbone.feed_forward=24", "backbone.positions=48",
                "backbone.dropout=0.3", "backbone.attention_dropout=0.3", "backbone.initializer_range=0.1",
                "tokenizer.vocabulary=80", "tokenizer.min_frequency=40",
                "data.train.where=length(text) > 30", "data.validation={fraction: 0.3}", "data.columns={text: label}", "data.columns={text: text, pair: label}",
                "objective.probability=0.4", "objective.whole_word=true", "objective={kind: mlm_nsp}",
                "optimizer.learning_rate=1e-3", "optimizer.betas=[0.5, 0.999]", "optimizer.betas=[0.9, 0.9]", "optimizer.epsilon=1e-3",
                "optimizer.weight_decay=0.5", "optimizer.decay=all",
                "schedule={kind: constant}", "schedule={kind: cosine}", "schedule={kind: linear, warmup: 0.5}", "schedule={kind: linear, warmup: {steps: 2}}",
                "clipping=none", "clipping={norm: 0.1}",
                "strategy={kind: full, layer_decay: 0.5}", "strategy={kind: feature_extraction}", "strategy={kind: partial, trained: 1}",
                "strategy={kind: partial, trained: 1, embeddings: true}", "strategy={kind: gradual, every: {steps: 1}}",
                "horizon={steps: 2}", "horizon={epochs: 2}", "horizon={tokens: 100}",
                "batching.rows=4", "batching={tokens: 64, max_length: 32}", "batching.max_length=8", "batching.accumulation=2",
                "evaluate={every: {steps: 1}}", "evaluate={every: never}", "evaluate={tasks: []}", "evaluate={tasks: [test]}",
                "checkpoint={every: {steps: 1}, keep: 3}", "average={decay: 0.5}", "device.precision=bfloat16");
    }

    /// A tokenizer of bytes can be masked too, once it has the pieces for it.
    @Test
    void ofTokenizers() throws Exception {
        String special = "special: ['[PAD]', '[CLS]', '[SEP]', '[MASK]']";
        eachMatters(
                MASKED.replace("{kind: wordpiece, vocabulary: 60}", "{kind: bpe, vocabulary: 300, " + special + "}"),
                "tokenizer.vocabulary=290", "tokenizer.min_frequency=40", "tokenizer.ties=ids",
                "tokenizer.special=['[CLS]', '[SEP]', '[MASK]', '[PAD]']", "tokenizer={kind: chars, " + special + "}",
                "tokenizer={kind: words, vocabulary: 60}");
        eachMatters(
                MASKED.replace("{kind: wordpiece, vocabulary: 60}", "{kind: chars, " + special + "}"),
                "tokenizer.unknown=false", "tokenizer.special=['[CLS]', '[SEP]', '[MASK]', '[PAD]']");
        eachMatters(
                MASKED.replace("{kind: wordpiece, vocabulary: 60}", "{kind: words, vocabulary: 60}"),
                "tokenizer.vocabulary=17", "tokenizer.min_frequency=30");
    }

    @Test
    void ofPostTraining() throws Exception {
        eachMatters(
                CLASSIFIED,
                "objective.pooling=mean", "objective.label_smoothing=0.2", "data.columns={text: text, label: text}",
                "clipping={norm: 0.1}", "stopping={patience: 1, metric: speed}", "strategy={kind: full, layer_decay: 0.5}", "precompute=on");
    }

    @Test
    void ofClasses() throws Exception {
        eachMatters(
                CLASSIFIED,
                "objective.class_weights=balanced", "objective.class_weights={tool: 3}", "objective.focus=2",
                "objective={kind: multi_label}", "objective={kind: ordinal}", "objective={kind: ordinal, loss: cross_entropy, pooling: mean}");
        eachMatters(CLASSIFIED.replace("{kind: classification}", "{kind: multi_label}"), "objective.pooling=mean", "objective.separator=o");
        eachMatters(
                CLASSIFIED.replace("{kind: classification}", "{kind: ordinal, order: [animal, tool]}"),
                "objective.pooling=mean", "objective.order=[tool, animal]", "objective.loss=cross_entropy");
        eachMatters(
                CLASSIFIED.replace("{kind: classification}", "{kind: regression}").replace("label: label", "label: size"),
                "objective.pooling=mean", "objective.loss=mae", "objective.loss=huber", "objective.standardize=false");
    }

    @Test
    void ofFrozenWork() throws Exception {
        eachMatters(CLASSIFIED.replace("horizon: {steps: 3}", "strategy: {kind: partial, trained: 1}\nhorizon: {steps: 3}"), "precompute={kind: auto, storage: bfloat16}");
    }

    @Test
    void ofDescent() throws Exception {
        eachMatters(
                SGD,
                "optimizer.learning_rate=0.2", "optimizer.momentum=0.9", "optimizer.dampening=0.5", "optimizer.nesterov=true",
                "optimizer.weight_decay=0.3", "optimizer.decay=all");
    }

    @Test
    void ofReplacedTokens() throws Exception {
        eachMatters(
                ELECTRA,
                "backbone.layers=1", "backbone.width=8", "backbone.heads=1", "backbone.feed_forward=24", "backbone.embedding=16",
                "backbone.positions=48", "backbone.dropout=0.3", "backbone.attention_dropout=0.3", "backbone.initializer_range=0.1",
                "objective.probability=0.4", "objective.whole_word=true", "objective.discriminator_weight=10", "objective.temperature=0.3",
                "objective.generator={share: 0.5}", "objective.generator={embeddings: own}",
                "objective.generator={kind: sized, layers: 1, width: 4, heads: 1}",
                "objective.generator={kind: sized, layers: 2, width: 8, heads: 1}",
                "objective.generator={kind: sized, layers: 2, width: 8, heads: 2}",
                "objective.generator={kind: sized, layers: 2, width: 8, heads: 2, feed_forward: 12}");
    }

    @Test
    void ofAdapters() throws Exception {
        Path rows = Tiny.rows(folder.resolve("rows.csv"), 60);
        Path base = TrainingRun.run(Tiny.recipe(MASKED, rows, "horizon={steps: 1}"), TrainingRun.Request.to(folder.resolve("base"))).folder();
        String adapted = CLASSIFIED.replace("{kind: bert, layers: 2, width: 16, heads: 2, positions: 32, dropout: 0.1}", "{kind: pretrained, model: '" + base + "'}")
                .replace("{kind: wordpiece, vocabulary: 60}", "backbone")
                .replace("max_length: 32", "max_length: 24");
        eachMatters(
                adapted + "strategy: {kind: lora, rank: 2, targets: [query]}\n",
                "strategy.rank=3", "strategy.alpha=3", "strategy.dropout=0.3", "strategy.targets=[]", "strategy.targets=[query, dense]", "strategy.targets='.*layer.1.*query'", "strategy.targets=all-linear",
                "strategy.rank_stabilized=true", "strategy.dora=true", "strategy=ia3", "strategy={kind: prompt, tokens: 2}", "strategy=bitfit");
        eachMatters(
                adapted + "strategy: {kind: ia3, targets: [key, output.dense]}\n", "strategy.targets=[key]", "strategy.feed_forward=[output.dense]", "strategy.feed_forward='.*output.dense'");
        eachMatters(adapted + "strategy: {kind: prefix, tokens: 2}\n", "strategy.tokens=3", "strategy={kind: prompt, tokens: 2}");
    }

    @Test
    void ofTextsThatAreWritten() throws Exception {
        eachMatters(
                TEXTS,
                "backbone.layers=2", "backbone.decoder_layers=2", "backbone.width=8", "backbone.heads=1", "backbone.feed_forward=24",
                "backbone.gated=false", "backbone.buckets=6", "backbone.max_distance=6", "backbone.dropout=0.3", "backbone.tied=false",
                "tokenizer.sentinels=4", "objective.max_target_length=4", "objective.label_smoothing=0.2", "objective.generate=true",
                "batching.max_length=8", "data.columns={text: label, pair: text}");
        eachMatters(SPANS, "objective.probability=0.4", "objective.mean_span=1.2", "tokenizer.sentinels=1", "backbone.buckets=6");
        eachMatters(
                BART,
                "backbone.layers=2", "backbone.decoder_layers=2", "backbone.width=8", "backbone.heads=1", "backbone.feed_forward=24",
                "backbone.positions=80", "backbone.dropout=0.3", "backbone.attention_dropout=0.3", "backbone.initializer_range=0.1",
                "objective.probability=0.6", "objective.mean_span=1"); // these rows are one sentence each: TextBatchesTest shows what permute does
    }

    /// The same recipe from a run of it, so that there is a head to keep.
    private String further(String yaml, Path rows, String... overrides) {
        Path first = TrainingRun.run(Tiny.recipe(yaml, rows, overrides), TrainingRun.Request.to(folder.resolve("first-" + System.nanoTime()))).folder();
        return yaml.replaceFirst("backbone: .*", "backbone: {kind: pretrained, model: '" + first + "'}").replaceFirst("tokenizer: .*", "tokenizer: backbone");
    }

    @Test
    void ofTags() throws Exception {
        var text = new StringBuilder();
        for (int i = 0; i < 14; i++) {
            text.append("the O\nold B-KIND\n").append(i % 2 == 0 ? "cat I-KIND\n" : "saw I-TOOL\n").append("sees O\nnet").append(i).append(" B-TOOL\n\n");
        }
        Path rows = Files.writeString(folder.resolve("rows.conll"), text);
        String tags = CLASSIFIED.replace("columns: {text: text, label: label}", "columns: {text: tokens, label: tags}")
                .replace("{kind: classification}", "{kind: token_classification, tags: repair}");
        eachMattersOn(rows, further(tags, rows), "objective.tags=strict", "objective.head=new");
    }

    @Test
    void ofAnswers() throws Exception {
        List<Map<String, Object>> paragraphs = new ArrayList<>();
        for (int i = 0; i < 14; i++) {
            String start = "the small jar near the red net holds two of the old axe and ";
            String answer = "one pen under a lid with the cat of the fox";
            List<Map<String, Object>> answers = List.of(Map.of("text", answer, "answer_start", i == 3 ? -1 : start.length()));
            paragraphs.add(Map.of("context", start + answer + " " + i, "qas", List.of(
                    Map.of("id", "a" + i, "question", "which animal", "answers", answers, "is_impossible", false),
                    Map.of("id", "b" + i, "question", "which fox", "answers", List.of(), "is_impossible", true))));
        }
        Path rows = folder.resolve("rows.json");
        JsonFiles.write(rows, Map.of("data", List.of(Map.of("title", "all", "paragraphs", paragraphs))));
        String answers = MASKED.replace("fraction: 0.2}", "fraction: 0.2}\n  columns: {text: question, pair: context, label: answers}")
                .replace("max_length: 32", "max_length: 24")
                .replace("{kind: masked_lm}", "{kind: question_answering, stride: 4, max_answer: 16, no_answer: {threshold: 100}, spans: drop}");
        eachMattersOn(
                rows, further(answers, rows),
                "objective.stride=2", "objective.max_answer=1", "objective.no_answer={threshold: -100}", "objective.no_answer=none",
                "objective.spans=strict", "objective.head=new");
    }

    @Test
    void ofVectors() throws Exception {
        Path rows = Tiny.rows(folder.resolve("rows.csv"), 60);
        String vectors = CLASSIFIED.replace("{kind: classification}", "{kind: embedding, pairs: {from: labels}}");
        Path model = TrainingRun.run(Tiny.recipe(vectors, rows), TrainingRun.Request.to(folder.resolve("model"))).folder();
        String nearest = "objective.hard_negatives={model: '" + model + "', nearest: ";
        eachMattersOn(
                rows, vectors,
                "objective.pooling=cls", "objective.normalize=false", "objective.loss={kind: multiple_negatives, scale: 5}",
                "objective.loss={kind: multiple_negatives, symmetric: true}", "objective.loss=cosine", "objective.loss=contrastive",
                "objective.loss={kind: contrastive, margin: 0.1}", "objective.loss=triplet", "objective.loss={kind: triplet, margin: 3}",
                "objective.pairs={from: labels, per_row: 2}", "objective.pairs={from: columns}", nearest + "3}");
        eachMattersOn(rows, vectors.replace("{from: labels}", "{from: labels}, loss: contrastive"), "objective.loss={kind: contrastive, margin: 0.1}");
        eachMattersOn(rows, vectors.replace("{from: labels}", "{from: labels}, loss: triplet"), "objective.loss={kind: triplet, margin: 3}");
        eachMattersOn(
                rows, vectors.replace("{from: labels}", "{from: labels}, hard_negatives: {model: '" + model + "', nearest: 10}"), nearest + "1}");
    }

    @Test
    void ofRanking() throws Exception {
        var text = new StringBuilder("text,pair,grade\n");
        for (int i = 0; i < 48; i++) {
            text.append("the query ").append(i / 3).append(",a document ").append(i).append(" of the old cat,").append(i % 3).append('\n');
        }
        Path rows = Files.writeString(folder.resolve("grades.csv"), text);
        String ranking = MASKED.replace("fraction: 0.2}", "fraction: 0.2}\n  columns: {text: text, pair: pair, label: grade}")
                .replace("{kind: masked_lm}", "{kind: ranking}");
        eachMattersOn(
                rows, further(ranking, rows),
                "objective.loss=mse", "objective.loss=ranknet", "objective.loss=lambdarank", "objective.loss=listnet", "objective.loss=listmle",
                "objective.head=new");
    }

    /// How many checkpoints stay is seen where more are written.
    @Test
    void ofKeeping() throws Exception {
        eachMatters(MASKED.replace("checkpoint: {every: {steps: 3}}", "checkpoint: {every: {steps: 1}}"), "checkpoint.keep=1");
    }

    /// Threads that make batches, and what is only ever said, change nothing that is learned, and a score has no other threads' bits.
    @Test
    void whatMustNotMatterDoesNot() throws Exception {
        Path rows = Tiny.rows(folder.resolve("rows.csv"), 60);
        Trace plain = trace(MASKED, rows);
        for (String override : List.of("batching.loaders=0", "batching.loaders=3", "name=other", "report.examples=true", "resume=inexact", "precompute=off", "precompute.megabytes=1")) {
            assertThat(trace(MASKED, rows, override)).as(override).isEqualTo(plain);
        }
    }
}

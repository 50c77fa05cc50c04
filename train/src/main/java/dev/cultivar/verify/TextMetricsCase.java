package dev.cultivar.verify;

import dev.cultivar.batch.Batch;
import dev.cultivar.evaluate.AnswerScores;
import dev.cultivar.evaluate.Bleu;
import dev.cultivar.evaluate.ChrF;
import dev.cultivar.evaluate.EditDistance;
import dev.cultivar.evaluate.LossScores;
import dev.cultivar.evaluate.Metric;
import dev.cultivar.evaluate.Rouge;
import dev.cultivar.evaluate.TextScores;
import dev.cultivar.evaluate.TranslationEdits;
import dev.cultivar.format.CheckpointException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Computes scores of texts against references: ROUGE, BLEU, chrF, edit rates, exact answers, perplexity.
final class TextMetricsCase {
    private static final double TOLERANCE = 1e-7;

    private final GoldenCase golden;
    private final List<Comparison> rows = new ArrayList<>();
    private final List<String> references;
    private final List<String> texts;

    TextMetricsCase(GoldenCase golden) {
        this.golden = golden;
        this.references = texts("references");
        this.texts = texts("hypotheses");
    }

    GoldenCase.Outcome outcome(String name) {
        var left = new TreeSet<String>();
        golden.values().forEach((key, value) -> {
            switch (String.valueOf(key)) {
                case "references", "hypotheses", "answers", "missing" -> {}
                case "rouge" -> rouge("rouge", false);
                case "rouge_stemmed" -> rouge("rouge_stemmed", true);
                case "bleu" -> bleu(map("bleu"));
                case "squad" -> answers();
                case "wer" -> rate("wer", text -> Arrays.asList(text.trim().split("\\s+")).stream().filter(word -> !word.isEmpty()).toList());
                case "cer" -> rate("cer", text -> text.codePoints().boxed().toList());
                case "perplexity" -> perplexity();
                case String other -> left.add(other);
            }
        });
        return new GoldenCase.Outcome(name, rows, left.isEmpty() ? "" : "not computed: " + left);
    }

    private List<String> texts(String key) {
        return golden.values().get(key) instanceof List<?> list ? list.stream().map(String::valueOf).toList() : List.of();
    }

    private Map<?, ?> map(String key) {
        if (golden.values().get(key) instanceof Map<?, ?> map) {
            return map;
        }
        throw new CheckpointException(golden.folder().resolve("case.json") + ": values." + key + " is missing");
    }

    private void add(String what, double got, @Nullable Object expected) {
        add(what, new double[] {got}, expected instanceof Number ? List.of(expected) : List.of());
    }

    private void add(String what, double[] got, @Nullable Object expected) {
        List<?> wanted = expected instanceof List<?> list ? list : List.of();
        var differences = new float[got.length];
        for (int i = 0; i < got.length; i++) {
            double number = i < wanted.size() && wanted.get(i) instanceof Number of ? of.doubleValue() : Double.NaN;
            differences[i] = (float) (got[i] - number); // as floats both numbers would be rounded by more than the tolerance
        }
        rows.add(Comparison.of(what, differences, new float[got.length], TOLERANCE, 0, null));
    }

    private void rouge(String key, boolean stemmed) {
        map(key).forEach((kind, expected) -> {
            List<Rouge> scores = new ArrayList<>();
            for (int i = 0; i < texts.size(); i++) {
                scores.add(switch (String.valueOf(kind)) {
                    case "rouge1" -> Rouge.ofRuns(1, references.get(i), texts.get(i), stemmed);
                    case "rouge2" -> Rouge.ofRuns(2, references.get(i), texts.get(i), stemmed);
                    case "rougeL" -> Rouge.ofSequence(references.get(i), texts.get(i), stemmed);
                    case "rougeLsum" -> Rouge.ofLines(references.get(i), texts.get(i), stemmed);
                    case String other -> throw new CheckpointException(golden.folder() + ": " + key + "." + other + " is not known");
                });
            }
            if (expected instanceof Map<?, ?> of && of.get("p_r_f") instanceof List<?> each && of.get("mean_f") instanceof Number mean) {
                add(key + "." + kind + ".mean_f", scores.stream().mapToDouble(Rouge::f1).average().orElseThrow(), mean);
                add(key + "." + kind + ".p_r_f",
                        scores.stream().flatMapToDouble(score -> Arrays.stream(new double[] {score.precision(), score.recall(), score.f1()})).toArray(),
                        each.stream().flatMap(row -> ((List<?>) row).stream()).toList());
            }
        });
        if (!stemmed) {
            var scores = new TextScores();
            IntStream.range(0, texts.size()).forEach(i -> scores.add(references.get(i), texts.get(i)));
            Map<String, Double> measured = new LinkedHashMap<>();
            scores.metrics().forEach((Metric metric) -> measured.put(metric.name(), metric.value()));
            add("measured rougeL", measured.getOrDefault("rougeL", Double.NaN), map(key).get("rougeL") instanceof Map<?, ?> of ? of.get("mean_f") : null);
            add("measured bleu", measured.getOrDefault("bleu", Double.NaN), map("bleu").get("corpus"));
        }
    }

    private void bleu(Map<?, ?> expected) {
        List<Bleu> each = IntStream.range(0, texts.size()).mapToObj(i -> Bleu.of(references.get(i), texts.get(i))).toList();
        Bleu all = each.stream().reduce(Bleu::plus).orElseThrow();
        for (Map.Entry<?, ?> entry : expected.entrySet()) {
            String what = "bleu." + entry.getKey();
            Object value = entry.getValue();
            switch (String.valueOf(entry.getKey())) {
                case "tokenize", "smooth" -> {}
                case "corpus" -> add(what, all.score(true), value);
                case "corpus_no_smoothing" -> add(what, all.score(false), value);
                case "precisions" -> add(what, all.precisions(true), value);
                case "brevity_penalty" -> add(what, all.brevityPenalty(), value);
                case "sys_len" -> add(what, all.words(), value);
                case "ref_len" -> add(what, all.reference(), value);
                case "sentence" -> add(what, each.stream().mapToDouble(Bleu::sentenceScore).toArray(), value);
                case "chrf2" -> add(what, chrF(0), value);
                case "chrf2pp" -> add(what, chrF(2), value);
                case "ter" -> add(what, IntStream.range(0, texts.size())
                        .mapToObj(i -> TranslationEdits.of(references.get(i), texts.get(i)))
                        .reduce(TranslationEdits::plus)
                        .orElseThrow()
                        .rate(), value);
                case String other -> throw new CheckpointException(golden.folder() + ": bleu." + other + " is not known");
            }
        }
    }

    private double chrF(int words) {
        return IntStream.range(0, texts.size())
                .mapToObj(i -> ChrF.of(references.get(i), texts.get(i), words))
                .reduce(ChrF::plus)
                .orElseThrow()
                .score();
    }

    private void answers() {
        List<String> said = new ArrayList<>();
        List<List<String>> right = new ArrayList<>();
        for (Object answer : golden.values().get("answers") instanceof List<?> answers ? answers : List.of()) {
            if (answer instanceof List<?> pair && pair.size() == 2 && pair.get(1) instanceof List<?> gold) {
                said.add(String.valueOf(pair.get(0)));
                right.add(gold.stream().map(String::valueOf).toList());
            }
        }
        AnswerScores scores = AnswerScores.of(said, right);
        add("squad.exact", scores.exact(), map("squad").get("exact"));
        add("squad.f1", scores.f1(), map("squad").get("f1"));
    }

    @FunctionalInterface
    private interface Parts {
        List<?> of(String text);
    }

    private void rate(String what, Parts parts) {
        long edits = 0;
        long length = 0;
        for (int i = 0; i < texts.size(); i++) {
            edits += EditDistance.of(parts.of(references.get(i)), parts.of(texts.get(i)));
            length += parts.of(references.get(i)).size();
        }
        add(what, (double) edits / length, golden.values().get(what));
    }

    /// Of given logits, (B, T, V); labels of -100 do not count.
    private void perplexity() {
        float[] logits = golden.inputs().get("logits") instanceof Batch.Field.Floats floats ? floats.values() : new float[0];
        int[] labels = golden.ints("labels").values();
        int vocabulary = logits.length / labels.length;
        double[] sums = new double[labels.length];
        long[] counts = new long[labels.length];
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] >= 0) {
                double total = 0;
                for (int v = 0; v < vocabulary; v++) {
                    total += Math.exp(logits[i * vocabulary + v]);
                }
                sums[i] = Math.log(total) - logits[i * vocabulary + labels[i]];
                counts[i] = 1;
            }
        }
        LossScores scores = LossScores.of("loss", sums, counts);
        Map<?, ?> expected = map("perplexity");
        add("perplexity.nll", scores.loss().value(), expected.get("nll"));
        add("perplexity.perplexity", scores.perplexity().value(), expected.get("perplexity"));
        add("perplexity.bits_per_token", scores.loss().value() / Math.log(2), expected.get("bits_per_token"));
    }
}

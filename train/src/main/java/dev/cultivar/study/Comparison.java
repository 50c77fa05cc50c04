package dev.cultivar.study;

import dev.cultivar.data.Example;
import dev.cultivar.data.RowReader;
import dev.cultivar.evaluate.Confusion;
import dev.cultivar.evaluate.Direction;
import dev.cultivar.evaluate.Metric;
import dev.cultivar.evaluate.PairedDifference;
import dev.cultivar.predict.Classifier;
import dev.cultivar.predict.Prediction;
import dev.cultivar.recipe.DataRecipe;
import dev.cultivar.run.Curve;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What the quickstart found: strategies side by side, each at the best of its learning rates.
///
/// @param study    the study
/// @param pretrain the name of its first run
/// @param rows     one a strategy, from scratch first
/// @param before   masked-LM loss of the pretrained model on held-out text
/// @param leftOut  why there are no rows of a published model, if there are none
public record Comparison(
        Study study, String pretrain, List<Row> rows, Map<String, @Nullable Object> before, Optional<String> leftOut) {

    public Comparison {
        rows = List.copyOf(rows);
    }

    /// One strategy.
    ///
    /// @param candidate     the strategy
    /// @param learningRate  the best of the search
    /// @param rates         the learning rates of the search
    /// @param run           the name of its run
    /// @param outcome       of that run
    /// @param searchSeconds of training, over all learning rates
    /// @param test          metrics and answers on the test rows
    /// @param train         metrics on the training rows
    /// @param forgotten     masked-LM loss with the tuned backbone; empty where there is no pretrained head
    public record Row(
            Candidate candidate,
            String learningRate,
            List<String> rates,
            String run,
            Map<String, @Nullable Object> outcome,
            double searchSeconds,
            Map<String, @Nullable Object> test,
            Map<String, @Nullable Object> train,
            Map<String, @Nullable Object> forgotten) {

        public String name() {
            return candidate.name();
        }

        public String title() {
            return candidate.title();
        }

        /// Whose weights it starts from, for people.
        public String whose() {
            return candidate.start().whose();
        }

        /// Whether it starts from the weights that the study's first run has pretrained.
        public boolean own() {
            return candidate.start() == Candidate.Start.OWN;
        }

        /// Whether it starts from somebody else's.
        public boolean published() {
            return candidate.start() == Candidate.Start.PUBLISHED;
        }

        public Metric accuracy() {
            return metric(test, "accuracy", Direction.HIGHER);
        }

        public Metric macroF1() {
            return metric(test, "macro_f1", Direction.HIGHER);
        }

        public double seconds() {
            return number(outcome, "seconds");
        }

        public long trainableParameters() {
            return (long) number(outcome, "trainable_parameters");
        }

        public long tokens() {
            return (long) number(outcome, "tokens");
        }

        /// The masked-LM loss through the pretrained head.
        public Optional<Metric> maskedLm() {
            return forgotten.isEmpty() ? Optional.empty() : Optional.of(metric(forgotten, "loss", Direction.LOWER));
        }

        /// Of the test rows, by class.
        public Confusion confusion() {
            return Confusion.of(whole(test, "gold"), whole(test, "predicted"), labels());
        }

        private List<String> labels() {
            List<String> labels = new ArrayList<>();
            if (test.get("labels") instanceof List<?> list) {
                list.forEach(label -> labels.add(String.valueOf(label)));
            }
            return labels;
        }

        boolean[] right() {
            int[] gold = whole(test, "gold");
            int[] predicted = whole(test, "predicted");
            boolean[] right = new boolean[gold.length];
            for (int i = 0; i < right.length; i++) {
                right[i] = gold[i] == predicted[i];
            }
            return right;
        }
    }

    public Row fromScratch() {
        return rows.getFirst();
    }

    /// The row with the highest test accuracy.
    public Row winner() {
        return rows.stream().max(java.util.Comparator.comparingDouble(row -> row.accuracy().value())).orElseThrow();
    }

    public Row full() {
        return named("full");
    }

    private Row named(String name) {
        return rows.stream().filter(row -> row.name().equals(name)).findFirst().orElseThrow();
    }

    /// Full fine-tuning against from scratch, on the same rows.
    public PairedDifference gain() {
        return PairedDifference.of(fromScratch().right(), full().right());
    }

    /// Two rows on the same test glosses.
    public record Pair(Row first, Row second) {
        public PairedDifference difference() {
            return PairedDifference.of(first.right(), second.right());
        }
    }

    /// The published model's strategies, each against full fine-tuning of the quickstart's own model, then its adapter against
    /// all of its weights; none where it was left out.
    public List<Pair> publishedPairs() {
        List<Row> published = rows.stream().filter(Row::published).toList();
        List<Pair> pairs = new ArrayList<>();
        published.forEach(row -> pairs.add(new Pair(full(), row)));
        if (!published.isEmpty()) {
            pairs.add(new Pair(named("minilm_full"), named("minilm_lora")));
        }
        return pairs;
    }

    /// The best validation accuracy of training from scratch.
    public double target() {
        return curve(fromScratch()).highest();
    }

    /// Validation accuracy over a row's run.
    Curve curve(Row row) {
        return Curve.of(study.metrics(row.run()), "validation", "accuracy");
    }

    /// Seconds of training until a row's validation accuracy reached the best of training from scratch.
    public Optional<Double> secondsToTarget(Row row) {
        return curve(row).secondsTo(target());
    }

    /// The same with the seconds of pretraining, where it took place here; empty as well where nobody here knows what it took.
    public Optional<Double> secondsToTargetWithPretraining(Row row) {
        return row.published() ? Optional.empty() : secondsToTarget(row).map(seconds -> row.own() ? seconds + pretrainSeconds() : seconds);
    }

    /// A gloss of the test rows, which no run has learned from, and what the winner takes it for.
    ///
    /// @param text  the gloss
    /// @param right its label
    public record Unseen(String text, String right, Prediction prediction) {}

    /// Two of them.
    public List<Unseen> unseen() {
        var test = new DataRecipe.Source.Zoo("wordnet", "test", 0);
        List<Example> rows = RowReader.open(test, new DataRecipe.Columns("definition", "", "lexname")).list().subList(0, 2);
        try (var classifier = Classifier.open(study.run(winner().run()))) {
            return rows.stream().map(row -> new Unseen(row.text(), row.label(), classifier.predict(row.text()))).toList();
        }
    }

    /// Seconds that pretraining took.
    public double pretrainSeconds() {
        return number(study.outcome(pretrain), "seconds");
    }

    public long pretrainTokens() {
        return (long) number(study.outcome(pretrain), "tokens");
    }

    /// The pretrained model's own masked-LM loss on held-out text.
    public Metric maskedLmBefore() {
        return metric(before, "loss", Direction.LOWER);
    }

    /// How often the pretrained model tells whether a sentence follows, if it was measured.
    public Optional<Metric> nextSentence() {
        return before.containsKey("next_sentence_accuracy")
                ? Optional.of(metric(before, "next_sentence_accuracy", Direction.HIGHER))
                : Optional.empty();
    }

    /// Seconds of training at one learning rate of a row's search.
    double seconds(Row row, String rate) {
        return number(study.outcome(row.candidate().run(rate)), "seconds");
    }

    /// Training accuracy less the best validation accuracy.
    public double gap(Row row) {
        return metric(row.train(), "accuracy", Direction.HIGHER).value() - curve(row).highest();
    }

    /// What `--json` prints.
    public Map<String, @Nullable Object> json(String report) {
        List<Object> strategies = new ArrayList<>();
        for (Row row : rows) {
            Map<String, @Nullable Object> fields = new LinkedHashMap<>();
            fields.put("strategy", row.name());
            fields.put("starts_from", row.candidate().start().name().toLowerCase(Locale.ROOT));
            fields.put("accuracy", row.accuracy().json());
            fields.put("macro_f1", row.macroF1().json());
            fields.put("trainable_parameters", row.trainableParameters());
            fields.put("seconds", row.seconds());
            fields.put("search_seconds", row.searchSeconds());
            fields.put("tokens", row.tokens());
            fields.put("learning_rate", Double.valueOf(row.learningRate()));
            fields.put("seconds_to_from_scratch_best", secondsToTarget(row).orElse(null));
            fields.put("seconds_to_from_scratch_best_with_pretraining", secondsToTargetWithPretraining(row).orElse(null));
            fields.put("masked_lm_loss_before", row.own() ? maskedLmBefore().value() : null);
            fields.put("masked_lm_loss_after", row.maskedLm().map(Metric::value).orElse(null));
            fields.put("train_validation_gap", gap(row));
            fields.put("run", study.run(row.run()).toString());
            strategies.add(fields);
        }
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("strategies", strategies);
        document.put("gain", Map.of("accuracy", gain().difference().json(), "p", gain().p()));
        document.put("published", published());
        document.put("pretraining", Map.of(
                "seconds", pretrainSeconds(), "tokens", pretrainTokens(), "masked_lm_loss", maskedLmBefore().json()));
        document.put("report", report);
        return document;
    }

    private Map<String, @Nullable Object> published() {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("left_out", leftOut.orElse(null));
        fields.put("differences", publishedPairs().stream().map(pair -> {
            PairedDifference difference = pair.difference();
            return Map.of(
                    "strategy", pair.second().name(), "against", pair.first().name(),
                    "accuracy", difference.difference().json(), "p", difference.p());
        }).toList());
        return fields;
    }

    static double number(Map<String, @Nullable Object> from, String key) {
        if (from.get(key) instanceof Number number) {
            return number.doubleValue();
        }
        throw new IllegalStateException("no number " + key + " in " + from.keySet());
    }

    private static Metric metric(Map<String, @Nullable Object> from, String name, Direction direction) {
        if (from.get(name) instanceof Map<?, ?> of && of.get("value") instanceof Number value) {
            double low = of.get("low") instanceof Number number ? number.doubleValue() : Double.NEGATIVE_INFINITY;
            double high = of.get("high") instanceof Number number ? number.doubleValue() : Double.POSITIVE_INFINITY;
            return new Metric(name, value.doubleValue(), low, high, direction);
        }
        throw new IllegalStateException("no metric " + name + " in " + from.keySet());
    }

    private static int[] whole(Map<String, @Nullable Object> from, String key) {
        return from.get(key) instanceof List<?> list ? list.stream().mapToInt(each -> ((Number) each).intValue()).toArray() : new int[0];
    }
}

package dev.cultivar.verify;

import dev.cultivar.batch.Batch;
import dev.cultivar.evaluate.BinaryScores;
import dev.cultivar.evaluate.ClassificationScores;
import dev.cultivar.evaluate.Confusion;
import dev.cultivar.evaluate.Metric;
import dev.cultivar.evaluate.Probabilities;
import dev.cultivar.evaluate.RankedQuery;
import dev.cultivar.evaluate.RankingScores;
import dev.cultivar.evaluate.RegressionScores;
import dev.cultivar.format.CheckpointException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntToDoubleFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/// Computes the cases of metrics: numbers from given predictions, without a model.
final class MetricsCase {
    private final GoldenCase golden;
    private final String name;

    MetricsCase(GoldenCase golden, String name) {
        this.golden = golden;
        this.name = name;
    }

    GoldenCase.Outcome outcome() {
        Set<String> inputs = golden.inputs().keySet();
        if (inputs.containsAll(Set.of("prediction", "target"))) {
            return compare(regression());
        }
        if (inputs.containsAll(Set.of("logits", "labels"))) {
            return compare(classification());
        }
        if (inputs.equals(Set.of("score", "label"))) {
            return compare(binary());
        }
        if (inputs.containsAll(Set.of("relevance", "score"))) {
            return compare(ranking());
        }
        return new GoldenCase.Outcome(name, List.of(), "metrics of " + new TreeSet<>(inputs) + " are not built yet");
    }

    private Map<String, float[]> regression() {
        RegressionScores scores = RegressionScores.of(reals("prediction"), reals("target"));
        Map<String, float[]> got = new LinkedHashMap<>();
        for (Metric metric : scores.metrics()) {
            got.put(metric.name(), new float[] {(float) metric.value()});
        }
        got.put("mse", new float[] {(float) scores.meanSquaredError().value()});
        got.put("explained_variance", new float[] {(float) scores.explainedVariance()});
        got.put("median_ae", new float[] {(float) scores.medianAbsoluteError()});
        got.put("kendall_tau_b", new float[] {(float) scores.kendallTau()});
        return got;
    }

    private Map<String, float[]> classification() {
        if (!(golden.inputs().get("logits") instanceof Batch.Field.Floats logits)) {
            throw new CheckpointException(golden.folder().resolve("inputs.safetensors") + ": logits are no real numbers");
        }
        int K = Math.toIntExact(logits.shape()[1]);
        List<String> labels = IntStream.range(0, K).mapToObj(Integer::toString).toList();
        ClassificationScores scores =
                ClassificationScores.of(golden.ints("labels").values(), Probabilities.ofLogits(K, logits.values()), labels);
        Confusion confusion = scores.confusion();
        Map<String, float[]> got = new LinkedHashMap<>();
        put(got, "accuracy", confusion.accuracy());
        put(got, "balanced_accuracy", confusion.balancedAccuracy());
        put(got, "mcc", confusion.matthews());
        put(got, "cohen_kappa", confusion.cohenKappa());
        put(got, "log_loss", scores.logLoss().value());
        put(got, "top2_accuracy", scores.topAccuracy(2).value());
        put(got, "roc_auc_ovr_macro", scores.rocAucOneVersusRest().orElse(Double.NaN));
        put(got, "roc_auc_ovo_macro", scores.rocAucOneVersusOne().orElse(Double.NaN));
        put(got, "ece_15", scores.calibrationError().value());
        for (String micro : List.of("f1_micro", "precision_micro", "recall_micro")) {
            put(got, micro, confusion.accuracy());
        }
        put(got, "f1_macro", confusion.macroF1());
        put(got, "precision_macro", confusion.macroPrecision());
        put(got, "recall_macro", confusion.macroRecall());
        put(got, "f1_weighted", confusion.weightedF1());
        put(got, "precision_weighted", confusion.weightedPrecision());
        put(got, "recall_weighted", confusion.accuracy()); // weighted by rows, recall is the share of right rows
        got.put("f1_per_class", each(K, confusion::f1));
        got.put("confusion", each(K * K, i -> confusion.count(i / K, i % K)));
        return got;
    }

    private Map<String, float[]> binary() {
        int[] label = golden.ints("label").values();
        double[] score = reals("score");
        boolean[] yes = new boolean[label.length];
        for (int row = 0; row < yes.length; row++) {
            yes[row] = label[row] == 1;
        }
        BinaryScores scores = BinaryScores.of(score, yes);
        Confusion confusion = scores.confusion();
        Map<String, float[]> got = new LinkedHashMap<>();
        put(got, "roc_auc", scores.rocAuc());
        put(got, "pr_auc_average_precision", scores.averagePrecision());
        put(got, "pr_auc_trapezoid", scores.precisionRecallTrapezoid());
        put(got, "accuracy", confusion.accuracy());
        put(got, "precision", confusion.precision(1));
        put(got, "recall", confusion.recall(1));
        put(got, "f1", confusion.f1(1));
        put(got, "mcc", confusion.matthews());
        put(got, "log_loss_clipped_1e-7", scores.logLoss(1e-7));
        put(got, "brier", scores.brier());
        put(got, "ece_15_positive_class", scores.calibrationError());
        got.put("confusion_tn_fp_fn_tp", each(4, i -> confusion.count(i / 2, i % 2)));
        return got;
    }

    private static void put(Map<String, float[]> into, String key, double value) {
        into.put(key, new float[] {(float) value});
    }

    private static float[] each(int count, IntToDoubleFunction of) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) of.applyAsDouble(i);
        }
        return numbers;
    }

    private Map<String, float[]> ranking() {
        Batch.Field.Ints relevance = golden.ints("relevance"); // (Q, D)
        double[] score = reals("score");
        int documents = Math.toIntExact(relevance.shape()[1]);
        List<RankedQuery> queries = new ArrayList<>();
        for (int from = 0; from < score.length; from += documents) {
            float[] scores = new float[documents];
            double[] grades = new double[documents];
            for (int i = 0; i < documents; i++) {
                scores[i] = (float) score[from + i];
                grades[i] = relevance.values()[from + i];
            }
            queries.add(RankedQuery.of(scores, grades));
        }
        RankingScores scores = RankingScores.of(queries);
        Map<String, float[]> got = new LinkedHashMap<>();
        mean(got, "ndcg_10_linear", scores, query -> query.ndcg(10));
        mean(got, "ndcg_10_exponential", scores, query -> query.ndcg(10, grade -> Math.pow(2, grade) - 1));
        mean(got, "mrr_10", scores, query -> query.reciprocalRank(10));
        mean(got, "map", scores, RankedQuery::averagePrecision);
        mean(got, "recall_5", scores, query -> query.recall(5));
        mean(got, "precision_5", scores, query -> query.precision(5));
        float[] each = new float[queries.size()];
        for (int query = 0; query < each.length; query++) {
            each[query] = (float) queries.get(query).ndcg(10);
        }
        got.put("ndcg_10_linear_per_query", each);
        return got;
    }

    private static void mean(Map<String, float[]> into, String key, RankingScores scores, ToDoubleFunction<RankedQuery> score) {
        into.put(key, new float[] {(float) scores.mean(key, score).value()});
    }

    /// Every value of the case, or it does not hold.
    private GoldenCase.Outcome compare(Map<String, float[]> got) {
        double[] tolerance = golden.tolerance("loss");
        List<Comparison> rows = new ArrayList<>();
        Set<String> left = new TreeSet<>();
        golden.values().forEach((key, value) -> {
            float[] ours = got.get(String.valueOf(key));
            if (ours == null) {
                left.add(String.valueOf(key));
            } else {
                rows.add(Comparison.of(String.valueOf(key), ours, GoldenCase.numbers(value), tolerance[0], tolerance[1], null));
            }
        });
        return new GoldenCase.Outcome(name, rows, left.isEmpty() ? "" : "not computed: " + left);
    }

    private double[] reals(String input) {
        if (!(golden.inputs().get(input) instanceof Batch.Field.Floats floats)) {
            throw new CheckpointException(golden.folder().resolve("inputs.safetensors") + ": real numbers named " + input + " are missing");
        }
        double[] reals = new double[floats.values().length];
        for (int i = 0; i < reals.length; i++) {
            reals[i] = floats.values()[i];
        }
        return reals;
    }
}

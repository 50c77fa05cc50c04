package dev.cultivar.verify;

import dev.cultivar.batch.Batch;
import dev.cultivar.evaluate.Metric;
import dev.cultivar.evaluate.RegressionScores;
import dev.cultivar.format.CheckpointException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

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

package dev.cultivar.loop;

import dev.cultivar.batch.Batch;
import dev.cultivar.checkpoint.Progress;
import dev.cultivar.evaluate.Metric;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.NoGradient;
import dev.cultivar.objective.Measurement;
import dev.cultivar.objective.Objective;
import dev.cultivar.recipe.Every;
import dev.cultivar.torch.Scope;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// Measures the model on its tasks, in canonical batches, so that no score depends on a batch size.
///
/// @param every when
/// @param tasks the batches, by the task's name
/// @param first whether before the first step, too
public record Evaluations(Every every, SequencedMap<String, Iterable<Batch>> tasks, boolean first) {
    public Evaluations {
        tasks = new LinkedHashMap<>(tasks);
    }

    /// The metrics of each task.
    SequencedMap<String, List<Metric>> measure(Model model, Objective objective, Entrance entrance) {
        SequencedMap<String, List<Metric>> metrics = new LinkedHashMap<>();
        for (Map.Entry<String, Iterable<Batch>> task : tasks.entrySet()) {
            metrics.put(task.getKey(), measure(objective.measurement(model), task.getValue(), entrance));
        }
        return metrics;
    }

    /// Runs a measurement over batches, a scope for each, without gradients.
    public static List<Metric> measure(Measurement measurement, Iterable<Batch> batches) {
        return measure(measurement, batches, Entrance.INPUT);
    }

    private static List<Metric> measure(Measurement measurement, Iterable<Batch> batches, Entrance entrance) {
        try (var without = new NoGradient()) {
            for (Batch batch : batches) {
                try (var scope = Scope.open()) {
                    measurement.add(entrance.inputs(batch));
                }
            }
        }
        return measurement.metrics();
    }

    /// Whether an interval ended between two moments.
    static boolean due(Every every, Progress before, Progress after) {
        return switch (every) {
            case Every.Steps(long steps) -> after.step() / steps > before.step() / steps;
            case Every.Epochs(double epochs) -> count(after.epochs(), epochs) > count(before.epochs(), epochs);
            case Every.Never() -> false;
        };
    }

    /// A hair is added, since the sum of an epoch's parts may end just below the whole.
    private static long count(double epochs, double every) {
        return (long) (epochs / every + 1e-9);
    }
}

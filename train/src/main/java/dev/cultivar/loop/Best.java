package dev.cultivar.loop;

import dev.cultivar.checkpoint.State;
import dev.cultivar.checkpoint.StateReader;
import dev.cultivar.checkpoint.StateWriter;
import dev.cultivar.evaluate.Direction;
import dev.cultivar.evaluate.Metric;
import dev.cultivar.recipe.StoppingRecipe;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// The best validation score so far, and how long ago it was.
public final class Best implements State {
    private final StoppingRecipe recipe;
    private final SequencedMap<String, List<Metric>> metrics = new LinkedHashMap<>();
    private double value = Double.NaN;
    private long step = -1;
    private long since;

    public Best(StoppingRecipe recipe) {
        this.recipe = recipe;
    }

    /// Takes in the scores of an evaluation, by task; true where they are the best so far. The metric is the first task's, the one
    /// that stopping names, else the first.
    boolean improves(SequencedMap<String, List<Metric>> measured, long at) {
        Metric metric = chosen(measured.firstEntry().getValue());
        boolean better = step < 0 || metric.direction().better(metric.value(), value);
        if (better) {
            value = metric.value();
            step = at;
            since = 0;
            metrics.clear();
            metrics.putAll(measured);
        } else {
            since++;
        }
        return better;
    }

    private Metric chosen(List<Metric> metrics) {
        if (recipe instanceof StoppingRecipe.Patience patience) {
            return metrics.stream()
                    .filter(metric -> metric.name().equals(patience.metric()))
                    .findFirst()
                    .orElseThrow(() -> new dev.cultivar.recipe.RecipeException("stopping.metric must be one of "
                            + metrics.stream().map(Metric::name).toList() + ", got " + patience.metric()));
        }
        return metrics.getFirst();
    }

    /// All that the evaluation with the best score measured.
    SequencedMap<String, List<Metric>> metrics() {
        return Collections.unmodifiableSequencedMap(metrics);
    }

    /// The step of the best score, -1 where nothing was measured.
    long step() {
        return step;
    }

    /// Whether patience has run out.
    boolean exhausted() {
        return recipe instanceof StoppingRecipe.Patience patience && since >= patience.evaluations();
    }

    @Override
    public void save(StateWriter out) {
        out.real("value", value);
        out.whole("step", step);
        out.whole("since", since);
        out.whole("tasks", metrics.size());
        int t = 0;
        for (Map.Entry<String, List<Metric>> task : metrics.entrySet()) {
            StateWriter of = out.under("task." + t++);
            of.text("name", task.getKey());
            of.whole("metrics", task.getValue().size());
            for (int m = 0; m < task.getValue().size(); m++) {
                save(task.getValue().get(m), of.under("metric." + m));
            }
        }
    }

    private static void save(Metric metric, StateWriter out) {
        out.text("name", metric.name());
        out.real("value", metric.value());
        out.real("low", metric.low());
        out.real("high", metric.high());
        out.text("direction", metric.direction().name());
    }

    @Override
    public void restore(StateReader in) {
        value = in.real("value");
        step = in.whole("step");
        since = in.whole("since");
        metrics.clear();
        long tasks = in.whole("tasks");
        for (int t = 0; t < tasks; t++) {
            StateReader of = in.under("task." + t);
            String task = of.text("name");
            List<Metric> measured = new ArrayList<>();
            long count = of.whole("metrics");
            for (int m = 0; m < count; m++) {
                measured.add(restored(of.under("metric." + m)));
            }
            metrics.put(task, measured);
        }
    }

    private static Metric restored(StateReader in) {
        return new Metric(
                in.text("name"), in.real("value"), in.real("low"), in.real("high"), Direction.valueOf(in.text("direction")));
    }
}

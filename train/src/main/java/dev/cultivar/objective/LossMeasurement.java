package dev.cultivar.objective;

import dev.cultivar.batch.Batch;
import dev.cultivar.evaluate.Metric;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.Mode;
import dev.cultivar.nn.Model;
import dev.cultivar.torch.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The objective's own terms as metrics, each a mean over what its denominator counts; lower is better. Filler rows must
/// not add to the terms: batches come without any.
final class LossMeasurement implements Measurement {
    private final Model model;
    private final Objective objective;
    private final Map<String, RowLosses> scores = new LinkedHashMap<>();

    LossMeasurement(Model model, Objective objective) {
        this.model = model;
        this.objective = objective;
    }

    @Override
    public void add(Inputs inputs) {
        Batch batch = inputs.batch();
        Denominators per = objective.denominators(batch);
        for (Loss.Term term : objective.loss(model, inputs, Mode.INFERENCE).terms()) {
            scores.computeIfAbsent(term.name(), RowLosses::new).add(Tensors.item(term.sum()), Math.round(per.of(term.name())));
        }
    }

    @Override
    public List<Metric> metrics() {
        List<Metric> metrics = new ArrayList<>();
        scores.values().forEach(score -> metrics.add(score.scores().loss()));
        return metrics;
    }
}

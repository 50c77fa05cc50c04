package dev.cultivar.objective;

import dev.cultivar.batch.Batch;
import dev.cultivar.checkpoint.StateReader;
import dev.cultivar.checkpoint.StateWriter;
import dev.cultivar.evaluate.Metric;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.Mode;
import dev.cultivar.nn.Model;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// An objective whose measurements somebody else gets too, once they are complete: what it is in all else, it stays.
///
/// @param listener gets each measurement when its metrics were asked for
public record Overheard(Objective objective, Consumer<Measurement> listener) implements Objective {

    @Override
    public Measurement measurement(Model model) {
        Measurement own = objective.measurement(model);
        return new Measurement() {
            @Override
            public void add(Inputs inputs) {
                own.add(inputs);
            }

            @Override
            public List<Metric> metrics() {
                List<Metric> metrics = own.metrics();
                listener.accept(own);
                return metrics;
            }

            @Override
            public Optional<Answers> classified() {
                return own.classified();
            }
        };
    }

    @Override
    public Denominators denominators(Batch batch) {
        return objective.denominators(batch);
    }

    @Override
    public Loss loss(Model model, Inputs inputs, Mode mode) {
        return objective.loss(model, inputs, mode);
    }

    @Override
    public Optional<String> indivisible() {
        return objective.indivisible();
    }

    @Override
    public Optional<Together> together() {
        return objective.together();
    }

    @Override
    public double headFlops(Model model) {
        return objective.headFlops(model);
    }

    @Override
    public boolean concurrent() {
        return objective.concurrent();
    }

    @Override
    public boolean moves(String parameter) {
        return objective.moves(parameter);
    }

    @Override
    public Reads reads() {
        return objective.reads();
    }

    @Override
    public void stepped(Model model, long step) {
        objective.stepped(model, step);
    }

    @Override
    public void save(StateWriter out) {
        objective.save(out);
    }

    @Override
    public void restore(StateReader in) {
        objective.restore(in);
    }
}

package dev.cultivar.objective;

import dev.cultivar.evaluate.Metric;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.Model;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// An objective whose measurements somebody else gets too, once they are complete: what it is in all else, it stays.
///
/// @param listener gets each measurement when its metrics were asked for
public record Overheard(Objective objective, Consumer<Measurement> listener) implements MeasuredOtherwise {

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
}

package dev.cultivar.objective;

import dev.cultivar.evaluate.Metric;
import dev.cultivar.nn.Inputs;
import java.util.List;
import java.util.Optional;

/// Metrics in the making: batches go in, one at a time, and the result comes out.
public interface Measurement {

    /// Adds a batch, inside an open scope and without gradients; filler rows after `inputs.batch().rows()` are not counted.
    void add(Inputs inputs);

    /// The metrics over all that was added.
    List<Metric> metrics();

    /// What was said of each row that was added; empty where rows have no class, or more than one.
    default Optional<Answers> classified() {
        return Optional.empty();
    }
}

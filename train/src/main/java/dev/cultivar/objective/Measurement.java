package dev.cultivar.objective;

import dev.cultivar.evaluate.Metric;
import dev.cultivar.nn.Inputs;
import java.util.List;

/// Metrics in the making: batches go in, one at a time, and the result comes out.
public interface Measurement {

    /// Adds a batch, inside an open scope and without gradients; filler rows after `inputs.batch().rows()` are not counted.
    void add(Inputs inputs);

    /// The metrics over all that was added.
    List<Metric> metrics();
}

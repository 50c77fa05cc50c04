package dev.cultivar.loop;

import dev.cultivar.batch.Batch;
import dev.cultivar.nn.Inputs;
import java.util.List;

/// How a batch enters the model: at its input, or above frozen layers whose output is known.
///
/// Several threads may ask for inputs at once.
@FunctionalInterface
public interface Entrance {
    /// At the input, always.
    Entrance INPUT = Inputs::of;

    /// What the model gets for a batch, in the scope that is open.
    Inputs inputs(Batch batch);

    /// Called when a phase of the strategy begins, and when it is gone on with.
    default void enter(int phase) {}

    /// What there is to tell since this was last asked.
    default List<News> news() {
        return List.of();
    }

    /// Something to tell.
    ///
    /// @param about what it concerns, as `precompute`
    /// @param aside whether it belongs into the log alone
    record News(String about, String text, boolean aside) {}
}

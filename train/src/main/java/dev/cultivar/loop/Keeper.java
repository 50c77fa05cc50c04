package dev.cultivar.loop;

import dev.cultivar.checkpoint.Progress;
import java.util.Optional;

/// Where checkpoints go.
public interface Keeper {

    /// Publishes the model and all that changes, atomically.
    ///
    /// @param best whether it is the best so far
    void publish(Progress progress, boolean best);

    /// The newest complete checkpoint, for messages.
    Optional<String> newest();
}

package dev.cultivar.objective;

import dev.cultivar.nn.RowClassifier;

/// An objective that says something of each row as a whole, through a head on the backbone, and draws nothing of its own.
sealed interface OverRows extends Objective permits Classification, FixMatch, MultiLabel, Ordinal, Regression {

    /// Backbone to outputs of a row.
    RowClassifier network();

    @Override
    default Reads reads() {
        return Reads.of(network());
    }

    @Override
    default boolean concurrent() {
        return true;
    }
}

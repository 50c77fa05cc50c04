package dev.cultivar.objective;

/// What an objective reads of a backbone: whether frozen layers may be left out, and how little of them is enough, depends on it.
public enum Reads {
    /// Nothing is promised: a layer's output on the way, or the input itself.
    ANYTHING,
    /// The last layer's output, and nothing else.
    STATES,
    /// The first token's state in the last layer's output, and nothing else.
    FIRST,
    /// The last layer's output, through [dev.cultivar.nn.Backbone#pooled] alone.
    POOLED,
    /// The last layer's output, through [dev.cultivar.nn.Pooling#MEAN] of a [dev.cultivar.nn.RowClassifier] alone.
    MEAN;

    /// What a network over rows reads.
    static Reads of(dev.cultivar.nn.RowClassifier network) {
        return network.head().pooling().map(pooling -> switch (pooling) {
            case CLS -> POOLED;
            case MEAN -> MEAN;
        }).orElse(FIRST);
    }
}

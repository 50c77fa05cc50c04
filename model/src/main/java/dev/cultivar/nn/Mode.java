package dev.cultivar.nn;

import org.bytedeco.pytorch.Generator;
import org.jspecify.annotations.Nullable;

/// How a forward pass runs. A frozen layer always runs as in inference: no dropout, running statistics; other
/// trainers leave dropout on in frozen layers, so their figures differ here.
///
/// @param training    whether layers that are not frozen drop out and gather statistics
/// @param frozenBelow layers of a depth below this one are frozen: 0 for none, see [Backbone#depth]
/// @param draws       where dropout draws from, a micro-batch's own; null in inference
/// @param attention   hears what each layer attends to; null where nobody listens
public record Mode(boolean training, int frozenBelow, @Nullable Generator draws, @Nullable AttentionListener attention) {
    public static final Mode INFERENCE = new Mode(false, Integer.MAX_VALUE, null);

    /// A mode to which nobody listens.
    public Mode(boolean training, int frozenBelow, @Nullable Generator draws) {
        this(training, frozenBelow, draws, null);
    }

    /// The same mode, of whose attention somebody hears. No bit of what is computed changes.
    public Mode heardBy(AttentionListener attention) {
        return new Mode(training, frozenBelow, draws, attention);
    }

    /// Whether the layer at this depth runs as in training.
    public boolean training(int depth) {
        return training && depth >= frozenBelow;
    }
}

package dev.cultivar.strategy;

import dev.cultivar.checkpoint.Progress;

/// Which parameters move, and when. A strategy is a function of progress: it goes through phases, and within a phase
/// nothing about it changes.
public interface Strategy {

    /// The phase that training is in, from 0.
    int phase(Progress progress);

    /// How many phases there are.
    int phases();

    /// The factor of the learning rate for a parameter: 0 where it is frozen.
    double rate(String parameter, int phase);

    /// Layers below this depth are frozen throughout the phase, see [dev.cultivar.nn.Backbone#depth].
    int frozenBelow(int phase);

    /// Whether the parameter moves in any phase.
    default boolean moves(String parameter) {
        for (int phase = 0; phase < phases(); phase++) {
            if (rate(parameter, phase) > 0) {
                return true;
            }
        }
        return false;
    }
}

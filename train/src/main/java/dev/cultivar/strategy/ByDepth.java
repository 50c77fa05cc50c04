package dev.cultivar.strategy;

import dev.cultivar.checkpoint.Progress;
import dev.cultivar.nn.Backbone;
import java.util.function.ToIntFunction;

/// Everything from a depth upwards moves, and that depth may sink from phase to phase.
///
/// @param backbone   knows the depth of its parameters
/// @param lowest     by phase: the lowest depth that moves
/// @param embeddings whether the embeddings move although layers above them do not
/// @param layerDecay the rate's factor from one depth to the one below it
/// @param clock      progress to phase
record ByDepth(Backbone backbone, int[] lowest, boolean embeddings, double layerDecay, ToIntFunction<Progress> clock) implements Strategy {

    @Override
    public int phase(Progress progress) {
        return Math.min(lowest.length - 1, clock.applyAsInt(progress));
    }

    @Override
    public int phases() {
        return lowest.length;
    }

    @Override
    public double rate(String parameter, int phase) {
        int depth = backbone.depth(parameter);
        int top = backbone.layers() + 1;
        if (depth < 0) {
            return 1; // a head's
        }
        boolean moves = depth >= lowest[phase] || depth == 0 && embeddings;
        return moves ? Math.pow(layerDecay, top - depth) : 0;
    }

    @Override
    public int frozenBelow(int phase) {
        return embeddings ? 0 : lowest[phase];
    }
}

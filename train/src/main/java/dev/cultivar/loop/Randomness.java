package dev.cultivar.loop;

import dev.cultivar.batch.Draw;
import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.global.torch;

/// Draws on the device (dropout, sampling) as a function of seed and place: the generator is seeded anew for every
/// micro-batch, and its state is never stored.
///
/// @param seed the recipe's
public record Randomness(long seed) {
    private static final long DEVICE = Draw.name("device");

    /// The draws of one micro-batch: a generator of its own, born in the open scope.
    public Generator draws(long step, int turn, int microBatch) {
        return torch.make_generator_cpu(Draw.bits(seed, DEVICE, step, turn, microBatch) >>> 1);
    }

    /// Seeds the generator that all threads share; for sources and objectives that draw from it, one at a time.
    public void enter(long step, int turn, int microBatch) {
        torch.manual_seed(Draw.bits(seed, DEVICE, step, turn, microBatch) >>> 1);
    }
}

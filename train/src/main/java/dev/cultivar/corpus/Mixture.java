package dev.cultivar.corpus;

import dev.cultivar.batch.DataException;
import dev.cultivar.batch.Draw;
import java.util.List;

/// Which unit of which source comes where in an epoch, when sources are seen more or less often than once.
///
/// An epoch has `round(weight * units)` draws of each source, mixed by a keyed permutation, so its length is known and each
/// source has its share in every stretch. A source is drawn from by one keyed permutation of its units after the other, across
/// epochs: no unit comes a second time before all have come once, whatever the weight. All is a function of seed, epoch and
/// place; there is no state, so a run that resumes draws what the undisturbed one would have drawn.
public final class Mixture {
    private static final long ORDER = Draw.name("order of a mixture");
    private static final long UNITS = Draw.name("units of a source");

    private final long[] units;
    private final long[] ends; // of each source's draws in an epoch
    private final long seed;

    /// One unit of one source.
    public record Place(int source, long unit) {}

    /// @param names   of the sources, for messages
    /// @param units   how many windows, rows or documents each has
    /// @param weights how often an epoch sees each unit, on average
    public Mixture(List<String> names, long[] units, double[] weights, long seed) {
        this.units = units.clone();
        this.ends = new long[units.length];
        this.seed = seed;
        long end = 0;
        for (int source = 0; source < units.length; source++) {
            if (units[source] <= 0) {
                throw new DataException("source " + names.get(source) + " is empty: nothing of it is left to learn from. Leave it out of the"
                        + " corpus, or see with `audit` what became of its documents");
            }
            if (!(weights[source] > 0) || Double.isInfinite(weights[source])) {
                throw new DataException("source " + names.get(source) + " has the weight " + weights[source]
                        + "; expected one above 0. Leave out a source that is not to be seen");
            }
            long draws = Math.round(weights[source] * units[source]);
            if (draws == 0) {
                throw new DataException("source " + names.get(source) + " has " + units[source] + " units and the weight " + weights[source]
                        + ", so that an epoch would never see it; raise the weight, or leave the source out");
            }
            end = Math.addExact(end, draws);
            ends[source] = end;
        }
    }

    /// How many draws an epoch has.
    public long length() {
        return ends[ends.length - 1];
    }

    /// What comes at a place of an epoch.
    ///
    /// @param index in `[0, length())`
    public Place at(long epoch, long index) {
        long draw = Draw.permute(index, length(), Draw.bits(seed, ORDER, epoch));
        int source = 0;
        while (draw >= ends[source]) {
            source++;
        }
        long start = source == 0 ? 0 : ends[source - 1];
        long ever = Math.addExact(Math.multiplyExact(epoch, ends[source] - start), draw - start);
        long round = ever / units[source];
        return new Place(source, Draw.permute(ever % units[source], units[source], Draw.bits(seed, UNITS, source, round)));
    }
}

package dev.cultivar.optim;

import dev.cultivar.checkpoint.StateReader;
import dev.cultivar.checkpoint.StateWriter;
import dev.cultivar.nn.FlatGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// How often each parameter was stepped: a parameter that is unfrozen late starts its own count.
final class StepCounts {
    private final List<FlatGroup> groups;
    private final Predicate<FlatGroup.Member> mine;
    private final List<long[]> counts = new ArrayList<>();

    /// @param mine the parameters that are counted
    StepCounts(List<FlatGroup> groups, Predicate<FlatGroup.Member> mine) {
        this.groups = groups;
        this.mine = mine;
        groups.forEach(group -> counts.add(new long[group.members().size()]));
    }

    /// Splits segments where the counts of neighbours differ.
    List<Segment> split(List<Segment> segments) {
        List<Segment> parts = new ArrayList<>();
        for (Segment segment : segments) {
            long[] of = counts.get(segment.index());
            int first = segment.first();
            for (int i = first + 1; i <= segment.last() + 1; i++) {
                if (i > segment.last() || of[i] != of[first]) {
                    parts.add(segment.part(first, i - 1));
                    first = i;
                }
            }
        }
        return parts;
    }

    /// Counts one more step of a segment from [#split] and returns which one it is, from 1.
    long next(Segment segment) {
        long[] of = counts.get(segment.index());
        for (int i = segment.first(); i <= segment.last(); i++) {
            of[i]++;
        }
        return of[segment.first()];
    }

    void save(StateWriter out) {
        for (int g = 0; g < counts.size(); g++) {
            var members = groups.get(g).members();
            for (int i = 0; i < members.size(); i++) {
                if (mine.test(members.get(i))) {
                    out.whole("steps." + members.get(i).name(), counts.get(g)[i]);
                }
            }
        }
    }

    void restore(StateReader in) {
        for (int g = 0; g < counts.size(); g++) {
            var members = groups.get(g).members();
            for (int i = 0; i < members.size(); i++) {
                if (mine.test(members.get(i))) {
                    counts.get(g)[i] = in.whole("steps." + members.get(i).name());
                }
            }
        }
    }
}

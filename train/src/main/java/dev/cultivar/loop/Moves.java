package dev.cultivar.loop;

import dev.cultivar.nn.FlatGroup;
import dev.cultivar.nn.Weights;
import dev.cultivar.optim.Segment;
import dev.cultivar.strategy.Strategy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/// The parameters that a turn moves: in flat groups, cut into segments that are treated alike.
public final class Moves {
    private final Weights weights;
    private final Strategy strategy;
    private final List<FlatGroup> groups;
    private final Predicate<String> decayed;
    private final Set<String> names = new HashSet<>();
    private List<Segment> segments = List.of();

    /// @param groups  that hold the turn's parameters
    /// @param decayed whether weight decay acts on a parameter
    public Moves(Weights weights, Strategy strategy, List<FlatGroup> groups, Predicate<String> decayed) {
        this.weights = weights;
        this.strategy = strategy;
        this.groups = List.copyOf(groups);
        this.decayed = decayed;
        groups.forEach(group -> group.members().forEach(member -> names.add(member.name())));
    }

    /// Makes these parameters, and no others, the ones that gradients are computed for.
    public void enter(int phase) {
        for (String name : weights.parameters()) {
            weights.requireGradient(name, names.contains(name) && strategy.rate(name, phase) > 0);
        }
        segments = cut(phase);
    }

    private List<Segment> cut(int phase) {
        List<Segment> all = new ArrayList<>();
        for (int g = 0; g < groups.size(); g++) {
            var members = groups.get(g).members();
            for (int i = 0; i < members.size(); i++) {
                String name = members.get(i).name();
                double rate = strategy.rate(name, phase);
                if (rate > 0) {
                    append(all, new Segment(groups.get(g), g, i, i, rate, decayed.test(name)));
                }
            }
        }
        return all;
    }

    private static void append(List<Segment> all, Segment next) {
        if (all.isEmpty()) {
            all.add(next);
            return;
        }
        Segment last = all.getLast();
        boolean joins = last.index() == next.index()
                && last.last() + 1 == next.first()
                && last.rate() == next.rate()
                && last.decayed() == next.decayed();
        if (joins) {
            all.set(all.size() - 1, new Segment(last.group(), last.index(), last.first(), next.last(), last.rate(), last.decayed()));
        } else {
            all.add(next);
        }
    }

    /// What moves in the phase that was entered last.
    public List<Segment> segments() {
        return segments;
    }

    /// Whenever master weights have changed: copies in bfloat16 follow their master weights.
    void cast() {
        groups.forEach(FlatGroup::cast);
    }

    /// Once a micro-batch: a replica's gradients in bfloat16 are added up in float32.
    void collect(int replica) {
        groups.forEach(group -> group.collect(replica));
    }

    /// Once a turn: the replicas' gradients are added up.
    void merge() {
        groups.forEach(FlatGroup::merge);
    }

    /// Forgets the gradients.
    void clear() {
        groups.forEach(FlatGroup::clear);
    }
}

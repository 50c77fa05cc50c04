package dev.cultivar.optim;

import dev.cultivar.nn.FlatGroup;
import org.bytedeco.pytorch.Tensor;

/// Neighbouring parameters of a flat group that are treated alike in a step.
///
/// @param group   the group
/// @param index   the group's number among the optimizer's groups
/// @param first   the first member
/// @param last    the last member
/// @param rate    factor of the learning rate, above 0
/// @param decayed whether weight decay acts on them
public record Segment(FlatGroup group, int index, int first, int last, double rate, boolean decayed) {

    public long from() {
        return group.members().get(first).from();
    }

    public long to() {
        return group.members().get(last).to();
    }

    /// The part of a flat tensor of the group's length that belongs to the segment.
    public Tensor of(Tensor flat) {
        return flat.narrow(0, from(), to() - from());
    }

    public Tensor data() {
        return of(group.data());
    }

    public Tensor gradient() {
        return of(group.gradient());
    }

    /// Some of its members, treated alike.
    Segment part(int from, int through) {
        return new Segment(group, index, from, through, rate, decayed);
    }
}

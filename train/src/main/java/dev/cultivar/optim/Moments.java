package dev.cultivar.optim;

import dev.cultivar.nn.FlatGroup;
import dev.cultivar.torch.Owned;
import dev.cultivar.torch.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// A float32 number beside each parameter that an optimizer steps, flat, with no room for the parameters that it does not.
final class Moments {
    private final List<Tensor> flat = new ArrayList<>();
    private final List<long[]> starts = new ArrayList<>();

    /// @param mine the parameters that have one
    Moments(List<FlatGroup> groups, Owned memory, Predicate<FlatGroup.Member> mine, double initial) {
        for (FlatGroup group : groups) {
            var members = group.members();
            long[] start = new long[members.size()];
            long next = 0;
            for (int i = 0; i < start.length; i++) {
                start[i] = next;
                next += mine.test(members.get(i)) ? members.get(i).to() - members.get(i).from() : 0;
            }
            starts.add(start);
            flat.add(filled(next, initial, group.data(), memory));
        }
    }

    static Tensor filled(long elements, double value, Tensor like, Owned memory) {
        try (var scope = Scope.open()) {
            return memory.own(torch.full(new long[] {elements}, new Scalar(value), like.options()));
        }
    }

    /// The part that belongs to a segment of such parameters.
    Tensor of(Segment segment) {
        long from = starts.get(segment.index())[segment.first()];
        return flat.get(segment.index()).narrow(0, from, segment.to() - segment.from());
    }

    List<Tensor> tensors() {
        return flat;
    }
}

package dev.cultivar.optim;

import dev.cultivar.checkpoint.State;
import dev.cultivar.checkpoint.StateReader;
import dev.cultivar.checkpoint.StateWriter;
import dev.cultivar.checkpoint.TensorState;
import dev.cultivar.nn.FlatGroup;
import dev.cultivar.torch.Owned;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Predicate;
import org.bytedeco.pytorch.Tensor;

/// What an optimizer remembers of the parameters that it steps: how often, and numbers of the same shape by name. All of it is
/// saved and restored.
final class Memories implements State {
    private final List<FlatGroup> groups;
    private final Owned memory;
    private final Predicate<FlatGroup.Member> mine;
    private final StepCounts counts;
    private final SequencedMap<String, List<Tensor>> named = new LinkedHashMap<>();

    /// @param memory owns the tensors
    /// @param mine   the parameters that the optimizer steps
    Memories(List<FlatGroup> groups, Owned memory, Predicate<FlatGroup.Member> mine) {
        this.groups = List.copyOf(groups);
        this.memory = memory;
        this.mine = mine;
        counts = new StepCounts(groups, mine);
    }

    StepCounts counts() {
        return counts;
    }

    /// A number beside each of the optimizer's parameters, at first `initial`.
    Moments moments(String name, double initial) {
        Moments moments = new Moments(groups, memory, mine, initial);
        named.put(name, moments.tensors());
        return moments;
    }

    /// The same, at first 0.
    Moments moments(String name) {
        return moments(name, 0);
    }

    /// A flat tensor of `elements` of each of the optimizer's parameters, in their order.
    ///
    /// @return by parameter
    SequencedMap<String, Tensor> each(String name, java.util.function.ToLongFunction<FlatGroup.Member> elements) {
        SequencedMap<String, Tensor> made = new LinkedHashMap<>();
        for (FlatGroup group : groups) {
            for (FlatGroup.Member member : group.members()) {
                long size = elements.applyAsLong(member);
                if (mine.test(member) && size > 0) {
                    made.put(member.name(), Moments.filled(size, 0, group.data(), memory));
                }
            }
        }
        named.put(name, new ArrayList<>(made.values()));
        return made;
    }

    @Override
    public void save(StateWriter out) {
        counts.save(out);
        named.forEach((name, tensors) -> TensorState.save(out, name, tensors));
    }

    @Override
    public void restore(StateReader in) {
        counts.restore(in);
        named.forEach((name, tensors) -> TensorState.restore(in, name, tensors));
    }
}

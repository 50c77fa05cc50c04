package dev.cultivar.nn;

import dev.cultivar.torch.Tensors;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/// A block in which a network that is held fixed may compute with a batch's own statistics: what it remembers of them is forgotten at the
/// end, so that its running statistics stay what they were.
public final class HeldBuffers implements AutoCloseable {
    private final Weights weights;
    private final Map<String, byte[]> values = new LinkedHashMap<>();

    /// @param held the buffers, by name
    public HeldBuffers(Weights weights, Predicate<String> held) {
        this.weights = weights;
        Set<String> parameters = new HashSet<>(weights.parameters());
        for (String name : weights.names()) {
            if (!parameters.contains(name) && held.test(name)) {
                values.put(name, Tensors.bytes(weights.master(name)).toArray(ValueLayout.JAVA_BYTE));
            }
        }
    }

    /// Writes straight to memory: to the backward pass, which is still to come, the buffers have not changed.
    @Override
    public void close() {
        values.forEach((name, before) -> Tensors.bytes(weights.master(name)).copyFrom(MemorySegment.ofArray(before)));
    }
}

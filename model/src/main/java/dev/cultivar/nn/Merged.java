package dev.cultivar.nn;

import dev.cultivar.format.CheckpointException;
import dev.cultivar.torch.Owned;
import dev.cultivar.torch.Scope;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/// An adapter worked into the weights that it stands on, until it is closed: then the base has its values back, to the bit.
///
/// While it is merged no adapter is in use, and [ModelFolder#write] writes a whole model.
public final class Merged implements AutoCloseable {
    private final Weights weights;
    private final String name;
    private final Owned memory = new Owned();
    private final Map<String, Tensor> kept = new LinkedHashMap<>();

    private Merged(Weights weights, String name) {
        this.weights = weights;
        this.name = name;
    }

    /// Merges the adapter in use.
    public static Merged of(Weights weights) {
        Adapter adapter = weights.adapters().current();
        if (adapter.config().virtual()) {
            throw new CheckpointException("virtual tokens cannot be merged into weights: they stand before each row. Keep the adapter beside its base");
        }
        var merged = new Merged(weights, adapter.name());
        try (var scope = Scope.open(); var without = new NoGradient()) {
            Map<String, Tensor> values = new LinkedHashMap<>();
            adapter.layers().values().forEach(layer -> values.putAll(layer.merged(weights)));
            adapter.instead().forEach((parameter, own) -> values.put(parameter, weights.master(own)));
            values.forEach((parameter, value) -> {
                if (!java.util.Arrays.equals(weights.shape(parameter), Weights.shape(value))) {
                    throw new CheckpointException("adapter " + adapter.name() + " has another shape of " + parameter + " than the model, so it cannot be merged");
                }
            });
            weights.adapters().useNone();
            values.forEach((parameter, value) -> {
                merged.kept.put(parameter, merged.memory.own(weights.master(parameter).clone()));
                weights.set(parameter, value);
            });
        }
        return merged;
    }

    @Override
    public void close() {
        kept.forEach(weights::set);
        weights.adapters().use(name);
        memory.close();
    }
}

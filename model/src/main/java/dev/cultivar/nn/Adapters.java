package dev.cultivar.nn;

import dev.cultivar.format.CheckpointException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/// The adapters on a model's weights: several on one backbone, one of them in use, or none, which is the base.
///
/// A network asks nobody for them: what goes through a linear layer ([Layers#linear]) goes through the adapter that stands there.
/// Switching costs nothing and loads nothing; it concerns every thread that uses the weights, so switch between predictions.
public final class Adapters {
    /// The adapter that a model was trained with or opened with.
    public static final String OPENED = "default";

    /// Where in a forward pass that trains the running thread is: what dropout needs.
    private record Moment(Mode mode, int depth) {}

    private static final ScopedValue<Moment> MOMENT = ScopedValue.newInstance();

    private final Weights weights;
    private final SequencedMap<String, Adapter> known = new LinkedHashMap<>();
    private volatile @Nullable Adapter used;

    Adapters(Weights weights) {
        this.weights = weights;
    }

    /// Names of the adapters.
    public Set<String> names() {
        return java.util.Collections.unmodifiableSet(known.keySet());
    }

    /// The adapter in use; empty for the base.
    public Optional<String> inUse() {
        return Optional.ofNullable(used).map(Adapter::name);
    }

    /// Switches to an adapter.
    public void use(String name) {
        Adapter adapter = known.get(name);
        if (adapter == null) {
            throw new IllegalArgumentException("no adapter " + name + "; there are " + known.keySet());
        }
        used = adapter;
    }

    /// Switches to the base.
    public void useNone() {
        used = null;
    }

    /// What the adapter in use was configured with, its targets said.
    public Optional<AdapterConfig> config() {
        return Optional.ofNullable(used).map(Adapter::config);
    }

    /// Whether the adapter in use brings a parameter, or trains and stores one of the model's with it.
    public boolean trains(String parameter) {
        Adapter now = used;
        return now != null && (now.own().contains(parameter) || now.saves(parameter) || now.trainsBias(parameter));
    }

    /// Parameters that the adapter in use brings, the base's not among them.
    public List<String> own() {
        Adapter now = used;
        return now == null ? List.of() : now.own();
    }

    /// Whether a parameter is of an adapter that is not in use.
    boolean resting(String parameter) {
        Adapter now = used;
        return known.values().stream()
                .anyMatch(each -> each != now && (each.own().contains(parameter) || each.instead().containsValue(parameter)));
    }

    /// Targets of the adapter in use that match no layer, by the end of their names.
    public List<String> idleTargets() {
        Adapter now = used;
        return now == null ? List.of() : now.idle();
    }

    /// Says which modules the adapter in use trains and stores whole.
    public void save(List<String> modules) {
        Adapter now = current();
        put(new Adapter(now.name(), now.config().saving(modules), now.layers(), now.own(), now.instead()));
    }

    /// Says which base the adapter in use belongs to.
    public void on(String model, String sha256) {
        Adapter now = current();
        put(new Adapter(now.name(), now.config().on(model, sha256), now.layers(), now.own(), now.instead()));
    }

    Adapter current() {
        Adapter now = used;
        if (now == null) {
            throw new IllegalStateException("no adapter is in use");
        }
        return now;
    }

    /// Adds an adapter and switches to it.
    void put(Adapter adapter) {
        known.put(adapter.name(), adapter);
        used = adapter;
    }

    /// Refuses a name that is taken.
    void requireFree(String name) {
        if (name.isEmpty() || known.containsKey(name)) {
            throw new CheckpointException("an adapter needs a name of its own, got " + (name.isEmpty() ? "an empty one" : name + ", which is there already"));
        }
    }

    /// What a linear layer makes of `x`, with the adapter that stands there.
    Tensor through(String layer, Tensor x, UnaryOperator<Tensor> own) {
        Adapter now = used;
        LinearAdapter on = now == null ? null : now.layers().get(layer);
        return on == null ? own.apply(x) : on.apply(weights, x, own);
    }

    /// The name under which a parameter's values lie now.
    String instead(String parameter) {
        Adapter now = used;
        return now == null || now.instead().isEmpty() ? parameter : now.instead().getOrDefault(parameter, parameter);
    }

    /// The virtual tokens of the adapter in use.
    Optional<Virtual> virtual(VirtualShape shape) {
        Adapter now = used;
        return now == null ? Optional.empty() : now.virtual(weights, shape);
    }

    /// A layer of a depth, in which adapters know how the pass runs.
    static UnaryOperator<Tensor> drawing(Mode mode, int depth, UnaryOperator<Tensor> block) {
        return mode.training(depth)
                ? x -> ScopedValue.where(MOMENT, new Moment(mode, depth)).call(() -> block.apply(x))
                : block;
    }

    /// Dropout as in the layer that is under way.
    static Tensor dropout(Tensor x, double share) {
        return share > 0 && MOMENT.isBound() ? Layers.dropout(x, share, MOMENT.get().mode(), MOMENT.get().depth()) : x;
    }
}

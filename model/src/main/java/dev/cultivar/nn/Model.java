package dev.cultivar.nn;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Function;

/// A backbone with what stands on it: heads, and whatever other networks an objective trains beside it.
public final class Model implements AutoCloseable {
    private final Weights weights;
    private final Backbone backbone;
    private final SequencedMap<String, Object> networks = new LinkedHashMap<>();
    private final Weights ofNetworks;

    public Model(Weights weights, Backbone backbone) {
        this(weights, backbone, weights);
    }

    /// @param ofNetworks where networks declare what they need
    private Model(Weights weights, Backbone backbone, Weights ofNetworks) {
        this.weights = weights;
        this.backbone = backbone;
        this.ofNetworks = ofNetworks;
    }

    /// The same backbone under the networks of one of several tasks, whose parameters have names of their own: `heads.NAME.` before what they are
    /// called otherwise. Not to be closed.
    public Model head(String name) {
        return new Model(weights, backbone, weights.within(ModelFolder.headPrefix(name)));
    }

    public Weights weights() {
        return weights;
    }

    public Backbone backbone() {
        return backbone;
    }

    /// The network of that name, built on first use: two objectives that name the same one share it.
    ///
    /// @param build declares the network's parameters in the weights
    public <N> N network(String name, Class<N> type, Function<Weights, N> build) {
        Object network = networks.get(name);
        if (network == null) {
            network = build.apply(ofNetworks);
            networks.put(name, network);
        }
        if (!type.isInstance(network)) {
            throw new IllegalArgumentException(
                    "network " + name + " is a " + network.getClass().getSimpleName() + ", not a " + type.getSimpleName());
        }
        return type.cast(network);
    }

    /// The networks beside the backbone, by name.
    public Map<String, Object> networks() {
        return java.util.Collections.unmodifiableMap(networks);
    }

    @Override
    public void close() {
        weights.close();
    }
}

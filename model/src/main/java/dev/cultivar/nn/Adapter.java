package dev.cultivar.nn;

import dev.cultivar.format.CheckpointException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;

/// One adapter on a model's backbone: its parameters, and what stands on which layer.
///
/// @param name    by which it is switched to
/// @param config  with its targets said
/// @param layers  what stands on each linear layer
/// @param own     names of the parameters that the base does not have
/// @param instead parameters of the base that have other values while the adapter is in use: name to the name of those values
record Adapter(
        String name, AdapterConfig config, SequencedMap<String, LinearAdapter> layers, List<String> own, Map<String, String> instead) {
    /// Virtual tokens, under the name that PEFT's files give them.
    static final String VIRTUAL = "prompt_embeddings";

    /// What the names of the parameters of an adapter that is added to an opened model start with.
    static String prefix(String name) {
        return name + "/";
    }

    /// Declares the adapter's parameters.
    ///
    /// @param prefix of their names
    static Adapter declare(String name, String prefix, AdapterConfig said, Backbone backbone, Weights weights) {
        AdapterConfig config = said.resolved(backbone.adapterTargets(), String.valueOf(backbone.config().get("model_type")));
        Set<String> before = new LinkedHashSet<>(weights.names());
        String family = prefix(backbone);
        SequencedMap<String, LinearAdapter> layers = new LinkedHashMap<>();
        switch (config.kind()) {
            case AdapterConfig.LowRank low -> chosen(config, low.targets(), low.excluded(), low.layers(), backbone, weights)
                    .forEach(layer -> layers.put(layer.name(), LinearAdapter.LowRank.declare(weights, prefix, layer, low)));
            case AdapterConfig.Scaling scaling -> chosen(config, scaling.targets(), scaling.excluded(), ModuleNames.Layers.ALL, backbone, weights)
                    .forEach(layer -> layers.put(
                            layer.name(), LinearAdapter.Scaling.declare(weights, prefix, layer, scaling.feedForward().matches(layer.name(), family))));
            case AdapterConfig.Prompt(int tokens) ->
                weights.parameter(prefix + VIRTUAL, new Initial.Normal(1), tokens, shape(backbone).words());
            case AdapterConfig.Prefix(int tokens) -> {
                VirtualShape shape = shape(backbone);
                weights.parameter(prefix + VIRTUAL, new Initial.Normal(1), tokens, 2L * backbone.layers() * shape.heads() * shape.keyWidth());
            }
        }
        List<String> own = weights.names().stream().filter(parameter -> !before.contains(parameter)).toList();
        return new Adapter(name, config.spelledOut(layers.keySet(), family), layers, own, new LinkedHashMap<>());
    }

    /// What the names of the family start with under a head.
    private static String prefix(Backbone backbone) {
        return Backbones.prefix(ConfigFile.of("config.json", backbone.config()));
    }

    private static VirtualShape shape(Backbone backbone) {
        return backbone.virtualShape().orElseThrow(() -> new CheckpointException("a backbone of type " + backbone.config().get("model_type")
                + " takes no virtual tokens, so neither a prompt nor a prefix; use LoRA or IA3"));
    }

    /// The linear layers that are meant. A layer of a module that is saved whole is none of them.
    private static List<LinearLayer> chosen(
            AdapterConfig config, ModuleNames targets, ModuleNames excluded, ModuleNames.Layers within, Backbone backbone, Weights weights) {
        String family = prefix(backbone);
        List<LinearLayer> candidates = weights.linears().values().stream()
                .filter(layer -> backbone.depth(layer.weight()) >= 0 && !saved(config, layer.name()))
                .toList();
        List<LinearLayer> chosen = candidates.stream()
                .filter(layer -> targets.matches(layer.name(), family) && !excluded.matches(layer.name(), family) && within.has(layer.name()))
                .toList();
        if (candidates.isEmpty()) {
            throw new CheckpointException("a backbone of type " + backbone.config().get("model_type")
                    + " has no linear layer below its head that an adapter could stand on; freeze layers, or train all of them");
        }
        if (chosen.isEmpty()) {
            throw new CheckpointException(targets.place() + " " + targets.json() + " match no linear layer of the backbone"
                    + (targets.pattern() == null ? "" : " (a pattern must match a name as a whole)") + "; there are " + String.join(", ", modules(candidates)));
        }
        return chosen;
    }

    /// Names with the number of the layer left open.
    private static Set<String> modules(List<LinearLayer> layers) {
        Set<String> names = new TreeSet<>();
        layers.forEach(layer -> names.add(layer.name().replaceAll("\\.\\d+\\.", ".N.")));
        return names;
    }

    /// Endings among the targets that match no layer, and a pattern that matches none.
    List<String> idle() {
        List<ModuleNames> targets = switch (config.kind()) {
            case AdapterConfig.LowRank low -> List.of(low.targets());
            case AdapterConfig.Scaling scaling -> List.of(scaling.targets(), scaling.feedForward());
            case AdapterConfig.Prompt _, AdapterConfig.Prefix _ -> List.of();
        };
        return targets.stream()
                .flatMap(each -> each.pattern() == null ? each.endings().stream() : java.util.stream.Stream.of(each.pattern().pattern()))
                .distinct()
                .filter(end -> layers.keySet().stream().noneMatch(ModuleNames.of(List.of(end))::matches))
                .toList();
    }

    /// Whether a parameter or module belongs to a module that is trained whole and stored with the adapter.
    boolean saves(String parameter) {
        return saved(config, parameter);
    }

    private static boolean saved(AdapterConfig config, String name) {
        return config.saved().stream().anyMatch(module -> ("." + name + ".").contains("." + module + "."));
    }

    /// Whether the adapter trains this bias of the base.
    boolean trainsBias(String parameter) {
        if (!(config.kind() instanceof AdapterConfig.LowRank low) || !parameter.endsWith(".bias")) {
            return false;
        }
        return switch (low.bias()) {
            case NONE -> false;
            case ALL -> true;
            case ADAPTED -> layers.containsKey(parameter.substring(0, parameter.length() - ".bias".length()));
        };
    }

    /// Whether the layers' matrices are stored as (in, out).
    boolean transposed() {
        return layers.values().stream().anyMatch(each -> switch (each) {
            case LinearAdapter.LowRank low -> low.of().transposed();
            case LinearAdapter.Scaling scaling -> scaling.of().transposed();
        });
    }

    /// The virtual tokens, where it has any.
    Optional<Virtual> virtual(Weights weights, VirtualShape shape) {
        return switch (config.kind()) {
            case AdapterConfig.Prompt _ -> Optional.of(new Virtual.Prompt(weights.get(own.getFirst())));
            case AdapterConfig.Prefix _ -> Optional.of(new Virtual.Prefix(weights.get(own.getFirst()), shape));
            case AdapterConfig.LowRank _, AdapterConfig.Scaling _ -> Optional.empty();
        };
    }
}

package dev.cultivar.run;

import dev.cultivar.format.CheckpointException;
import dev.cultivar.nn.AdapterConfig;
import dev.cultivar.nn.Adapters;
import dev.cultivar.nn.Backbone;
import dev.cultivar.nn.CausalLmHead;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.ModelFolder;
import dev.cultivar.recipe.RecipeException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// What a run says of the adapter that it trains: the modules that are stored with it, and the base that it belongs to.
final class Adaptation {
    private Adaptation() {}

    /// An adapter on an adapter would be stored without the one below it.
    static void requireWhole(ModelFolder folder) {
        if (folder.base().isPresent()) {
            throw new CheckpointException(folder.folder() + ": is an adapter, and a run starts from a whole model; merge it into its base first");
        }
    }

    /// @param folder that the model was opened from: the base, or a checkpoint of the run
    static void settle(Model model, ModelFolder folder) {
        Adapters adapters = model.weights().adapters();
        AdapterConfig config = adapters.config().orElseThrow();
        List<String> idle = adapters.idleTargets();
        if (!idle.isEmpty()) {
            Set<String> there = new LinkedHashSet<>();
            model.weights().parameters().stream()
                    .filter(name -> name.endsWith(".weight") && model.weights().shape(name).length == 2 && model.backbone().depth(name) > 0
                            && !adapters.own().contains(name))
                    .forEach(name -> there.add(name.replaceAll("\\.\\d+\\.", ".N.").replaceAll("\\.weight$", "")));
            throw new RecipeException("strategy.targets " + idle + " match no layer that the adapter may stand on; there are " + String.join(", ", there));
        }
        adapters.save(saved(model, config));
        if (folder.base().isEmpty()) {
            adapters.on(folder.folder().toString(), folder.hash());
        }
    }

    /// What lies above the layers, by module; all but a head over the vocabulary that the base has, which says what the base says.
    private static List<String> saved(Model model, AdapterConfig config) {
        Backbone backbone = model.backbone();
        List<String> own = model.weights().adapters().own();
        Set<String> modules = new LinkedHashSet<>();
        for (String name : model.weights().parameters()) {
            boolean above = backbone.depth(name) < 0 || backbone.depth(name) > backbone.layers();
            boolean kept = name.equals(CausalLmHead.WEIGHT)
                    && !model.weights().fresh().contains(name)
                    && !config.saved().contains(CausalLmHead.NAME);
            if (above && !kept && !own.contains(name)) {
                modules.add(backbone.depth(name) < 0 ? module(name, model) : second(name));
            }
        }
        return new ArrayList<>(modules);
    }

    /// The part of a name behind the family's own: of `bert.pooler.dense.weight` the pooler.
    private static String second(String name) {
        return name.split("\\.")[1];
    }

    /// The outermost module around a parameter of a head that none of the backbone's layers lie in: of `classifier.6.weight` the head alone,
    /// where `classifier.0` is a layer.
    private static String module(String name, Model model) {
        int end = name.indexOf('.');
        while (name.indexOf('.', end + 1) > 0 && holdsLayers(name.substring(0, end + 1), model)) {
            end = name.indexOf('.', end + 1);
        }
        return name.substring(0, end);
    }

    private static boolean holdsLayers(String module, Model model) {
        return model.weights().parameters().stream().anyMatch(other -> other.startsWith(module) && model.backbone().depth(other) >= 0);
    }
}

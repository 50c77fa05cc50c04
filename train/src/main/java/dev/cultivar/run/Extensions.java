package dev.cultivar.run;

import dev.cultivar.format.CheckpointException;
import dev.cultivar.loop.BatchSource;
import dev.cultivar.nn.Backbone;
import dev.cultivar.nn.Backbones;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.Weights;
import dev.cultivar.objective.Objective;
import dev.cultivar.optim.Optimizers;
import dev.cultivar.optim.Schedule;
import dev.cultivar.recipe.Parameters;
import dev.cultivar.recipe.RecipeException;
import dev.cultivar.strategy.Strategies;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;

/// The members of the open families that users build: each is found by the `name` of a recipe's `kind: custom`.
///
/// Unlike the rest of the main API these types show libtorch's tensors: a backbone or an objective is written with them.
public final class Extensions {
    public static final Extensions NONE = builder().build();

    private final Map<String, BackboneBuilder> backbones;
    private final Map<String, ObjectiveBuilder> objectives;
    private final Map<String, SourceBuilder> sources;
    private final Map<String, Strategies.Custom> strategies;
    private final Map<String, Optimizers.Custom> optimizers;
    private final Map<String, ScheduleBuilder> schedules;

    private Extensions(Builder builder) {
        backbones = Map.copyOf(builder.backbones);
        objectives = Map.copyOf(builder.objectives);
        sources = Map.copyOf(builder.sources);
        strategies = Map.copyOf(builder.strategies);
        optimizers = Map.copyOf(builder.optimizers);
        schedules = Map.copyOf(builder.schedules);
    }

    /// Builds a backbone: declares its parameters in the weights.
    @FunctionalInterface
    public interface BackboneBuilder {
        Backbone build(Parameters parameters, Weights weights);
    }

    /// Builds an objective, and with it the networks that it needs beside the backbone, see [Model#network].
    @FunctionalInterface
    public interface ObjectiveBuilder {
        Objective build(Parameters parameters, Model model);
    }

    /// Builds a source of batches.
    @FunctionalInterface
    public interface SourceBuilder {
        /// @param seed the recipe's
        BatchSource build(Parameters parameters, long seed);
    }

    /// Builds a schedule; the warm-up is added to it.
    @FunctionalInterface
    public interface ScheduleBuilder {
        Schedule build(Parameters parameters);
    }

    /// The backbones, for who opens a model.
    public Backbones.Custom backbones() {
        return (name, parameters, weights) -> {
            BackboneBuilder builder = backbones.get(name);
            if (builder == null) {
                throw new CheckpointException("backbone " + name + " comes from an extension that is not here; known: "
                        + new TreeSet<>(backbones.keySet()) + ". Give the jar that has it with --extensions, or use Cultivar.with(...).");
            }
            return builder.build(new Parameters(parameters), weights);
        };
    }

    Objective objective(String name, Parameters parameters, Model model) {
        return of("objective", name, objectives).build(parameters, model);
    }

    BatchSource source(String name, Parameters parameters, long seed) {
        return of("data", name, sources).build(parameters, seed);
    }

    Strategies.Custom strategies() {
        return (name, parameters, backbone) -> of("strategy", name, strategies).build(name, parameters, backbone);
    }

    Optimizers.Custom optimizers() {
        return (recipe, groups, memory) -> of("optimizer", recipe.name(), optimizers).build(recipe, groups, memory);
    }

    Schedule schedule(String name, Parameters parameters) {
        return of("schedule", name, schedules).build(parameters);
    }

    private static <T> T of(String family, String name, Map<String, T> known) {
        T found = known.get(name);
        if (found == null) {
            throw new RecipeException(family + ".name must be one of the extensions' " + new TreeSet<>(known.keySet()) + ", got " + name
                    + ". Give the jar that has it with --extensions, or use Cultivar.with(...).");
        }
        return found;
    }

    /// Both sets of extensions; a name in both is refused.
    public Extensions and(Extensions other) {
        Builder both = builder();
        for (Extensions each : java.util.List.of(this, other)) {
            each.backbones.forEach(both::backbone);
            each.objectives.forEach(both::objective);
            each.sources.forEach(both::source);
            each.strategies.forEach(both::strategy);
            each.optimizers.forEach(both::optimizer);
            each.schedules.forEach(both::schedule);
        }
        return both.build();
    }

    public static Builder builder() {
        return new Builder();
    }

    /// Collects members by name.
    public static final class Builder {
        private final Map<String, BackboneBuilder> backbones = new LinkedHashMap<>();
        private final Map<String, ObjectiveBuilder> objectives = new LinkedHashMap<>();
        private final Map<String, SourceBuilder> sources = new LinkedHashMap<>();
        private final Map<String, Strategies.Custom> strategies = new LinkedHashMap<>();
        private final Map<String, Optimizers.Custom> optimizers = new LinkedHashMap<>();
        private final Map<String, ScheduleBuilder> schedules = new LinkedHashMap<>();

        private Builder() {}

        public Builder backbone(String name, BackboneBuilder builder) {
            return put(backbones, "backbone", name, builder);
        }

        public Builder objective(String name, ObjectiveBuilder builder) {
            return put(objectives, "objective", name, builder);
        }

        public Builder source(String name, SourceBuilder builder) {
            return put(sources, "data source", name, builder);
        }

        public Builder strategy(String name, Strategies.Custom builder) {
            return put(strategies, "strategy", name, builder);
        }

        public Builder optimizer(String name, Optimizers.Custom builder) {
            return put(optimizers, "optimizer", name, builder);
        }

        public Builder schedule(String name, ScheduleBuilder builder) {
            return put(schedules, "schedule", name, builder);
        }

        private <T> Builder put(Map<String, T> family, String what, String name, T builder) {
            if (family.putIfAbsent(name, builder) != null) {
                throw new IllegalArgumentException("two extensions build a " + what + " named " + name);
            }
            return this;
        }

        public Extensions build() {
            return new Extensions(this);
        }
    }

    /// What an extension jar provides: named in its `META-INF/services/dev.cultivar.run.Extensions$Provider`.
    @FunctionalInterface
    public interface Provider {
        Extensions extensions();
    }
}

package dev.cultivar.verify;

import dev.cultivar.batch.Batch;
import dev.cultivar.checkpoint.Progress;
import dev.cultivar.loop.Average;
import dev.cultivar.loop.BatchSource;
import dev.cultivar.loop.Best;
import dev.cultivar.loop.Entrance;
import dev.cultivar.loop.Evaluations;
import dev.cultivar.loop.Event;
import dev.cultivar.loop.Keeper;
import dev.cultivar.loop.Moves;
import dev.cultivar.loop.Randomness;
import dev.cultivar.loop.TrainingLoop;
import dev.cultivar.loop.Turn;
import dev.cultivar.loop.Workers;
import dev.cultivar.nn.FlatGroup;
import dev.cultivar.nn.Model;
import dev.cultivar.objective.Objective;
import dev.cultivar.optim.Clipping;
import dev.cultivar.optim.Optimizers;
import dev.cultivar.optim.Schedules;
import dev.cultivar.recipe.AverageRecipe;
import dev.cultivar.recipe.ClippingRecipe;
import dev.cultivar.recipe.Every;
import dev.cultivar.recipe.OptimizerRecipe;
import dev.cultivar.recipe.ScheduleRecipe;
import dev.cultivar.recipe.StoppingRecipe;
import dev.cultivar.recipe.StrategyRecipe;
import dev.cultivar.strategy.Strategies;
import dev.cultivar.strategy.Strategy;
import dev.cultivar.torch.Owned;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/// The golden cases' training: the same batch again and again, by the product's own loop. AdamW at 1e-3 with decay of
/// 0.01 on everything, norm clipped to 1, two steps of warm-up, then linear to 0.
final class TenSteps {
    private TenSteps() {}

    static List<Event.Stepped> run(Model model, Objective objective, Batch batch, FlatGroup group, int steps) {
        return run(model, List.of(new Part("main", objective, group)), batch, steps);
    }

    /// What moves in a step, in its own turn.
    ///
    /// @param name      of the turn
    /// @param objective what it minimises
    /// @param group     what it moves
    record Part(String name, Objective objective, FlatGroup group) {}

    /// @param parts one after the other in each step, each with an optimizer of its own
    static List<Event.Stepped> run(Model model, List<Part> parts, Batch batch, int steps) {
        try (var memory = new Owned()) {
            var strategy = Strategies.build(new StrategyRecipe.Full(1), model, (name, parameters, of) -> {
                throw new IllegalStateException(name);
            });
            List<Turn> turns = parts.stream().map(part -> turn(model, part, strategy, memory)).toList();
            List<Event.Stepped> stepped = new ArrayList<>();
            new TrainingLoop(setup(model, turns, batch, strategy, memory, steps), event -> {
                if (event instanceof Event.Stepped step) {
                    stepped.add(step);
                }
            }).run(() -> false);
            return stepped;
        }
    }

    private static Turn turn(Model model, Part part, Strategy strategy, Owned memory) {
        var groups = List.of(part.group());
        var adamW = new OptimizerRecipe.AdamW(1e-3, 0.9, 0.999, 1e-8, 0.01, OptimizerRecipe.Decayed.ALL);
        var schedule = Schedules.build(new ScheduleRecipe.Linear(new ScheduleRecipe.Warmup.Steps(2)), (name, parameters) -> {
            throw new IllegalStateException(name);
        });
        return new Turn(
                part.name(),
                1,
                part.objective(),
                new Moves(model.weights(), strategy, groups, name -> true),
                Optimizers.build(adamW, groups, memory, name -> true, (custom, of, owner) -> {
                    throw new IllegalStateException(custom.name());
                }),
                schedule,
                new Clipping(new ClippingRecipe.Norm(1)));
    }

    private static TrainingLoop.Setup setup(
            Model model, List<Turn> turns, Batch batch, Strategy strategy, Owned memory, int steps) {
        BatchSource same = (name, count, policy) -> List.of(batch);
        return new TrainingLoop.Setup(
                model,
                Entrance.INPUT,
                turns,
                same,
                strategy,
                new Average(new AverageRecipe.None(), List.of(), memory),
                new Best(new StoppingRecipe.None()),
                new Randomness(0),
                new Evaluations(new Every.Never(), new LinkedHashMap<>(), false),
                new Nowhere(),
                new Every.Never(),
                1,
                new Workers(1, 1),
                steps);
    }

    /// Nothing is kept.
    private static final class Nowhere implements Keeper {
        @Override
        public void publish(Progress progress, boolean best) {}

        @Override
        public Optional<String> newest() {
            return Optional.empty();
        }
    }
}

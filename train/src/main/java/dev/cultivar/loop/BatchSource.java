package dev.cultivar.loop;

import dev.cultivar.batch.Batch;
import dev.cultivar.checkpoint.State;
import dev.cultivar.checkpoint.StateReader;
import dev.cultivar.checkpoint.StateWriter;
import dev.cultivar.nn.Model;
import dev.cultivar.recipe.RecipeException;
import java.util.List;
import java.util.Map;

/// Where a step's micro-batches come from: a dataset, or an environment that the model itself acts in.
@FunctionalInterface
public interface BatchSource extends State, AutoCloseable {

    /// The micro-batches of one turn.
    ///
    /// @param turn  the turn's name
    /// @param count how many
    /// @param model the current policy, for sources that roll it out (without gradients)
    List<Batch> next(String turn, int count, Model model);

    /// The labels' names where rows are labelled, in the order of the numbers in the batches' `labels`.
    default List<String> labels() {
        return List.of();
    }

    /// Whether the data have an end, so that passes over them can be counted.
    default boolean hasEpochs() {
        return false;
    }

    /// Passes over the data so far, with a fraction; 0 where the data have no end.
    default double epochs() {
        return 0;
    }

    /// The steps that make so many epochs from the start.
    ///
    /// @param microBatches that each step takes, over all its turns
    default long stepsForEpochs(double epochs, int microBatches) {
        throw new RecipeException("horizon.epochs does not fit this data source, which has no end; give horizon.steps or horizon.minutes");
    }

    /// The steps that show so many tokens from the start.
    ///
    /// @param microBatches that each step takes, over all its turns
    default long stepsForTokens(long tokens, int microBatches) {
        throw new RecipeException("horizon.tokens does not fit this data source, which counts none; give horizon.steps or horizon.minutes");
    }

    /// What the model is measured on, by the task's name: canonical batches, always the same ones.
    default Map<String, Iterable<Batch>> tasks() {
        return Map.of();
    }

    @Override
    default void save(StateWriter out) {}

    @Override
    default void restore(StateReader in) {}

    @Override
    default void close() {}
}

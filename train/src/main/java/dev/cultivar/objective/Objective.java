package dev.cultivar.objective;

import dev.cultivar.batch.Batch;
import dev.cultivar.checkpoint.State;
import dev.cultivar.checkpoint.StateReader;
import dev.cultivar.checkpoint.StateWriter;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.Mode;
import dev.cultivar.nn.Model;
import java.util.Optional;

/// What a turn minimises: (model, batch) to a loss.
public interface Objective extends State {

    /// What the batch adds to each term's denominator; no tensor is needed for it.
    Denominators denominators(Batch batch);

    /// The terms, as sums over the batch.
    Loss loss(Model model, Inputs inputs, Mode mode);

    /// Why a step's rows may not be split into micro-batches: empty where the loss is a sum over rows, and where there is a way to
    /// go over them [together][#together()].
    default Optional<String> indivisible() {
        return Optional.empty();
    }

    /// How a step with several micro-batches is made of a loss that compares their rows with each other; empty where each
    /// micro-batch's loss is its own.
    default Optional<Together> together() {
        return Optional.empty();
    }

    /// Floating point operations of the heads' forward pass for one token, the backbone's left out; 0 where they are next to nothing.
    default double headFlops(Model model) {
        return 0;
    }

    /// Whether several micro-batches may be under way at once, on threads of their own: an objective that draws only from
    /// [Mode#draws] and changes nothing may say so.
    default boolean concurrent() {
        return false;
    }

    /// Whether it moves a parameter where the recipe does not say which ones its turn moves: all, unless it holds some network fixed that
    /// another turn trains.
    default boolean moves(String parameter) {
        return true;
    }

    /// What it reads of the backbone.
    default Reads reads() {
        return Reads.ANYTHING;
    }

    /// Starts to measure a model on batches whose rows are not all real: canonical ones. The measurement of an objective
    /// that has no better one is its own loss.
    default Measurement measurement(Model model) {
        return new LossMeasurement(model, this);
    }

    /// Called after each step in which the objective took part: where a target network follows.
    ///
    /// @param step how many steps are done
    default void stepped(Model model, long step) {}

    @Override
    default void save(StateWriter out) {}

    @Override
    default void restore(StateReader in) {}
}

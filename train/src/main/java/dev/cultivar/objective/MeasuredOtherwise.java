package dev.cultivar.objective;

import dev.cultivar.batch.Batch;
import dev.cultivar.checkpoint.StateReader;
import dev.cultivar.checkpoint.StateWriter;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.Mode;
import dev.cultivar.nn.Model;
import java.util.Optional;

/// An objective that is another one in all but how it is measured.
public interface MeasuredOtherwise extends Objective {

    /// The one that learns.
    Objective objective();

    @Override
    Measurement measurement(Model model);

    @Override
    default Denominators denominators(Batch batch) {
        return objective().denominators(batch);
    }

    @Override
    default Loss loss(Model model, Inputs inputs, Mode mode) {
        return objective().loss(model, inputs, mode);
    }

    @Override
    default Optional<String> indivisible() {
        return objective().indivisible();
    }

    @Override
    default Optional<Together> together() {
        return objective().together();
    }

    @Override
    default double headFlops(Model model) {
        return objective().headFlops(model);
    }

    @Override
    default boolean concurrent() {
        return objective().concurrent();
    }

    @Override
    default boolean moves(String parameter) {
        return objective().moves(parameter);
    }

    @Override
    default Reads reads() {
        return objective().reads();
    }

    @Override
    default void stepped(Model model, long step) {
        objective().stepped(model, step);
    }

    @Override
    default void save(StateWriter out) {
        objective().save(out);
    }

    @Override
    default void restore(StateReader in) {
        objective().restore(in);
    }
}

package dev.cultivar.recipe;

import java.util.List;

/// One move inside a step. A recipe with one turn writes these keys at its top level, without `name`, `times` and `moves`;
/// a recipe with several lists them under `turns`.
///
/// @param name      what its losses are called after; `main` where there is one turn
/// @param times     how often the move is repeated in a step
/// @param moves     prefixes of the names of the parameters that it moves, empty for all
/// @param objective what is minimised
/// @param optimizer how a gradient becomes a change
/// @param schedule  how the learning rate goes
/// @param clipping  how large a gradient may be
public record TurnRecipe(
        String name,
        int times,
        List<String> moves,
        ObjectiveRecipe objective,
        OptimizerRecipe optimizer,
        ScheduleRecipe schedule,
        ClippingRecipe clipping) {

    public static final String MAIN = "main";

    public TurnRecipe {
        moves = List.copyOf(moves);
    }
}

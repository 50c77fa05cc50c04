package dev.cultivar.loop;

import dev.cultivar.objective.Objective;
import dev.cultivar.optim.Clipping;
import dev.cultivar.optim.Optimizer;
import dev.cultivar.optim.Schedule;

/// One move inside a step: an objective, the parameters that it moves, and how.
///
/// @param name      what its losses are called after
/// @param times     how often it is made in a step
/// @param objective what it minimises
/// @param moves     the parameters that it moves
/// @param optimizer how their gradient becomes a change
/// @param schedule  how its learning rate goes
/// @param clipping  how large the gradient may be
public record Turn(
        String name, int times, Objective objective, Moves moves, Optimizer optimizer, Schedule schedule, Clipping clipping) {}

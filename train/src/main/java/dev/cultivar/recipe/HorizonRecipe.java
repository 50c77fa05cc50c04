package dev.cultivar.recipe;

/// When training stops.
public sealed interface HorizonRecipe {
    record Steps(long steps) implements HorizonRecipe {}

    record Epochs(double epochs) implements HorizonRecipe {}

    record Tokens(long tokens) implements HorizonRecipe {}

    /// Turned into steps after a calibration, which the resolved recipe records.
    record Minutes(double minutes) implements HorizonRecipe {}
}

package dev.cultivar.recipe;

/// An interval of training: a value with a unit.
public sealed interface Every {
    /// @param steps at least 1
    record Steps(long steps) implements Every {}

    /// @param epochs above 0; a half is every half epoch
    record Epochs(double epochs) implements Every {}

    /// Only at the end.
    record Never() implements Every {}
}

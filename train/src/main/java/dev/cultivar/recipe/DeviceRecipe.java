package dev.cultivar.recipe;

/// Where and how it is computed.
///
/// @param kind      `cpu`, or `cuda` with natives for it
/// @param threads   of each operator
/// @param precision of the forward and backward passes; master weights are float32 in all
public record DeviceRecipe(Kind kind, Threads threads, Precision precision) {

    public enum Kind { CPU, CUDA }

    /// How many threads an operator may use; the resolved recipe has a number.
    public sealed interface Threads {
        record Auto() implements Threads {}

        record Count(int count) implements Threads {}
    }

    /// The arithmetic; AUTO is decided by measurement and resolved to one of the others.
    public enum Precision { AUTO, FLOAT32, BFLOAT16 }
}

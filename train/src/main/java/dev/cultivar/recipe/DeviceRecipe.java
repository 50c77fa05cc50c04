package dev.cultivar.recipe;

/// Where and how it is computed.
///
/// @param kind      `cpu`, or `cuda` with natives for it
/// @param threads   that compute
/// @param replicas  parts of a step's rows that go forward and backward at once, each on its share of the threads
/// @param precision of the forward and backward passes; master weights are float32 in all
/// @param memoryFormat in which order maps and kernels lie
/// @param gradientCheckpointing whether blocks compute their inner states once more in the backward pass instead of keeping them: less
///                  memory, a third more time, the same bits
public record DeviceRecipe(Kind kind, Threads threads, Threads replicas, Precision precision, MemoryFormat memoryFormat, boolean gradientCheckpointing) {

    public enum Kind { CPU, CUDA }

    /// How many threads or replicas; the resolved recipe has a number.
    public sealed interface Threads {
        record Auto() implements Threads {}

        record Count(int count) implements Threads {}
    }

    /// The arithmetic; AUTO is decided by measurement and resolved to one of the others.
    public enum Precision { AUTO, FLOAT32, BFLOAT16 }

    /// The order of a map's numbers, channels or places first. AUTO is channels last for pictures, and resolved to one of the others.
    public enum MemoryFormat { AUTO, CONTIGUOUS, CHANNELS_LAST }
}

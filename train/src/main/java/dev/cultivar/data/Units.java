package dev.cultivar.data;

/// Which stored texts are compared with each other: each unit a few rows of a store, the first, then what belongs to it, then what
/// does not.
public interface Units {

    /// How many there are.
    int count();

    /// How many texts the largest has.
    int most();

    /// The rows of a unit in an epoch.
    int[] rows(int unit, long epoch);
}

package dev.cultivar.data;

/// A stored row as [Targets] see it: what its label became, and where it is from.
public interface Labelled {
    /// What the row's label became; empty where there is none.
    int[] target();

    /// The row of the source, as in [Example#row].
    long origin();
}

package dev.cultivar.nn;

/// How large the generator is that replaces pieces for a discriminator (Clark et al., 2020, section 3.2).
public sealed interface GeneratorShape {

    /// Whether the generator reads the discriminator's own embeddings, which then learn from both.
    boolean shared();

    /// As many layers as the discriminator, each a share of its width; heads and feed-forward block shrink alike.
    record Scaled(double share, boolean shared) implements GeneratorShape {}

    /// Sizes of its own.
    record Sized(int layers, int width, int heads, int feedForward, boolean shared) implements GeneratorShape {}
}

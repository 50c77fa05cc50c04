package dev.cultivar.generate;

/// When a continuation stops that does not end by itself.
///
/// @param tokens   at most so many new ones
/// @param overflow what happens where the model's positions do not suffice
public record Limits(int tokens, Overflow overflow) {

    public Limits {
        if (tokens < 1) {
            throw new IllegalArgumentException("tokens must be at least 1, got " + tokens);
        }
    }

    /// Refuses where positions do not suffice.
    public static Limits tokens(int tokens) {
        return new Limits(tokens, Overflow.REFUSE);
    }

    public enum Overflow {
        /// An error before anything is generated.
        REFUSE,
        /// The continuation stops where they end.
        STOP,
        /// Whenever the positions are full, the model reads the last half of them anew, as if it were all: what was said before is
        /// forgotten.
        SLIDE
    }
}

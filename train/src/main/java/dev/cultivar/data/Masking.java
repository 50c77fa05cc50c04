package dev.cultivar.data;

/// How pieces are chosen to be predicted.
///
/// @param probability of a piece, or a word, to be chosen, in (0, 1)
/// @param wholeWord   whether a word's pieces are chosen together
public record Masking(double probability, boolean wholeWord) {
    public Masking {
        if (!(probability > 0 && probability < 1)) {
            throw new IllegalArgumentException("the probability of masking must be in (0, 1), got " + probability);
        }
    }
}

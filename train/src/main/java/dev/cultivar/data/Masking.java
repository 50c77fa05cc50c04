package dev.cultivar.data;

/// How pieces are chosen to be predicted, and what stands in their place.
///
/// @param probability of a piece, or a word, to be chosen, in (0, 1)
/// @param wholeWord   whether a word's pieces are chosen together
/// @param masked      share of the chosen pieces that become the mask
/// @param random      share of them that become a random ordinary piece; the rest stays as it is
public record Masking(double probability, boolean wholeWord, double masked, double random) {
    public Masking {
        if (!(probability > 0 && probability < 1)) {
            throw new IllegalArgumentException("the probability of masking must be in (0, 1), got " + probability);
        }
        if (!(masked >= 0 && random >= 0 && masked + random <= 1)) {
            throw new IllegalArgumentException("shares must be at least 0 and add up to at most 1, got " + masked + " and " + random);
        }
    }

    /// BERT's: 80 % become the mask, 10 % a random piece, 10 % stay (Devlin et al., 2019, section 3.1).
    public Masking(double probability, boolean wholeWord) {
        this(probability, wholeWord, 0.8, 0.1);
    }

    /// ELECTRA's: every chosen piece becomes the mask (Clark et al., 2020, section 2).
    public static Masking all(double probability, boolean wholeWord) {
        return new Masking(probability, wholeWord, 1, 0);
    }
}

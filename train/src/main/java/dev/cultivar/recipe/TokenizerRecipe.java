package dev.cultivar.recipe;

import java.nio.file.Path;

/// Text to ids.
public sealed interface TokenizerRecipe {

    /// The one in the backbone's checkpoint; what is meant where a recipe with a pretrained backbone names none.
    record OfBackbone() implements TokenizerRecipe {}

    /// WordPiece (Schuster and Nakajima, 2012; as in BERT), trained on the training rows.
    ///
    /// @param vocabulary   pieces, special ones included
    /// @param minFrequency pairs seen less often are not merged
    /// @param lowercase    whether case and accents are folded
    record WordPiece(int vocabulary, int minFrequency, boolean lowercase) implements TokenizerRecipe {}

    /// A `tokenizer.json`.
    record Stored(Path file) implements TokenizerRecipe {}

    /// The data are not text.
    record None() implements TokenizerRecipe {}
}

package dev.cultivar.recipe;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Text to ids.
public sealed interface TokenizerRecipe {

    /// The one in the backbone's checkpoint; what is meant where a recipe with a pretrained backbone names none.
    record OfBackbone() implements TokenizerRecipe {}

    /// One that is trained on the training rows.
    sealed interface Learned extends TokenizerRecipe {}

    /// WordPiece (Schuster and Nakajima, 2012; as in BERT).
    ///
    /// @param vocabulary   pieces, special ones included
    /// @param minFrequency pairs seen less often are not merged
    /// @param lowercase    whether case and accents are folded
    record WordPiece(int vocabulary, int minFrequency, boolean lowercase) implements Learned {}

    /// Byte-level byte-pair encoding (Radford et al., 2019; as in GPT-2).
    ///
    /// @param vocabulary   pieces, the 256 bytes and the special ones included
    /// @param minFrequency pairs seen less often are not merged
    /// @param special      pieces that are read whole wherever they stand in a text
    /// @param ties         which of two pairs seen equally often is merged first
    /// @param sentinels    so many special pieces `<extra_id_0>`, ... that T5 calls spans by
    record BytePair(int vocabulary, int minFrequency, List<String> special, Ties ties, int sentinels) implements Learned {
        public BytePair {
            special = List.copyOf(special);
        }

        /// Without sentinels.
        public BytePair(int vocabulary, int minFrequency, List<String> special, Ties ties) {
            this(vocabulary, minFrequency, special, ties, 0);
        }

        /// The special pieces, then the sentinels.
        public List<String> whole() {
            return Stream.concat(special.stream(), IntStream.range(0, sentinels).mapToObj(i -> "<extra_id_" + i + ">")).toList();
        }
    }

    /// Each character a piece.
    ///
    /// @param unknown whether there is a piece for characters that the training rows lack; without it they are refused
    /// @param special pieces that are read whole wherever they stand in a text
    record Characters(boolean unknown, List<String> special) implements Learned {
        public Characters {
            special = List.copyOf(special);
        }
    }

    /// The most frequent words, cut as BERT's are.
    ///
    /// @param vocabulary   pieces, special ones included
    /// @param minFrequency words seen less often are unknown
    /// @param lowercase    whether case and accents are folded
    record Words(int vocabulary, int minFrequency, boolean lowercase) implements Learned {}

    /// An order of pairs that were seen equally often.
    enum Ties {
        /// The greater one by its bytes first.
        TEXT,
        /// The one of the smaller ids first, as the trainer of the tokenizers library does.
        IDS
    }

    /// A `tokenizer.json`.
    record Stored(Path file) implements TokenizerRecipe {}

    /// The data are not text.
    record None() implements TokenizerRecipe {}
}

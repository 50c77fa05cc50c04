package dev.cultivar.text;

import dev.cultivar.batch.DataException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// Makes a tokenizer whose pieces are the characters (Unicode code points) of a text, spaces and line ends among them: nothing
/// is folded, cut away or joined, so that what is decoded is what was encoded.
///
/// `[UNK]` comes first where it is wanted, then the special pieces, then the characters by code point. Without it the vocabulary is
/// exactly the alphabet, and a text with another character is refused instead of being read with a hole.
public final class CharacterTrainer {
    private CharacterTrainer() {}

    /// @param unknown whether characters that the text lacks become `[UNK]`; otherwise they are refused when they turn up
    /// @param special pieces that are read whole wherever they stand in a text; may be none
    public record Options(boolean unknown, List<String> special) {
        public Options {
            special = new SpecialPieces(special).pieces();
            if (special.contains(WordPieceJson.UNK)) {
                throw new IllegalArgumentException(WordPieceJson.UNK + " is no special piece to be named; it is there where unknown is true.");
            }
        }
    }

    /// Reads the texts once and keeps only which characters there are.
    ///
    /// @throws DataException if the texts are empty
    public static Trained train(Texts texts, Options options) {
        var special = new SpecialPieces(options.special());
        var seen = new BitSet();
        var total = new long[1];
        texts.each(text -> special.cut(text, (from, to, piece) -> {
            if (piece < 0) {
                total[0] += see(text, from, to, seen);
            }
        }));
        if (seen.isEmpty()) {
            throw new DataException("The tokenizer's training text is empty."
                    + " Check that the file and column named are the ones with the text.");
        }
        var pieces = new ArrayList<String>();
        if (options.unknown()) {
            pieces.add(WordPieceJson.UNK);
        }
        pieces.addAll(options.special());
        var named = List.copyOf(pieces);
        seen.stream().forEach(c -> pieces.add(Character.toString(c)));
        var json = WordLevelJson.characters(pieces, named);
        var tokenizer = Tokenizer.of("vocabulary of " + seen.cardinality() + " characters", json);
        return new Trained(tokenizer, pieces.size(), seen.cardinality(), total[0]);
    }

    private static int see(String text, int from, int to, BitSet seen) {
        int count = 0;
        for (int i = from; i < to; count++) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            seen.set(c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c);
        }
        return count;
    }
}

package dev.cultivar.text;

import dev.cultivar.batch.DataException;
import java.util.ArrayList;
import java.util.List;

/// Makes a tokenizer like GPT-2's from raw text: every text can be written in it, since its alphabet are the 256 bytes, and what
/// is often seen together becomes one piece (byte-level byte-pair encoding: Radford et al., 2019, section 2.2).
///
/// Special pieces are the first ids, then come the 256 bytes in the order of the characters that they are written as, then the
/// merges in the order in which they were found. The same text gives the same tokenizer, always.
public final class BytePairTrainer {
    /// Between two documents; the special piece of GPT-2.
    public static final String END_OF_TEXT = "<|endoftext|>";

    private static final int BYTES = 256;

    private BytePairTrainer() {}

    /// @param vocabulary   how many pieces to end with, special ones included
    /// @param minFrequency pairs seen less often are not merged
    /// @param special      pieces that are read whole wherever they stand in a text, such as [#END_OF_TEXT]; may be none
    /// @param ties         which of two pairs that are seen equally often is merged first
    public record Options(int vocabulary, int minFrequency, List<String> special, Ties ties) {
        public Options {
            special = new SpecialPieces(special).pieces();
            int least = BYTES + special.size();
            if (vocabulary < least) {
                throw new IllegalArgumentException("A vocabulary of " + vocabulary + " is too small: the " + BYTES + " bytes and "
                        + special.size() + " special piece" + (special.size() == 1 ? "" : "s") + " make " + least
                        + ", and each further piece is one merge. Ask for at least " + least + ".");
            }
            if (minFrequency < 1) {
                throw new IllegalArgumentException("minFrequency has to be at least 1, but is " + minFrequency + ".");
            }
        }
    }

    /// Reads the texts once and keeps of them only how often each word occurs. A text ends a word, and white space is part of words:
    /// where lines are to be learned with their ends, the texts must contain them.
    ///
    /// @throws DataException if the texts are empty
    public static Trained train(Texts texts, Options options) {
        var special = new SpecialPieces(options.special());
        var counts = WordCounting.count(texts, () -> around(special));
        if (counts.size() == 0) {
            throw new DataException("The tokenizer's training text is empty."
                    + " Check that the file and column named are the ones with the text.");
        }
        var first = new ArrayList<>(options.special());
        first.addAll(ByteAlphabet.sorted());
        var merges = new PairMerges(first, "", options.ties());
        var ids = new int[BYTES];
        for (int b = 0; b < BYTES; b++) {
            ids[b] = merges.id(Character.toString(ByteAlphabet.character(b)));
        }
        var bytes = new Utf8Bytes();
        for (int word = 0; word < counts.size(); word++) {
            bytes.set(counts.word(word));
            merges.word(bytes.mapped(ids), bytes.length(), counts.count(word));
        }
        var pieces = merges.learn(options.vocabulary(), options.minFrequency());
        var json = BytePairJson.write(pieces, merges.merges(), options.special());
        return new Trained(Tokenizer.of("byte-pair vocabulary of " + pieces.size(), json), pieces.size(), BYTES, counts.total());
    }

    /// Words between special pieces, which are none themselves.
    private static Cutting around(SpecialPieces special) {
        var words = new Gpt2Words();
        return (text, sink) -> special.cut(text, (from, to, piece) -> {
            if (piece < 0) {
                words.cut(text, from, to, sink);
            }
        });
    }
}

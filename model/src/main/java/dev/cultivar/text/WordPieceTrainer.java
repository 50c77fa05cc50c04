package dev.cultivar.text;

import dev.cultivar.batch.DataException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/// Makes a BERT tokenizer from raw text: which words the text has, which pieces they are best made of.
///
/// The vocabulary is the one that the trainer of the tokenizers library finds (WordPiece: Schuster and Nakajima, 2012; trained
/// as byte-pair encoding, as that library does), ties included: `[PAD] [UNK] [CLS] [SEP] [MASK]` are ids 0 to 4, then come
/// the characters that were seen, by code point, then the same inside words with `##`, by code point, then the merges in the
/// order in which they were found. The same text gives the same tokenizer, always.
public final class WordPieceTrainer {
    private static final String INSIDE = "##";

    private WordPieceTrainer() {}

    /// @param vocabulary   how many pieces to end with, special ones included
    /// @param minFrequency pairs seen less often are not merged
    /// @param lowercase    whether case and accents are folded
    public record Options(int vocabulary, int minFrequency, boolean lowercase) {
        public Options {
            if (vocabulary <= WordPieceJson.SPECIAL.size()) {
                throw new IllegalArgumentException("vocabulary has to be above " + WordPieceJson.SPECIAL.size()
                        + ", the number of special pieces, but is " + vocabulary + ".");
            }
            if (minFrequency < 1) {
                throw new IllegalArgumentException("minFrequency has to be at least 1, but is " + minFrequency + ".");
            }
        }
    }

    /// Reads the texts once and keeps of them only how often each word occurs. Line ends are white space, so it does not
    /// matter whether texts come as lines or as documents.
    ///
    /// @throws DataException            if there is no word in them
    /// @throws IllegalArgumentException if the vocabulary cannot hold even the special pieces and the alphabet
    public static Trained train(Texts texts, Options options) {
        var counts = WordCounting.count(texts, () -> new BertWords(options.lowercase()));
        if (counts.size() == 0) {
            throw new DataException("The tokenizer's training text holds no word: it is empty, white space or control characters."
                    + " Check that the file and column named are the ones with the text.");
        }
        var first = new ArrayList<>(WordPieceJson.SPECIAL);
        first.addAll(alphabet(counts));
        int alphabet = first.size() - WordPieceJson.SPECIAL.size();
        if (first.size() > options.vocabulary()) {
            throw new IllegalArgumentException("A vocabulary of " + options.vocabulary() + " is too small for this text: "
                    + WordPieceJson.SPECIAL.size() + " special pieces and an alphabet of " + alphabet
                    + " (each character, and each seen inside a word once more with ##) make " + first.size()
                    + ". Ask for more than that, or clean the text of rare characters.");
        }
        var merges = new PairMerges(first, INSIDE, Ties.IDS);
        for (int word = 0; word < counts.size(); word++) {
            var spelled = spell(counts.word(word), merges);
            merges.word(spelled, spelled.length, counts.count(word));
        }
        var pieces = merges.learn(options.vocabulary(), options.minFrequency());
        return new Trained(Tokenizer.wordPiece(pieces, options.lowercase()), pieces.size(), alphabet, counts.total());
    }

    /// Every character seen, by code point, then every one seen inside a word: there the library follows the order of a hash
    /// table, which differs from run to run.
    private static List<String> alphabet(WordCounts counts) {
        var first = new TreeSet<Integer>();
        var inside = new TreeSet<Integer>();
        for (int i = 0; i < counts.size(); i++) {
            var word = counts.word(i);
            word.codePoints().forEach(first::add);
            word.codePoints().skip(1).forEach(inside::add);
        }
        var alphabet = new ArrayList<String>();
        first.forEach(c -> alphabet.add(Character.toString(c)));
        inside.forEach(c -> alphabet.add(INSIDE + Character.toString(c)));
        return alphabet;
    }

    private static int[] spell(String word, PairMerges merges) {
        var characters = word.codePoints().toArray();
        for (int i = 0; i < characters.length; i++) {
            characters[i] = merges.id((i == 0 ? "" : INSIDE) + Character.toString(characters[i]));
        }
        return characters;
    }
}

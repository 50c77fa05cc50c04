package dev.cultivar.text;

import dev.cultivar.batch.DataException;
import java.util.HashMap;
import java.util.Map;

/// Makes a BERT tokenizer from raw text: which words the text has, which pieces they are best made of.
///
/// The vocabulary is the one that the trainer of the tokenizers library finds (WordPiece: Schuster and Nakajima, 2012; trained
/// as byte-pair encoding, as that library does), ties included: `[PAD] [UNK] [CLS] [SEP] [MASK]` are ids 0 to 4, then come
/// the characters that were seen, by code point, then the same inside words with `##`, by code point, then the merges in the
/// order in which they were found. The same text gives the same tokenizer, always.
public final class WordPieceTrainer {
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

    /// What came of it.
    ///
    /// @param tokenizer the caller closes it
    /// @param pieces    in its vocabulary: fewer than asked for where the text has no more pairs that are frequent enough
    /// @param alphabet  of them, characters, at the beginning of a word and inside
    /// @param words     in the text
    public record Trained(Tokenizer tokenizer, int pieces, int alphabet, long words) {}

    /// Reads the texts once and keeps of them only how often each word occurs. Line ends are white space, so it does not
    /// matter whether texts come as lines or as documents.
    ///
    /// @param texts of a stream, `stream::iterator`
    /// @throws DataException            if there is no word in them
    /// @throws IllegalArgumentException if the vocabulary cannot hold even the special pieces and the alphabet
    public static Trained train(Iterable<String> texts, Options options) {
        var counts = count(texts, options.lowercase());
        if (counts.isEmpty()) {
            throw new DataException("The tokenizer's training text holds no word: it is empty, white space or control characters."
                    + " Check that the file and column named are the ones with the text.");
        }
        var merges = new WordPieceMerges(WordPieceJson.SPECIAL, counts);
        int alphabet = merges.size() - WordPieceJson.SPECIAL.size();
        if (merges.size() > options.vocabulary()) {
            throw new IllegalArgumentException("A vocabulary of " + options.vocabulary() + " is too small for this text: "
                    + WordPieceJson.SPECIAL.size() + " special pieces and an alphabet of " + alphabet
                    + " (each character, and each seen inside a word once more with ##) make " + merges.size()
                    + ". Ask for more than that, or clean the text of rare characters.");
        }
        var pieces = merges.learn(options.vocabulary(), options.minFrequency());
        long words = counts.values().stream().mapToLong(count -> count[0]).sum();
        return new Trained(Tokenizer.wordPiece(pieces, options.lowercase()), pieces.size(), alphabet, words);
    }

    private static Map<String, long[]> count(Iterable<String> texts, boolean lowercase) {
        var counts = new HashMap<String, long[]>();
        var words = new BertWords(lowercase);
        for (var text : texts) {
            words.split(text, word -> counts.computeIfAbsent(word, _ -> new long[1])[0]++);
        }
        return counts;
    }
}

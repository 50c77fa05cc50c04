package dev.cultivar.text;

import dev.cultivar.batch.DataException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/// Makes a tokenizer whose pieces are the words most often seen in a text; every other word is `[UNK]`.
///
/// Words are cut as BERT's are: at white space and around each punctuation sign. `[PAD] [UNK] [CLS] [SEP] [MASK]` are ids 0 to 4,
/// then come the words, the most frequent first and of two equally frequent the one that sorts first, as the trainer of the
/// tokenizers library has them.
public final class WordTrainer {
    private WordTrainer() {}

    /// @param vocabulary   how many pieces to end with, special ones included
    /// @param minFrequency words seen less often are left out
    /// @param lowercase    whether case and accents are folded
    public record Options(int vocabulary, int minFrequency, boolean lowercase) {
        public Options {
            var checked = new WordPieceTrainer.Options(vocabulary, minFrequency, lowercase);
            vocabulary = checked.vocabulary();
        }
    }

    /// Reads the texts once and keeps of them only how often each word occurs.
    ///
    /// @throws DataException if there is no word in them that is frequent enough
    public static Trained train(Texts texts, Options options) {
        var counts = WordCounting.count(texts, () -> new BertWords(options.lowercase()));
        var words = IntStream.range(0, counts.size())
                .filter(word -> counts.count(word) >= options.minFrequency())
                .mapToObj(word -> new Word(counts.word(word), counts.count(word)))
                .sorted(Word.FIRST)
                .filter(word -> !WordPieceJson.SPECIAL.contains(word.text()))
                .limit(options.vocabulary() - WordPieceJson.SPECIAL.size())
                .map(Word::text)
                .toList();
        if (words.isEmpty()) {
            throw new DataException("The tokenizer's training text holds no word that is seen " + options.minFrequency()
                    + " times; it has " + counts.total() + " words, " + counts.size() + " of them different."
                    + " Check that the file and column named are the ones with the text, or lower the frequency asked for.");
        }
        var pieces = new ArrayList<>(WordPieceJson.SPECIAL);
        pieces.addAll(words);
        var json = WordLevelJson.words(pieces, options.lowercase());
        return new Trained(Tokenizer.of("vocabulary of " + words.size() + " words", json), pieces.size(), 0, counts.total());
    }

    private record Word(String text, long count) {
        static final Comparator<Word> FIRST = Comparator.comparingLong(Word::count).reversed().thenComparing(Word::compareText);

        private static int compareText(Word a, Word b) {
            return Arrays.compare(a.text.codePoints().toArray(), b.text.codePoints().toArray());
        }
    }
}

package dev.cultivar.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cultivar.batch.DataException;
import dev.cultivar.text.WordPieceTrainer.Options;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The expected vocabularies are those of the tokenizers library 0.23.3 (WordPieceTrainer, BertNormalizer, BertPreTokenizer),
/// given the five special pieces and the alphabet in our order as its special tokens: without that, its own order of the `##`
/// characters changes from run to run.
class WordPieceTrainerTest {
    /// Full of ties, of pieces that arise in two ways, and of runs of one letter.
    private static final List<String> TIES = List.of(
            "abc abc ab bc abcabc", "cab cab acb bca abcab", "aaaa aaa aa baaab caac", "Äb, äb! abab cbcb bcbc");

    @Test
    void breaksTiesAsTheLibraryDoes() {
        assertThat(train(TIES, new Options(60, 1, true)))
                .containsExactly(
                        ("[PAD] [UNK] [CLS] [SEP] [MASK] ! , a b c ##a ##b ##c ab ##aa ##ab abc bc aaa cab ##bc abcab aa ac baa caa"
                                        + " cbc abab bca bcbc aaaa abcabc acb baaab caac cbcb")
                                .split(" "));
    }

    @Test
    void stopsWhereNoPairIsFrequentEnough() {
        try (var tokenizer = WordPieceTrainer.train(TIES::forEach, new Options(26, 2, true)).tokenizer()) {
            assertThat(tokenizer.vocabulary()).isEqualTo(22);
            assertThat(tokenizer.piece(21)).isEqualTo("abcab");
        }
        var trained = WordPieceTrainer.train(TIES::forEach, new Options(26, 2, true));
        trained.tokenizer().close();
        assertThat(trained.pieces()).isEqualTo(22);
        assertThat(trained.alphabet()).isEqualTo(8);
        assertThat(trained.words()).isEqualTo(22);
    }

    @ParameterizedTest
    @CsvSource({
        "300, true, 5cc9d4aea3baaf45f83842dbec277ddff76ee09dbd3756bd88a2866682e9d09b",
        "4096, true, 9aed08e35fc7934c14c2a65905223f068572e63b51f124a0db0644bf11efbe6c",
        "8000, false, 242ce5f1730b7323b0b9543ef069b0b423cb575938c313cc745f4455affedb55",
    })
    void findsTheLibrarysVocabulary(int size, boolean lowercase, String sha256) throws Exception {
        var lines = Files.readAllLines(Shared.data("text/tinyshakespeare/input.txt"));
        var pieces = String.join("\n", train(lines, new Options(size, 2, lowercase)));
        var digest = MessageDigest.getInstance("SHA-256").digest(pieces.getBytes(StandardCharsets.UTF_8));
        assertThat(HexFormat.of().formatHex(digest)).isEqualTo(sha256);
    }

    @Test
    void doesNotCareHowTheTextIsCutOrOrdered() {
        var random = new Random(11);
        var words = random.ints(3000, 0, 400).mapToObj(n -> Integer.toString(n * n, 7)).toList();
        var shuffled = new ArrayList<>(words);
        Collections.shuffle(shuffled, random);
        var options = new Options(200, 2, true);
        var expected = train(words, options);
        assertThat(expected).hasSize(200);
        assertThat(train(shuffled, options)).isEqualTo(expected);
        assertThat(train(List.of(String.join("\n", words)), options)).isEqualTo(expected);
    }

    @Test
    void spellsItsOwnTextWithoutUnknowns() {
        var text = "Nature's great book is written in mathematical symbols: ½ of it, at least.";
        try (var tokenizer = WordPieceTrainer.train(List.of(text)::forEach, new Options(80, 1, false)).tokenizer()) {
            assertThat(tokenizer.ids(text)).doesNotContain(tokenizer.special().unk().orElseThrow());
            assertThat(tokenizer.decode(tokenizer.ids(text)).replace(" ", "")).isEqualTo(text.replace(" ", ""));
        }
    }

    @Test
    void refusesWhatCannotWork() {
        assertThatThrownBy(() -> WordPieceTrainer.train(TIES::forEach, new Options(12, 1, true)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("vocabulary of 12 is too small")
                .hasMessageContaining("alphabet of 8")
                .hasMessageContaining("make 13");
        assertThat(train(TIES, new Options(13, 1, true))).hasSize(13);
        assertThatThrownBy(() -> WordPieceTrainer.train(List.of("", " \n", "\u0000")::forEach, new Options(100, 1, true)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("holds no word");
        assertThatThrownBy(() -> new Options(5, 1, true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is 5");
        assertThatThrownBy(() -> new Options(100, 0, true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("minFrequency");
    }

    private static List<String> train(Iterable<String> texts, Options options) {
        try (var tokenizer = WordPieceTrainer.train(texts::forEach, options).tokenizer()) {
            return IntStream.range(0, tokenizer.vocabulary()).mapToObj(tokenizer::piece).toList();
        }
    }
}

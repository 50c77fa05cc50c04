package dev.cultivar.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class Gpt2WordsTest {
    /// A vocabulary of bytes and no merge: each byte is a token, and its word's number shows where the library cuts.
    private static final String BYTES = BytePairJson.write(ByteAlphabet.sorted(), List.of(), List.of());

    @Test
    void cutsAsTheRegularExpressionDoes() {
        assertThat(words("Hello, world's 3rd  test!\n\n x")).containsExactly("Hello", ",", " world", "'s", " 3", "rd", " ", " test", "!", "\n\n", " x");
    }

    @Test
    void losesNothing() {
        var texts = new RandomTexts(3);
        for (int i = 0; i < 5000; i++) {
            var text = texts.next();
            assertThat(String.join("", words(text))).isEqualTo(text);
        }
    }

    /// Every code point (of ideographs and Hangul, one in fifty) beside a letter, a digit and white space, and some thousand random texts. The words found here become the
    /// vocabulary; if the library cuts differently, it meets words that are not these.
    @Test
    void agreesWithTheLibraryOnEveryCodePoint() {
        var differing = new TreeSet<String>();
        try (var library = NativeTokenizer.of(BYTES)) {
            var texts = new ArrayList<String>();
            IntStream.range(0, 0x110000)
                    .filter(c -> c < 0xD800 || c > 0xDFFF)
                    .filter(c -> !BertCharacters.isIdeograph(c) && (c < 0xAC00 || c > 0xD7A3) || c % 50 == 0)
                    .filter(c -> c < 0xF0000 || c % 1000 == 0)
                    .filter(c -> c < 0x20000 || Character.isDefined(c) || c % 100 == 0)
                    .forEach(c -> {
                        var one = Character.toString(c);
                        texts.add("a" + one + "1" + one + " " + one + one + "'s");
                    });
            var random = new RandomTexts(5);
            for (int i = 0; i < 3000; i++) {
                texts.add(random.next());
            }
            var encoded = library.encode(texts);
            for (int i = 0; i < texts.size(); i++) {
                if (!starts(texts.get(i)).equals(starts(encoded.get(i)))) {
                    differing.add(i + " " + Integer.toHexString(texts.get(i).codePointAt(Math.min(1, texts.get(i).length() - 1))));
                }
            }
            assertThat(texts).hasSizeGreaterThan(50_000);
        }
        assertThat(differing).isEmpty();
    }

    private static List<Integer> starts(String text) {
        var starts = new ArrayList<Integer>();
        int at = 0;
        for (var word : words(text)) {
            starts.add(at);
            at += RandomTexts.sound(word).getBytes(StandardCharsets.UTF_8).length;
        }
        return starts;
    }

    private static List<Integer> starts(Encoded encoded) {
        return IntStream.range(0, encoded.length())
                .filter(i -> i == 0 || encoded.words()[i] != encoded.words()[i - 1])
                .boxed()
                .toList();
    }

    private static List<String> words(String text) {
        var words = new ArrayList<String>();
        new Gpt2Words().cut(text, (characters, from, to) -> words.add(characters.subSequence(from, to).toString()));
        return words;
    }
}

package dev.cultivar.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BertWordsTest {
    /// Decompositions that came with Unicode 14 and later; the library leaves these characters whole.
    private static final String DECOMPOSED_LATER = "[\\x{105C9}\\x{105E4}\\x{11383}\\x{11385}\\x{1138E}\\x{11391}\\x{113C5}"
            + "\\x{113C7}\\x{113C8}\\x{11938}\\x{16121}-\\x{16128}\\x{16D68}-\\x{16D6A}]";

    @Test
    void cutsAndFolds() {
        assertThat(words("The CAT's  näïve\tÄpfel…", true)).containsExactly("the", "cat", "'", "s", "naive", "apfel", "…");
        assertThat(words("The CAT's  näïve", false)).containsExactly("The", "CAT", "'", "s", "näïve");
        assertThat(words("日本go 3$^x", true)).containsExactly("日", "本", "go", "3", "$", "^", "x");
        assertThat(words("so\u00ADft\u0000 \uFFFDA\u200Db\u000Bc \uD800d", true)).containsExactly("soft", "abc", "d");
        assertThat(words("ΣΑΣ İ \u212A ﬁ", true)).containsExactly("σασ", "i", "k", "ﬁ");
        assertThat(words(" \n\u3000 ", true)).isEmpty();
    }

    /// Every code point between two letters (of ideographs, one in fifty). The words found here become the vocabulary; if the library cuts or folds
    /// differently, it meets a word that is not this one.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void agreesWithTheLibraryOnEveryCodePoint(boolean lowercase) {
        var texts = new ArrayList<List<String>>();
        IntPredicate text = c -> Character.isDefined(c) && (c < 0xD800 || c > 0xDFFF);
        IntStream.range(0, 0xF0000)
                .filter(text)
                .filter(c -> !BertCharacters.isIdeograph(c) || c % 50 == 0)
                .filter(c -> !lowercase || !Character.toString(c).matches(DECOMPOSED_LATER))
                .forEach(c -> {
                    if (texts.isEmpty() || texts.getLast().size() == 100) {
                        texts.add(new ArrayList<>());
                    }
                    texts.getLast().add("a" + Character.toString(c) + "b");
                });
        var vocabulary = new LinkedHashSet<>(List.of("[UNK]"));
        texts.forEach(some -> some.forEach(one -> vocabulary.addAll(words(one, lowercase))));

        var differing = new TreeSet<String>();
        try (var tokenizer = Tokenizer.wordPiece(List.copyOf(vocabulary), lowercase)) {
            var encoded = tokenizer.ids(texts.stream().map(some -> String.join(" ", some)).toList());
            for (int i = 0; i < encoded.size(); i++) {
                if (!pieces(tokenizer, encoded.get(i)).equals(words(String.join(" ", texts.get(i)), lowercase))) {
                    texts.get(i).stream()
                            .filter(one -> !pieces(tokenizer, tokenizer.ids(one)).equals(words(one, lowercase)))
                            .map(one -> Integer.toHexString(one.codePointAt(1)))
                            .forEach(differing::add);
                }
            }
        }
        assertThat(texts).hasSizeGreaterThan(500);
        assertThat(differing).isEmpty();
    }

    private static List<String> words(String text, boolean lowercase) {
        var words = new ArrayList<String>();
        new BertWords(lowercase).cut(text, (characters, from, to) -> words.add(characters.subSequence(from, to).toString()));
        return words;
    }

    private static List<String> pieces(Tokenizer tokenizer, int[] ids) {
        return Arrays.stream(ids).mapToObj(tokenizer::piece).toList();
    }
}

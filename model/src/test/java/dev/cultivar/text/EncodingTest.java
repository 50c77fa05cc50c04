package dev.cultivar.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cultivar.batch.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Encoding done here gives what the tokenizers library gives, ids and words.
class EncodingTest {
    private static final String TEXT = "The quick brown fox isn't lazy; the quick dog, naïve äpfel, is. 日本語 нещо на Български 👩‍👩‍👧 ";

    @Test
    void ofBytePairsIsTheLibrarys() throws IOException {
        var trained = BytePairTrainer.train(
                List.of(TEXT.repeat(3), "ab".repeat(50), "aaaa ".repeat(9))::forEach,
                new BytePairTrainer.Options(420, 2, List.of("<|endoftext|>", "<|end|>", "<|endoftext|><"), Ties.TEXT));
        agrees(trained.tokenizer(), 8000);
        agrees(Tokenizer.open(Shared.data("tokenizers/gpt2/tokenizer.json")), 3000);
    }

    @Test
    void ofVeryLongRunsIsTheLibrarys() {
        var trained = BytePairTrainer.train(
                List.of("ab".repeat(5000), "a".repeat(777))::forEach, new BytePairTrainer.Options(300, 1, List.of(), Ties.TEXT));
        try (var tokenizer = trained.tokenizer(); var library = NativeTokenizer.of(json(tokenizer))) {
            for (var text : List.of("a".repeat(20_000), "ab".repeat(9_999) + "b", " ".repeat(10_000) + "x", "aab".repeat(3_000))) {
                assertThat(tokenizer.ids(text)).isEqualTo(library.encode(text).ids());
                assertThat(tokenizer.decode(tokenizer.ids(text))).isEqualTo(text);
            }
        }
    }

    @Test
    void ofCharactersIsTheLibrarys() {
        agrees(CharacterTrainer.train(List.of(TEXT, "\n\t")::forEach, new CharacterTrainer.Options(true, List.of("<|endoftext|>", "<|end|>")))
                .tokenizer(), 2000);
    }

    @Test
    void ofWordsIsTheLibrarysAlone() {
        try (var tokenizer = WordTrainer.train(List.of(TEXT)::forEach, new WordTrainer.Options(20, 1, true)).tokenizer();
                var library = NativeTokenizer.of(json(tokenizer))) {
            var texts = new RandomTexts(9);
            for (int i = 0; i < 500; i++) {
                var text = texts.next();
                assertThat(tokenizer.ids(text)).isEqualTo(library.encode(text).ids());
            }
        }
    }

    /// A tokenizer that differs from GPT-2's in anything is left to the library.
    @Test
    void knowsWhatItCannotDo() throws IOException {
        var json = (ObjectNode) JsonMapper.shared().readTree(BytePairJson.write(ByteAlphabet.sorted(), List.of(), List.of()));
        assertThat(isDoneHere(json)).isTrue();
        var prefixed = json.deepCopy();
        prefixed.withObject("/pre_tokenizer").put("add_prefix_space", true);
        var normalized = json.deepCopy();
        normalized.putObject("normalizer").put("type", "Lowercase");
        var whole = json.deepCopy();
        whole.withObject("/model").put("ignore_merges", true);
        var fewer = json.deepCopy();
        fewer.withObject("/model/vocab").remove("a");
        var stripping = json.deepCopy();
        stripping.putArray("added_tokens").addObject().put("id", 256).put("content", "<mask>").put("lstrip", true);
        for (var other : List.of(prefixed, normalized, whole, fewer, stripping)) {
            assertThat(isDoneHere(other)).as(other.toString()).isFalse();
        }
        try (var tokenizer = Tokenizer.of("prefixed", prefixed.toString())) {
            assertThat(tokenizer.decode(tokenizer.ids("a"))).isEqualTo(" a");
        }
    }

    @Test
    void aCharacterThatIsNotKnownIsNamed() {
        try (var tokenizer = CharacterTrainer.train(List.of("abc\n")::forEach, new CharacterTrainer.Options(false, List.of())).tokenizer()) {
            assertThat(tokenizer.ids("cab\n")).containsExactly(3, 1, 2, 0);
            assertThatThrownBy(() -> tokenizer.ids("abé"))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("U+00E9 (é) at place 2")
                    .hasMessageContaining("among the 4");
            assertThatThrownBy(() -> tokenizer.ids("\uD800")).hasMessageContaining("U+D800 at place 0");
            assertThatThrownBy(() -> tokenizer.ids(List.of("abc", "abc!"))).isInstanceOf(DataException.class).hasMessageContaining("U+0021");
        }
    }

    private static boolean isDoneHere(ObjectNode json) {
        var file = TokenizerFile.of("x", json.toString(), JsonMapper.shared().createObjectNode());
        return BytePairEncoding.of(file.root(), Vocabulary.of(file)).isPresent();
    }

    private static void agrees(Tokenizer opened, int texts) {
        try (var tokenizer = opened; var library = NativeTokenizer.of(json(tokenizer))) {
            var random = new RandomTexts(7);
            var all = new ArrayList<>(List.of("", TEXT, "\uD83D", "<|endoftext|>"));
            Stream.generate(random::next).limit(texts).forEach(all::add);
            var found = tokenizer.encode(all);
            var expected = library.encode(all);
            boolean lossless = tokenizer.special().unk().isEmpty();
            for (int i = 0; i < all.size(); i++) {
                assertThat(found.get(i).ids()).as(all.get(i)).isEqualTo(expected.get(i).ids());
                assertThat(found.get(i).words()).as(all.get(i)).isEqualTo(expected.get(i).words());
                if (lossless) {
                    assertThat(tokenizer.decode(found.get(i).ids())).isEqualTo(RandomTexts.sound(all.get(i)));
                }
            }
        }
    }

    private static String json(Tokenizer tokenizer) {
        try {
            var folder = Files.createTempDirectory("tokenizer");
            tokenizer.save(folder, 64);
            var json = Files.readString(folder.resolve("tokenizer.json"));
            Files.delete(folder.resolve("tokenizer.json"));
            Files.delete(folder.resolve("tokenizer_config.json"));
            Files.delete(folder);
            return json;
        } catch (IOException problem) {
            throw new java.io.UncheckedIOException(problem);
        }
    }
}

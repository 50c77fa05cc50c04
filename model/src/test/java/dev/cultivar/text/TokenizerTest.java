package dev.cultivar.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class TokenizerTest {
    private static final List<String> PIECES = List.of(
            "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "un", "##believ", "##able", "a", "story", "!", "##y");

    @TempDir
    private Path folder;

    @Test
    void encodesWithoutSpecialTokensAndCutsNothing() {
        try (var tokenizer = Tokenizer.wordPiece(PIECES, true)) {
            assertThat(tokenizer.ids("An unbelievable STORY!")).containsExactly(1, 5, 6, 7, 9, 10);
            assertThat(tokenizer.ids("")).isEmpty();
            assertThat(tokenizer.ids("a ".repeat(5000))).hasSize(5000).containsOnly(8);
            assertThat(tokenizer.ids("a [MASK] story")).containsExactly(8, 4, 9);
            var encoded = tokenizer.encode("a unbelievable story!");
            assertThat(encoded.ids()).containsExactly(8, 5, 6, 7, 9, 10);
            assertThat(encoded.words()).containsExactly(0, 1, 1, 1, 2, 3);
            assertThat(encoded.length()).isEqualTo(6);
            assertThat(tokenizer.decode(encoded.ids())).isEqualTo("a unbelievable story!");
            assertThat(tokenizer.decode(new int[] {2, 8, 4, 3})).isEqualTo("[CLS] a [MASK] [SEP]");
        }
    }

    @Test
    void knowsItsPieces() {
        try (var tokenizer = Tokenizer.wordPiece(PIECES, false)) {
            assertThat(tokenizer.vocabulary()).isEqualTo(12);
            assertThat(tokenizer.id("##able")).hasValue(7);
            assertThat(tokenizer.id("nothing")).isEmpty();
            assertThat(tokenizer.piece(11)).isEqualTo("##y");
            assertThat(tokenizer.special()).isEqualTo(new Special(some(0), some(1), some(2), some(3), some(4), OptionalInt.empty(), OptionalInt.empty()));
            assertThatThrownBy(() -> tokenizer.piece(12)).hasMessageContaining("no piece has id 12; ids go from 0 to 11");
            assertThatThrownBy(() -> tokenizer.decode(new int[] {0, -1})).hasMessageContaining("no piece has id -1");
        }
        try (var plain = Tokenizer.wordPiece(List.of("[UNK]", "x"), false)) {
            var none = OptionalInt.empty();
            assertThat(plain.special()).isEqualTo(new Special(none, some(0), none, none, none, none, none));
        }
    }

    @Test
    void takesHalvesOfSurrogatePairsForNoText() {
        try (var tokenizer = Tokenizer.wordPiece(List.of("[UNK]", "ab", "😀"), false)) {
            assertThat(tokenizer.ids("a\uD83Db \uDE00 😀 ab\u0000")).containsExactly(1, 2, 1);
            assertThat(tokenizer.ids(List.of("\uD83D", "😀"))).containsExactly(new int[0], new int[] {2});
        }
    }

    @Test
    void aListGivesWhatItsTextsGiveAndThreadsDoNotMatter() throws Exception {
        var texts = IntStream.range(0, 3000)
                .mapToObj(i -> "a story " + "unbelievabley ".repeat(i % 4) + (i % 7 == 0 ? "what" : "!"))
                .toList();
        try (var tokenizer = Tokenizer.wordPiece(PIECES, true);
                var threads = Executors.newFixedThreadPool(4)) {
            var expected = texts.stream().map(tokenizer::ids).toArray(int[][]::new);
            var jobs = new ArrayList<Callable<int[][]>>();
            for (int i = 0; i < 4; i++) {
                jobs.add(() -> tokenizer.ids(texts).toArray(int[][]::new));
                jobs.add(() -> texts.stream().map(tokenizer::ids).toArray(int[][]::new));
            }
            for (var result : threads.invokeAll(jobs)) {
                assertThat(result.get()).isDeepEqualTo(expected);
            }
            assertThat(tokenizer.ids(List.of())).isEmpty();
        }
    }

    @Test
    void isOfNoUseOnceClosed() {
        var tokenizer = Tokenizer.wordPiece(PIECES, true);
        tokenizer.close();
        tokenizer.close();
        assertThatThrownBy(() -> tokenizer.ids("a")).isInstanceOf(IllegalStateException.class).hasMessageContaining("closed");
    }

    @Test
    void savesWhatItOpensAgain() throws IOException {
        try (var tokenizer = Tokenizer.wordPiece(PIECES, true)) {
            tokenizer.save(folder, 48);
            try (var again = Tokenizer.open(folder);
                    var file = Tokenizer.open(folder.resolve("tokenizer.json"));
                    var cased = Tokenizer.wordPiece(PIECES, false)) {
                assertThat(again.ids("Unbelievable a!")).isEqualTo(tokenizer.ids("Unbelievable a!"));
                assertThat(again.special()).isEqualTo(tokenizer.special());
                assertThat(again.fingerprint()).isEqualTo(tokenizer.fingerprint()).isEqualTo(file.fingerprint());
                assertThat(cased.fingerprint()).isNotEqualTo(tokenizer.fingerprint());
            }
        }
        var config = read("tokenizer_config.json");
        assertThat(config.path("tokenizer_class").asString()).isEqualTo("BertTokenizer");
        assertThat(config.path("model_max_length").asInt()).isEqualTo(48);
        assertThat(config.path("do_lower_case").asBoolean()).isTrue();
        assertThat(config.path("mask_token").asString()).isEqualTo("[MASK]");
    }

    @Test
    void leavesCuttingAndPaddingToBatchesAndKeepsMachinesOut() throws IOException {
        try (var tokenizer = Tokenizer.wordPiece(PIECES, true)) {
            tokenizer.save(folder, 48);
            var json = (ObjectNode) read("tokenizer.json");
            json.set("truncation", JsonMapper.shared().readTree("""
                    {"direction": "Right", "max_length": 3, "strategy": "LongestFirst", "stride": 0}"""));
            json.set("padding", JsonMapper.shared().readTree("""
                    {"strategy": {"Fixed": 9}, "direction": "Right", "pad_to_multiple_of": null, "pad_id": 0, "pad_type_id": 0,
                     "pad_token": "[PAD]"}"""));
            Files.writeString(folder.resolve("tokenizer.json"), json.toString());
            Files.writeString(folder.resolve("tokenizer_config.json"), """
                    {"name_or_path": "/home/somebody/model", "tokenizer_class": "BertTokenizer", "do_lower_case": true,
                     "sep_token": {"content": "story"}}""");
            try (var again = Tokenizer.open(folder)) {
                assertThat(again.ids("a a a a a")).containsExactly(8, 8, 8, 8, 8);
                assertThat(again.ids(List.of("a", "a a a a"))).containsExactly(new int[] {8}, new int[] {8, 8, 8, 8});
                assertThat(again.fingerprint()).isEqualTo(tokenizer.fingerprint());
                assertThat(again.special().sep()).hasValue(9);
                again.save(folder, 7);
            }
        }
        assertThat(read("tokenizer_config.json").has("name_or_path")).isFalse();
        assertThat(read("tokenizer_config.json").path("model_max_length").asInt()).isEqualTo(7);
    }

    @Test
    void opensTheVocabularyOfAnOldBertModel() throws IOException {
        Files.write(folder.resolve("vocab.txt"), PIECES);
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"do_lower_case\": false}");
        try (var tokenizer = Tokenizer.open(folder)) {
            assertThat(tokenizer.ids("A story")).containsExactly(1, 9);
            assertThat(tokenizer.special().mask()).hasValue(4);
        }
        Files.writeString(folder.resolve("vocab.txt"), "[UNK]\nä\n日本\n");
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"strip_accents\": false, \"tokenize_chinese_chars\": false}");
        try (var tokenizer = Tokenizer.open(folder)) {
            assertThat(tokenizer.ids("Ä 日本 a")).containsExactly(1, 2, 0);
        }
    }

    @Test
    void agreesWithBert() throws IOException {
        var vocabulary = Files.readAllLines(Shared.data("tokenizers/bert/vocab.from-minilm.txt"));
        try (var tokenizer = Tokenizer.wordPiece(vocabulary, true)) {
            assertThat(tokenizer.vocabulary()).isEqualTo(30522);
            assertThat(tokenizer.special().mask()).hasValue(103);
            assertThat(golden(tokenizer, "models/minilm/wordpiece-golden.json")).isEqualTo(46);
        }
    }

    @Test
    void agreesWithGpt2() throws IOException {
        try (var tokenizer = Tokenizer.open(Shared.data("tokenizers/gpt2/tokenizer.json"))) {
            assertThat(tokenizer.vocabulary()).isEqualTo(50257);
            assertThat(tokenizer.decode(tokenizer.ids("Äpfel, 3 ½ 🦙"))).isEqualTo("Äpfel, 3 ½ 🦙");
            assertThat(golden(tokenizer, "tokenizers/gpt2/golden.json")).isEqualTo(46);
            tokenizer.save(folder, 1024);
        }
        assertThat(read("tokenizer_config.json").path("tokenizer_class").asString()).isEqualTo("PreTrainedTokenizerFast");
    }

    private static int golden(Tokenizer tokenizer, String file) throws IOException {
        int cases = 0;
        for (var golden : JsonMapper.shared().readTree(Files.readString(Shared.data(file)))) {
            var text = golden.path("text").asString();
            int[] expected = golden.path("ids").valueStream().mapToInt(JsonNode::asInt).toArray();
            assertThat(tokenizer.ids(text)).as(text).isEqualTo(expected);
            cases++;
        }
        return cases;
    }

    private JsonNode read(String file) throws IOException {
        return JsonMapper.shared().readTree(Files.readString(folder.resolve(file)));
    }

    private static OptionalInt some(int id) {
        return OptionalInt.of(id);
    }
}

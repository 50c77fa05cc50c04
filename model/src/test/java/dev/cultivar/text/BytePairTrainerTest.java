package dev.cultivar.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cultivar.batch.DataException;
import dev.cultivar.text.BytePairTrainer.Options;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The expected merges with [Ties#IDS] are those of the tokenizers library 0.23.3 (BpeTrainer, ByteLevel without a space in front).
class BytePairTrainerTest {
    /// Full of ties, of pieces that arise in two ways, and of runs of one letter.
    private static final List<String> TIES = List.of(
            "abc abc ab bc abcabc", "cab cab acb bca abcab", "aaaa aaa aa baaab caac", "Äb, äb! abab cbcb bcbc");
    private static final List<String> END = List.of(BytePairTrainer.END_OF_TEXT);

    @TempDir
    private Path folder;

    @Test
    void findsTheReferencesMergesAndVocabulary() throws IOException {
        var text = Files.readString(Shared.data("tokenizers/bpe-train/corpus.en"));
        var model = train(List.of(text), new Options(500, 1, END, Ties.TEXT));
        assertThat(strings(model.path("merges")))
                .hasSize(243)
                .isEqualTo(Files.readAllLines(Shared.data("tokenizers/bpe-train/train-bpe-reference-merges.txt")));
        assertThat(model.path("vocab"))
                .isEqualTo(JsonMapper.shared().readTree(Files.readString(Shared.data("tokenizers/bpe-train/train-bpe-reference-vocab.json"))));
    }

    @Test
    void breaksTiesAsTheLibraryDoes() throws IOException {
        assertThat(strings(train(TIES, new Options(320, 1, END, Ties.IDS)).path("merges")))
                .containsExactly(
                        ("a b|a a|b c|Ġ ab|c ab|Ġ bc|Ġ c|Ġ aa|Ġab cab|a c|b aa|¤ b|Ã Ħ|Ã ¤b|Ġ cab|Ġ ac|Ġ baa|Ġ Ã¤b|ab c|aa c|aa aa|bc b"
                                        + "|Ġab c|Ġab ab|Ġbc a|Ġbc bc|Ġc aac|Ġc bcb|Ġaa a|Ġabcab c|ÃĦ b|Ġac b|Ġbaa ab")
                                .split("\\|"));
    }

    @Test
    void breaksTiesByTheGreaterBytes() throws IOException {
        assertThat(strings(train(List.of("az by", "az by"), new Options(258, 2, List.of(), Ties.TEXT)).path("merges")))
                .containsExactly("b y", "a z");
        assertThat(strings(train(List.of("az by", "az by"), new Options(258, 2, List.of(), Ties.IDS)).path("merges")))
                .containsExactly("a z", "b y");
    }

    @ParameterizedTest
    @CsvSource({
        "1000, d4fe1dcd904e68a397942b3f06395bf6c7399293eb0477a6a7a8a8de1c807344",
        "8000, 096b1fb1050424442ccf11f051b920e9e001321a07e5f410a37ae7e1b347d590",
    })
    void findsTheLibrarysMerges(int size, String sha256) throws Exception {
        var text = Files.readString(Shared.data("text/tinyshakespeare/input.txt"));
        var merges = String.join("\n", strings(train(List.of(text), new Options(size, 2, END, Ties.IDS)).path("merges")));
        var digest = MessageDigest.getInstance("SHA-256").digest(merges.getBytes(StandardCharsets.UTF_8));
        assertThat(HexFormat.of().formatHex(digest)).isEqualTo(sha256);
    }

    @Test
    void doesNotCareInWhichOrderTextsCome() throws IOException {
        var random = new Random(11);
        var texts = new ArrayList<>(random.ints(40_000, 0, 400).mapToObj(n -> " " + Integer.toString(n * n, 7)).toList());
        var options = new Options(400, 2, END, Ties.TEXT);
        var expected = train(texts, options);
        Collections.shuffle(texts, random);
        assertThat(train(texts, options)).isEqualTo(expected);
    }

    @Test
    void knowsItsAlphabetAndItsSpecialPiece() throws IOException {
        try (var tokenizer = BytePairTrainer.train(TIES::forEach, new Options(257, 1, END, Ties.TEXT)).tokenizer()) {
            assertThat(tokenizer.vocabulary()).isEqualTo(257);
            assertThat(tokenizer.special().end()).hasValue(0);
            assertThat(tokenizer.special().begin()).hasValue(0);
            assertThat(tokenizer.special().pad()).isEmpty();
            assertThat(tokenizer.special().unk()).isEmpty();
            assertThat(tokenizer.piece(1)).isEqualTo("!");
            assertThat(tokenizer.ids("a<|endoftext|>b")).hasSize(3).contains(0);
            tokenizer.save(folder, 64);
        }
        var config = JsonMapper.shared().readTree(Files.readString(folder.resolve("tokenizer_config.json")));
        assertThat(config.path("tokenizer_class").asString()).isEqualTo("PreTrainedTokenizerFast");
        assertThat(config.path("eos_token").asString()).isEqualTo("<|endoftext|>");
        assertThat(config.path("bos_token").asString()).isEqualTo("<|endoftext|>");
        assertThat(config.has("pad_token")).isFalse();
    }

    @Test
    void learnsNothingOfSpecialPieces() throws IOException {
        var text = "one<|endoftext|>one<|endoftext|>one";
        assertThat(strings(train(List.of(text), new Options(300, 2, END, Ties.TEXT)).path("merges"))).containsExactly("o n", "on e");
        assertThat(strings(train(List.of(text), new Options(300, 2, List.of(), Ties.TEXT)).path("merges"))).contains("o f");
    }

    @Test
    void saysHowManyPiecesThereAre() {
        var trained = BytePairTrainer.train(TIES::forEach, new Options(5000, 2, END, Ties.TEXT));
        trained.tokenizer().close();
        assertThat(trained.pieces()).isLessThan(5000).isGreaterThan(257);
        assertThat(trained.alphabet()).isEqualTo(256);
        assertThat(trained.words()).isEqualTo(22);
    }

    @Test
    void refusesWhatCannotWork() {
        assertThatThrownBy(() -> new Options(256, 1, END, Ties.TEXT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("vocabulary of 256 is too small")
                .hasMessageContaining("at least 257");
        assertThatThrownBy(() -> new Options(300, 0, END, Ties.TEXT)).hasMessageContaining("minFrequency");
        assertThatThrownBy(() -> new Options(300, 1, List.of("x"), Ties.TEXT)).hasMessageContaining("at least two characters");
        assertThatThrownBy(() -> new Options(300, 1, List.of("<x>", "<x>"), Ties.TEXT)).hasMessageContaining("once");
        assertThatThrownBy(() -> BytePairTrainer.train(List.of("", "<|endoftext|>")::forEach, new Options(300, 1, END, Ties.TEXT)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("is empty");
    }

    /// What a reader of texts throws comes through as it is.
    @Test
    void passesOnWhatReadingThrows() {
        assertThatThrownBy(() -> BytePairTrainer.train(
                        to -> {
                            to.accept("a");
                            throw new DataException("x.txt:1: the bytes are not UTF-8");
                        },
                        new Options(300, 1, END, Ties.TEXT)))
                .isInstanceOf(DataException.class)
                .hasMessage("x.txt:1: the bytes are not UTF-8");
    }

    private JsonNode train(List<String> texts, Options options) throws IOException {
        try (var tokenizer = BytePairTrainer.train(texts::forEach, options).tokenizer()) {
            tokenizer.save(folder, 64);
            assertThat(IntStream.range(0, tokenizer.vocabulary()).mapToObj(tokenizer::piece)).doesNotHaveDuplicates();
        }
        return JsonMapper.shared().readTree(Files.readString(folder.resolve("tokenizer.json"))).path("model");
    }

    private static List<String> strings(JsonNode list) {
        return list.valueStream().map(JsonNode::asString).toList();
    }
}

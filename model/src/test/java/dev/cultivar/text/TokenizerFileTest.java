package dev.cultivar.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cultivar.format.CheckpointException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerFileTest {
    private static final List<String> PIECES = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "##b");

    @TempDir
    private Path folder;

    private Path file;
    private String sound;

    @BeforeEach
    void write() {
        file = folder.resolve("tokenizer.json");
        sound = WordPieceJson.write(PIECES, true);
    }

    @Test
    void saysWhatIsMissing() throws IOException {
        assertRefused(file, "there is no such file or folder");
        assertRefused(folder, "holds no tokenizer.json", "only nothing");
        Files.writeString(folder.resolve("model.safetensors"), "x");
        assertRefused(folder, "only model.safetensors", "save_pretrained");
        Files.writeString(folder.resolve("vocab.txt"), "[PAD]\na\n");
        assertRefused(folder, "vocab.txt", "2 pieces lacks [UNK]");
    }

    @Test
    void saysWhereAFileIsDamaged() throws IOException {
        assertRefusedText("", "the file is empty");
        assertRefusedText(sound.substring(0, sound.length() / 2), "not valid JSON", "tokenizer.json:", "cut short");
        assertRefusedText("[1, 2]", "expected a JSON object, but got array");
        assertRefusedText("{\"a\": 1} {}", "not valid JSON");
        assertRefusedText("{\"a\": 1, \"a\": 2}", "not valid JSON", "Duplicate");
        Files.write(file, new byte[] {'{', (byte) 0xFF, (byte) 0xFE, '}'});
        assertRefused(file, "expected text in UTF-8");
        Files.writeString(file, sound);
        Files.writeString(folder.resolve("tokenizer_config.json"), "{");
        assertRefused(folder, "tokenizer_config.json:1: not valid JSON");
    }

    @Test
    void saysWhatIsNoTokenizer() throws IOException {
        assertRefusedText("{\"hidden_size\": 3}", "expected an object under 'model', but got nothing");
        assertRefusedText(sound.replace("\"WordPiece\",\n    \"unk", "\"Grapheme\",\n    \"unk"), "model.type is 'Grapheme'", "WordPiece, BPE");
        assertRefusedText(sound.replace("\"vocab\"", "\"words\""), "pieces and ids under model.vocab, but got nothing");
        assertRefusedText(sound.replace("\"a\" : 5", "\"a\" : \"5\""), "for the piece 'a', but got \"5\"");
        assertRefusedText(sound.replace("\"a\" : 5", "\"a\" : 2000000000"), "an id from 0 to 16777215", "2000000000");
        assertRefusedText(sound.replace("\"a\" : 5", "\"a\" : 6"), "have the same id 6");
        assertRefusedText(sound.replace("\"[UNK]\" : 1", "\"[UNKNOWN]\" : 7"), "model.unk_token is", "not among the 7 pieces");
        assertRefusedText(sound.replace("\"BertPreTokenizer\"", "\"Nonsense\""), "the tokenizers library does not accept it");
    }

    @Test
    void refusesVocabulariesThatCannotBe() {
        assertThatThrownBy(() -> Tokenizer.wordPiece(List.of("[UNK]", "a", "b", "a"), true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'a' twice: as piece 1 and as piece 3");
        assertThatThrownBy(() -> Tokenizer.wordPiece(List.of("a"), true)).hasMessageContaining("lacks [UNK]");
    }

    /// Cut, changed and doubled bytes: what opens is usable, the rest is refused in our words.
    @Test
    void survivesSeededDamage() throws IOException {
        var random = new Random(4);
        var bytes = sound.getBytes(StandardCharsets.UTF_8);
        int refused = 0;
        for (int i = 0; i < 1000; i++) {
            var damaged = bytes.clone();
            for (int change = random.nextInt(3); change >= 0; change--) {
                int at = random.nextInt(damaged.length);
                if (random.nextBoolean()) {
                    damaged[at] = (byte) random.nextInt(128);
                } else {
                    int length = Math.min(1 + random.nextInt(30), damaged.length - at);
                    System.arraycopy(bytes, random.nextInt(bytes.length - length), damaged, at, length);
                }
            }
            Files.write(file, damaged);
            try (var tokenizer = Tokenizer.open(file)) {
                assertThat(tokenizer.ids("ab a")).isNotNull();
            } catch (CheckpointException expected) {
                assertThat(expected).hasMessageContaining("tokenizer.json");
                refused++;
            }
        }
        assertThat(refused).isBetween(300, 999);
    }

    private void assertRefusedText(String text, String... parts) throws IOException {
        assertThat(text).isNotEqualTo(sound);
        Files.writeString(file, text);
        assertRefused(file, parts);
    }

    private static void assertRefused(Path place, String... parts) {
        assertThatThrownBy(() -> Tokenizer.open(place).close())
                .isInstanceOf(CheckpointException.class)
                .hasMessageContainingAll(parts)
                .hasMessageStartingWith(place.toString());
    }
}

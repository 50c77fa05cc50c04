package dev.cultivar.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cultivar.batch.DataException;
import dev.cultivar.text.CharacterTrainer.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CharacterTrainerTest {
    @TempDir
    private Path folder;

    @Test
    void theVocabularyCanBeExactlyTheAlphabet() throws IOException {
        var text = Files.readString(Shared.data("text/tinyshakespeare/input.txt"));
        var trained = CharacterTrainer.train(List.of(text)::forEach, new Options(false, List.of()));
        try (var tokenizer = trained.tokenizer()) {
            assertThat(trained.pieces()).isEqualTo(65).isEqualTo(trained.alphabet()).isEqualTo(tokenizer.vocabulary());
            assertThat(trained.words()).isEqualTo(text.length());
            assertThat(tokenizer.piece(0)).isEqualTo("\n");
            assertThat(tokenizer.piece(64)).isEqualTo("z");
            assertThat(tokenizer.ids(text)).hasSize(text.length());
            assertThat(tokenizer.decode(tokenizer.ids(text))).isEqualTo(text);
            assertThat(tokenizer.special().unk()).isEmpty();
        }
    }

    @Test
    void aCharacterIsACodePoint() throws IOException {
        var text = "a😀\n e\u0301\r\n\u0000\u2028";
        var trained = CharacterTrainer.train(List.of(text, "\uDC00")::forEach, new Options(true, List.of("<|endoftext|>")));
        try (var tokenizer = trained.tokenizer()) {
            assertThat(trained.alphabet()).isEqualTo(10); // U+FFFD for half a pair
            assertThat(tokenizer.special()).extracting(Special::unk, Special::end)
                    .containsExactly(java.util.OptionalInt.of(0), java.util.OptionalInt.of(1));
            assertThat(tokenizer.ids("a😀?\uD800<|endoftext|>")).hasSize(5).containsSequence(0).endsWith(1);
            assertThat(tokenizer.decode(tokenizer.ids(text))).isEqualTo(text);
            tokenizer.save(folder, 64);
        }
        try (var again = Tokenizer.open(folder)) {
            assertThat(again.decode(again.ids(text + "<|endoftext|>"))).isEqualTo(text + "<|endoftext|>");
        }
    }

    @Test
    void refusesWhatCannotWork() {
        assertThatThrownBy(() -> CharacterTrainer.train(List.of("", "")::forEach, new Options(true, List.of())))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("is empty");
        assertThatThrownBy(() -> new Options(true, List.of("[UNK]"))).hasMessageContaining("[UNK]");
    }
}

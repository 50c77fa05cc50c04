package dev.cultivar.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TextStreamTest {
    private static final List<String> TEXT = List.of("The naïve 日本語 👩‍👩‍👧 fox, isn't it? <|endoftext|> ".repeat(2));

    private static Tokenizer bytes() {
        return BytePairTrainer.train(TEXT::forEach, new BytePairTrainer.Options(280, 2, List.of("<|endoftext|>", "<é>"), Ties.TEXT)).tokenizer();
    }

    @Test
    void givesCharactersOnceTheyAreWhole() {
        try (var tokenizer = BytePairTrainer.train(List.of("x")::forEach, new BytePairTrainer.Options(256, 1, List.of(), Ties.TEXT)).tokenizer()) {
            var stream = new TextStream(tokenizer);
            var said = new ArrayList<String>();
            for (int id : tokenizer.ids("aé🦙!")) {
                said.add(stream.next(id));
            }
            assertThat(said).containsExactly("a", "", "é", "", "", "", "🦙", "!");
            assertThat(stream.end()).isEmpty();
            int[] llama = tokenizer.ids("🦙");
            assertThat(stream.next(llama[0]) + stream.next(llama[1])).isEmpty();
            assertThat(stream.end()).isEqualTo("\uFFFD");
            assertThat(stream.next(tokenizer.ids("b")[0])).isEqualTo("b");
        }
    }

    /// Any ids, also such as no text is made of: bytes that are no UTF-8.
    @Test
    void saysInAllWhatDecodingSays() {
        var random = new Random(2);
        var tokenizers = List.of(
                bytes(),
                WordPieceTrainer.train(TEXT::forEach, new WordPieceTrainer.Options(60, 1, true)).tokenizer(),
                CharacterTrainer.train(TEXT::forEach, new CharacterTrainer.Options(true, List.of("<|endoftext|>"))).tokenizer(),
                WordTrainer.train(TEXT::forEach, new WordTrainer.Options(60, 1, true)).tokenizer());
        for (var opened : tokenizers) {
            try (var tokenizer = opened) {
                for (int i = 0; i < 400; i++) {
                    int[] ids = random.ints(random.nextInt(12), 0, tokenizer.vocabulary()).toArray();
                    var stream = new TextStream(tokenizer);
                    var said = new StringBuilder();
                    for (int id : ids) {
                        said.append(stream.next(id));
                    }
                    assertThat(said.append(stream.end()).toString()).isEqualTo(tokenizer.decode(ids));
                }
            }
        }
    }
}

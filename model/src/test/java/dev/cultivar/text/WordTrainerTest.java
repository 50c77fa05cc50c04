package dev.cultivar.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cultivar.batch.DataException;
import dev.cultivar.text.WordTrainer.Options;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WordTrainerTest {
    private static final List<String> TEXTS = List.of("The cat, the dog and THE bird.", "A cat and a dog; 😀 ｆ 😀 ｆ");

    @Test
    void takesTheMostFrequentWordsAndOfTiesTheFirst() {
        var trained = WordTrainer.train(TEXTS::forEach, new Options(100, 2, true));
        try (var tokenizer = trained.tokenizer()) {
            assertThat(IntStream.range(0, tokenizer.vocabulary()).mapToObj(tokenizer::piece))
                    .containsExactly("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "a", "and", "cat", "dog", "ｆ", "😀");
            assertThat(trained.words()).isEqualTo(19);
            assertThat(trained.pieces()).isEqualTo(12);
            assertThat(tokenizer.ids("The bird and a [MASK]")).containsExactly(5, 1, 7, 6, 4);
            assertThat(tokenizer.decode(new int[] {5, 8})).isEqualTo("the cat");
            assertThat(tokenizer.special().mask()).hasValue(4);
        }
        try (var few = WordTrainer.train(TEXTS::forEach, new Options(7, 1, false)).tokenizer()) {
            assertThat(few.vocabulary()).isEqualTo(7);
            assertThat(few.piece(5)).isEqualTo("and");
        }
    }

    @Test
    void refusesWhatCannotWork() {
        assertThatThrownBy(() -> WordTrainer.train(TEXTS::forEach, new Options(100, 9, true)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("seen 9 times")
                .hasMessageContaining("19 words, 11 of them different");
        assertThatThrownBy(() -> new Options(5, 1, true)).isInstanceOf(IllegalArgumentException.class);
    }
}

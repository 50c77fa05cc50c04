package dev.cultivar.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cultivar.batch.DataException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TokenizerPiecesTest {
    private static TokenizerPieces bytes(String... special) {
        return new TokenizerPieces(
                BytePairTrainer.train(List.of("x")::forEach, new BytePairTrainer.Options(256 + special.length, 1, List.of(special), Ties.TEXT))
                        .tokenizer());
    }

    @Test
    void aTokenizerWithoutBertsPiecesSaysSoWhenAskedForOne() {
        var pieces = bytes("<|endoftext|>");
        assertThat(pieces.special().end()).hasValue(0);
        assertThat(pieces.special().mask()).isEmpty();
        assertThat(pieces.pad()).isZero();
        assertThatThrownBy(pieces::mask).isInstanceOf(DataException.class).hasMessageContaining("no [MASK] piece").hasMessageContaining("wordpiece or words");
        assertThatThrownBy(() -> TokenGrid.requireFrame(pieces)).isInstanceOf(DataException.class).hasMessageContaining("no [CLS] piece");
        assertThat(pieces.firstOrdinary()).isEqualTo(1);
        assertThat(pieces.ordinary(0)).isFalse();
        assertThat(pieces.ordinary(256)).isTrue();
    }

    @Test
    void bertsPiecesMayBeNamed() {
        var pieces = bytes("[PAD]", "[CLS]", "[SEP]", "[MASK]");
        TokenGrid.requireFrame(pieces);
        assertThat(List.of(pieces.pad(), pieces.cls(), pieces.sep(), pieces.mask(), pieces.firstOrdinary())).containsExactly(0, 1, 2, 3, 4);
    }

    /// GPT-2's own has its special piece at the end, where it must not hide the others.
    @Test
    void ordinaryPiecesMayComeFirst() {
        var pieces = new TokenizerPieces(Tokenizer.open(Shared.data("tokenizers/gpt2/tokenizer.json")));
        assertThat(pieces.special().end()).hasValue(50256);
        assertThat(pieces.firstOrdinary()).isZero();
        assertThat(pieces.ordinary(0)).isTrue();
        assertThat(pieces.ordinary(50256)).isFalse();
    }

    /// As in BERT, where unused pieces lie before the special ones and the first is padding.
    @Test
    void theLongestStretchIsTheOrdinaryOne() {
        var vocabulary = new ArrayList<>(List.of("[PAD]", "[unused0]", "[unused1]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "b", "c"));
        var pieces = new TokenizerPieces(Tokenizer.wordPiece(vocabulary, true));
        assertThat(pieces.firstOrdinary()).isEqualTo(7);
        assertThat(pieces.ordinary(1)).isFalse();
    }
}

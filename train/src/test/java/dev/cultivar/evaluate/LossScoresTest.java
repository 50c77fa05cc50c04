package dev.cultivar.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LossScoresTest {

    @Test
    void tokensCountNotRows() {
        var scores = LossScores.of("masked_lm_loss", new double[] {8, 1, 0}, new long[] {4, 1, 0});

        assertThat(scores.loss().value()).isCloseTo(9 / 5.0, within(1e-12));
        assertThat(scores.perplexity().name()).isEqualTo("masked_lm_perplexity");
        assertThat(scores.perplexity().value()).isCloseTo(Math.exp(1.8), within(1e-12));
        assertThat(scores.rows()).isEqualTo(2);
        assertThat(scores.tokens()).isEqualTo(5);
        // Residuals 8 - 4 * 1.8 = 0.8 and 1 - 1.8 = -0.8: sqrt(1.28 * 2 / 1) / 5 = 0.32.
        assertThat(scores.loss().high()).isCloseTo(1.8 + 1.959964 * 0.32, within(1e-6));
        assertThat(scores.perplexity().low()).isCloseTo(Math.exp(1.8 - 1.959964 * 0.32), within(1e-5));
    }

    @Test
    void oneRowLeavesTheIntervalOpen() {
        var scores = LossScores.of("loss", new double[] {3}, new long[] {2});

        assertThat(scores.loss().low()).isZero();
        assertThat(scores.loss().high()).isInfinite();
        assertThat(scores.perplexity().name()).isEqualTo("perplexity");
        assertThat(scores.perplexity().json()).containsEntry("high", null).containsEntry("low", 1.0);
    }

    @Test
    void nothingToScoreIsRefused() {
        assertThatThrownBy(() -> LossScores.of("loss", new double[] {0}, new long[] {0})).hasMessageContaining("no row");
        assertThatThrownBy(() -> LossScores.of("loss", new double[] {0}, new long[] {-1})).hasMessageContaining("row 0");
    }
}

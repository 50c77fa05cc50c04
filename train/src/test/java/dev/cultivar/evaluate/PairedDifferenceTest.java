package dev.cultivar.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class PairedDifferenceTest {

    @Test
    void theExactTestIsTheBinomialOne() {
        // 2 * P(X <= 3), X of Binomial(15, 1/2): 2 * (1 + 15 + 105 + 455) / 32768
        assertThat(PairedDifference.of(100, 3, 12).p()).isCloseTo(2 * 576 / 32768.0, within(1e-12));
        assertThat(PairedDifference.of(100, 5, 5).p()).isEqualTo(1);
        assertThat(PairedDifference.of(100, 0, 0).p()).isEqualTo(1);
        // scipy.stats.binomtest(1000, 2100, 0.5).pvalue
        assertThat(PairedDifference.of(9_000, 1_000, 1_100).p()).isCloseTo(0.03072070786424249, within(1e-9));
    }

    @Test
    void onlyRowsThatDifferSpeak() {
        var difference = PairedDifference.of(
                new boolean[] {true, true, false, false, false}, new boolean[] {true, false, true, true, false});

        assertThat(difference.firstOnly()).isEqualTo(1);
        assertThat(difference.secondOnly()).isEqualTo(2);
        assertThat(difference.difference().value()).isCloseTo(0.2, within(1e-12));
        assertThat(difference.beyondChance()).isFalse();
    }

    @Test
    void theSentenceSaysWhichIsAheadAndWhetherItCounts() {
        assertThat(PairedDifference.of(4_000, 300, 828).sentence("from scratch", "full"))
                .startsWith("full is 13.2 percentage points above from scratch (95 % interval of the difference +11.6 to +14.8")
                .endsWith("p < 0.001): beyond chance.");
        assertThat(PairedDifference.of(100, 5, 4).sentence("a", "b"))
                .startsWith("b is 1.0 percentage points below a").endsWith("p = 1.000): not beyond chance.");
        assertThat(PairedDifference.of(100, 5, 5).sentence("a", "b")).startsWith("b and a are equally accurate");
    }

    @Test
    void differentRowsAreRefused() {
        assertThatThrownBy(() -> PairedDifference.of(new boolean[1], new boolean[2])).hasMessageContaining("same rows");
    }
}

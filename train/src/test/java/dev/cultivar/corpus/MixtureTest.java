package dev.cultivar.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cultivar.batch.DataException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Each source is seen as often as its weight says, and no unit twice before all have been seen once.
class MixtureTest {
    private static final List<String> NAMES = List.of("a", "b", "c");

    @Test
    void weightsAreRepetitions() {
        Mixture mixture = new Mixture(NAMES, new long[] {1_000, 40, 300}, new double[] {1, 2.5, 0.1}, 7);
        assertThat(mixture.length()).isEqualTo(1_000 + 100 + 30);
        Map<Mixture.Place, Integer> seen = new HashMap<>();
        for (int epoch = 0; epoch < 10; epoch++) {
            int[] drawn = new int[3];
            for (long index = 0; index < mixture.length(); index++) {
                Mixture.Place place = mixture.at(epoch, index);
                drawn[place.source()]++;
                seen.merge(place, 1, Integer::sum);
            }
            assertThat(drawn).containsExactly(1_000, 100, 30);
        }
        assertThat(seen).hasSize(1_340);
        seen.forEach((place, times) -> assertThat(times).as(place.toString()).isEqualTo(new int[] {10, 25, 1}[place.source()]));
    }

    @Test
    void everyStretchHasItsShareAndEveryEpochAnotherOrder() {
        Mixture mixture = new Mixture(NAMES, new long[] {10_000, 1_000, 1_000}, new double[] {1, 5, 5}, 7);
        for (int stretch = 0; stretch < 10; stretch++) {
            int first = 0;
            int repeated = 0;
            for (long index = stretch * 2_000L; index < stretch * 2_000L + 2_000; index++) {
                first += mixture.at(0, index).source() == 0 ? 1 : 0;
                repeated += mixture.at(0, index).equals(mixture.at(1, index)) ? 1 : 0;
            }
            assertThat(first).isBetween(880, 1_120); // five standard deviations about a half
            assertThat(repeated).isLessThan(20);
        }
        assertThat(new Mixture(NAMES, new long[] {10_000, 1_000, 1_000}, new double[] {1, 5, 5}, 7).at(3, 77)).isEqualTo(mixture.at(3, 77));
    }

    @Test
    void whatIsNeverSeenIsRefusedByName() {
        assertThatThrownBy(() -> new Mixture(NAMES, new long[] {5, 0, 5}, new double[] {1, 1, 1}, 7))
                .isInstanceOf(DataException.class).hasMessageContaining("source b is empty");
        assertThatThrownBy(() -> new Mixture(NAMES, new long[] {5, 5, 5}, new double[] {1, 1, 0}, 7))
                .isInstanceOf(DataException.class).hasMessageContaining("source c has the weight 0.0");
        assertThatThrownBy(() -> new Mixture(NAMES, new long[] {5, 5, 5}, new double[] {0.01, 1, 1}, 7))
                .isInstanceOf(DataException.class).hasMessageContaining("source a has 5 units and the weight 0.01");
    }
}

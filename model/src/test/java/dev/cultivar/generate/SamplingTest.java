package dev.cultivar.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cultivar.batch.Draw;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class SamplingTest {
    private static final float GONE = Float.NEGATIVE_INFINITY;
    private static final int[] NOTHING = {};

    /// Probabilities 0.5, 0.25, 0.125, 0.125.
    private static float[] logits() {
        return new float[] {(float) Math.log(4), (float) Math.log(2), 0, 0};
    }

    @Test
    void aPenaltyMakesWhatWasSaidLessLikelyOnce() {
        float[] left = Sampling.GREEDY.withRepetitionPenalty(2).filtered(new float[] {3, -3, 1}, new int[] {0, 1, 0});
        assertThat(left).containsExactly(1.5f, -6, 1);
    }

    @Test
    void topKKeepsTheLikeliestAndTheirEquals() {
        assertThat(Sampling.PLAIN.withTopK(1).filtered(logits(), NOTHING)).containsExactly(logits()[0], GONE, GONE, GONE);
        assertThat(Sampling.PLAIN.withTopK(3).filtered(logits(), NOTHING)).containsExactly(logits());
        assertThat(Sampling.PLAIN.withTopK(9).filtered(logits(), NOTHING)).containsExactly(logits());
    }

    @Test
    void topPKeepsTheTokenThatReachesIt() {
        assertThat(Sampling.PLAIN.withTopP(0.49).filtered(logits(), NOTHING)).containsExactly(logits()[0], GONE, GONE, GONE);
        assertThat(Sampling.PLAIN.withTopP(0.51).filtered(logits(), NOTHING)).containsExactly(logits()[0], logits()[1], GONE, GONE);
        assertThat(Sampling.PLAIN.withTopP(1e-9).filtered(new float[] {1, 1}, NOTHING)).containsOnlyOnce(GONE);
        assertThat(Sampling.PLAIN.withTopP(0.7).filtered(new float[] {-5, -4, -9}, NOTHING)).containsExactly(GONE, -4, GONE);
    }

    @Test
    void minPMeasuresByTheLikeliest() {
        assertThat(Sampling.PLAIN.withMinP(0.3).filtered(logits(), NOTHING)).containsExactly(logits()[0], logits()[1], GONE, GONE);
    }

    @Test
    void temperatureSharpens() {
        assertThat(Sampling.PLAIN.withTemperature(0.5).filtered(new float[] {1, -2}, NOTHING)).containsExactly(2, -4);
    }

    @Test
    void drawsFollowTheProbabilities() {
        int[] counts = new int[4];
        int draws = 20_000;
        for (int i = 0; i < draws; i++) {
            counts[Sampling.PLAIN.next(logits(), NOTHING, Draw.unit(5, i))]++;
        }
        assertThat((double) counts[0] / draws).isCloseTo(0.5, Offset.offset(0.02));
        assertThat((double) counts[3] / draws).isCloseTo(0.125, Offset.offset(0.02));
        for (int i = 0; i < 100; i++) {
            assertThat(Sampling.PLAIN.withTopK(2).next(logits(), NOTHING, Draw.unit(6, i))).isLessThan(2);
            assertThat(Sampling.GREEDY.next(logits(), NOTHING, Draw.unit(6, i))).isZero();
        }
        assertThat(Sampling.PLAIN.next(logits(), NOTHING, Math.nextDown(1.0))).isEqualTo(3);
    }

    @Test
    void valuesOutOfRangeAreRefused() {
        assertThatThrownBy(() -> Sampling.PLAIN.withTemperature(0)).hasMessageContaining("greedy").hasMessageContaining("got 0");
        assertThatThrownBy(() -> Sampling.PLAIN.withTopP(1.5)).hasMessageContaining("top-p").hasMessageContaining("1.5");
        assertThatThrownBy(() -> Sampling.PLAIN.withTopK(-1)).hasMessageContaining("top-k");
        assertThatThrownBy(() -> Sampling.PLAIN.withMinP(Double.NaN)).hasMessageContaining("min-p");
        assertThatThrownBy(() -> Sampling.PLAIN.withRepetitionPenalty(0)).hasMessageContaining("penalty");
        assertThatThrownBy(() -> Limits.tokens(0)).hasMessageContaining("tokens");
    }
}

package dev.cultivar.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DecidingTest {

    @Test
    void aTemperatureUndoesWhatMadeTheModelTooSure() {
        var random = new Random(3);
        int n = 4_000;
        int[] gold = new int[n];
        float[] sure = new float[2 * n];
        for (int row = 0; row < n; row++) {
            double logit = 2 * random.nextGaussian(); // the truth follows these scores, the model says three times as much
            gold[row] = random.nextDouble() < 1 / (1 + Math.exp(-logit)) ? 1 : 0;
            sure[2 * row + 1] = (float) (1 / (1 + Math.exp(-3 * logit)));
            sure[2 * row] = 1 - sure[2 * row + 1];
        }
        assertThat(Deciding.temperature(gold, new Probabilities(2, sure))).isCloseTo(3, within(0.25));
    }

    @Test
    void aLineIsDrawnWhereMistakesCostLeast() {
        double[] scores = {0.9, 0.8, 0.6, 0.4, 0.2};
        boolean[] yes = {true, false, true, true, false};
        // a missed yes is dear: all three are taken, the no at 0.8 with them
        assertThat(Deciding.line(scores, yes, 10, 1)).isEqualTo(new Deciding.Line(0.30000000000000004, 0.2));
        // a false alarm is dear: only the row above it
        assertThat(Deciding.line(scores, yes, 1, 10).threshold()).isCloseTo(0.85, within(1e-12));
        assertThat(Deciding.line(scores, yes, 1, 10).cost()).isCloseTo(2.0 / 5, within(1e-12));
        assertThat(Deciding.cost(scores, yes, 0.5, 1, 10)).isCloseTo(11.0 / 5, within(1e-12));
        // nothing is worth an alarm
        Deciding.Line none = Deciding.line(scores, new boolean[] {false, false, true, false, false}, 1, 10);
        assertThat(none.threshold()).isGreaterThan(0.9);
    }

    @Test
    void fewerAnswersAreMoreOftenRight() {
        List<Deciding.Covered> curve = Deciding.coverage(new double[] {0.6, 0.9, 0.8, 0.8}, new boolean[] {false, true, true, false});
        assertThat(curve).containsExactly(
                new Deciding.Covered(0.9, 0.25, 1), new Deciding.Covered(0.8, 0.75, 2.0 / 3), new Deciding.Covered(0.6, 1, 0.5));
        assertThat(Deciding.accurate(curve, 0.6)).hasValueSatisfying(point -> assertThat(point.coverage()).isEqualTo(0.75));
        assertThat(Deciding.accurate(curve, 1.0)).hasValueSatisfying(point -> assertThat(point.coverage()).isEqualTo(0.25));
        assertThat(Deciding.covering(curve, 0.5).accuracy()).isCloseTo(2.0 / 3, within(1e-12));
        assertThat(Deciding.reachedBy(new double[] {4, 1, 3, 2}, 0.75)).hasValue(2);
    }
}

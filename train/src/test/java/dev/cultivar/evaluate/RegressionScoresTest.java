package dev.cultivar.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class RegressionScoresTest {
    @Test
    void errorsOfAFewRows() {
        var scores = RegressionScores.of(new double[] {1, 2, 5}, new double[] {1, 3, 3});
        assertThat(scores.meanSquaredError().value()).isCloseTo(5 / 3.0, within(1e-12));
        assertThat(scores.metric("rmse").orElseThrow().value()).isCloseTo(Math.sqrt(5 / 3.0), within(1e-12));
        assertThat(scores.metric("mae").orElseThrow().value()).isEqualTo(1);
        assertThat(scores.medianAbsoluteError()).isEqualTo(1);
        assertThat(scores.metric("r2").orElseThrow().value()).isCloseTo(1 - 5 / (8 / 3.0), within(1e-12));
    }

    @Test
    void rowsOnALineLeaveNoDoubt() {
        var spearman = RegressionScores.of(new double[] {1, 10, 100, 1000, 10000}, new double[] {1, 2, 3, 4, 5}).metric("spearman").orElseThrow();
        assertThat(spearman.value()).isEqualTo(1);
        assertThat(spearman.low()).isEqualTo(1);
    }

    @Test
    void whatDoesNotVaryCorrelatesWithNothing() {
        var pearson = RegressionScores.of(new double[] {2, 2, 2, 2}, new double[] {1, 2, 3, 4}).metric("pearson").orElseThrow();
        assertThat(pearson.value()).isNaN();
        assertThat(pearson.low()).isEqualTo(-1);
        assertThat(pearson.high()).isEqualTo(1);
    }

    @Test
    void aSingleRowTellsNoInterval() {
        var scores = RegressionScores.of(new double[] {2}, new double[] {1});
        assertThat(scores.metric("rmse").orElseThrow().high()).isInfinite();
        assertThat(scores.metric("spearman").orElseThrow().value()).isNaN();
    }

    /// Of samples of normal numbers with a known correlation, 95 in 100 intervals hold it.
    @Test
    void intervalsHoldTheTruth() {
        var random = new Random(1);
        double truth = 0.8; // of y = 0.8 x + 0.6 e
        int held = 0;
        for (int sample = 0; sample < 200; sample++) {
            double[] x = new double[100];
            double[] y = new double[100];
            for (int i = 0; i < x.length; i++) {
                x[i] = random.nextGaussian();
                y[i] = truth * x[i] + 0.6 * random.nextGaussian();
            }
            Metric pearson = RegressionScores.of(x, y).metric("pearson").orElseThrow();
            held += pearson.low() <= truth && truth <= pearson.high() ? 1 : 0;
        }
        assertThat(held).isBetween(182, 198);
    }

    @Test
    void rowsMustMatch() {
        assertThatThrownBy(() -> RegressionScores.of(new double[1], new double[2])).hasMessageContaining("1 predictions, but 2 targets");
        assertThatThrownBy(() -> RegressionScores.of(new double[0], new double[0])).hasMessageContaining("no row");
    }
}

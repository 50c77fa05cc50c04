package dev.cultivar.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cultivar.batch.Chances;
import java.util.List;
import org.junit.jupiter.api.Test;

class RowScoresTest {

    @Test
    void aYesOrNoQuestionByHand() {
        // Scores .9 yes, .8 no, .8 yes, .1 no: of the four pairs of a yes and a no three are ranked rightly and one is a tie
        BinaryScores scores = BinaryScores.of(new double[] {0.9, 0.8, 0.8, 0.1}, new boolean[] {true, false, true, false});
        assertThat(scores.rocAuc()).isCloseTo(3.5 / 4, within(1e-12));
        assertThat(scores.averagePrecision()).isCloseTo(0.5 * 1 + 0.5 * 2 / 3, within(1e-12));
        assertThat(scores.confusion().counts()).isDeepEqualTo(new long[][] {{1, 1}, {0, 2}});
        assertThat(scores.confusion().f1(1)).isCloseTo(0.8, within(1e-12));
        assertThat(scores.metrics()).extracting(Metric::name).containsExactly("f1", "pr_auc", "roc_auc");
        assertThat(BinaryScores.of(new double[] {0.5}, new boolean[] {true}).metrics()).as("nothing to tell apart").isEmpty();
    }

    @Test
    void severalLabelsByHand() {
        // label a: said 1 of 2 rightly; label b: said twice, once rightly
        MultiLabelScores scores = MultiLabelScores.of(
                new float[] {1, 0, 1, 1, 0, 0}, new float[] {0.9f, 0.2f, 0.4f, 0.7f, 0.1f, 0.6f}, List.of("a", "b"));
        assertThat(value(scores.metrics(), "micro_f1")).isCloseTo(2.0 * 2 / (3 + 3), within(1e-12));
        assertThat(value(scores.metrics(), "macro_f1")).isCloseTo((2.0 / 3 + 2.0 / 3) / 2, within(1e-12));
        assertThat(value(scores.metrics(), "exact_match")).isCloseTo(1.0 / 3, within(1e-12));
    }

    @Test
    void anOrderIsAnsweredByItsMedian() {
        // The likeliest class of the first row is the lowest, yet most of its chance lies above
        var rows = new Probabilities(3, new float[] {0.4f, 0.3f, 0.3f, 0.1f, 0.1f, 0.8f, 0.6f, 0.3f, 0.1f});
        assertThat(Chances.median(rows.values(), 0, 3)).isEqualTo(1);
        OrdinalScores scores = OrdinalScores.of(new int[] {1, 0, 0}, rows.values(), List.of("low", "middle", "high"));
        // answers 1, 2, 0 for 1, 0, 0: squared distances 0, 4, 0
        double chance = 1.0 / 3 + 5.0 / 3 - 2 * (1.0 / 3) * 1;
        assertThat(value(scores.metrics(), "quadratic_kappa")).isCloseTo(1 - 4.0 / 3 / chance, within(1e-9));
        assertThat(value(scores.metrics(), "mean_distance")).isCloseTo(2.0 / 3, within(1e-12));
        assertThat(value(scores.metrics(), "accuracy")).isCloseTo(2.0 / 3, within(1e-12));
    }

    private static double value(List<Metric> metrics, String name) {
        return metrics.stream().filter(metric -> metric.name().equals(name)).findFirst().orElseThrow().value();
    }
}

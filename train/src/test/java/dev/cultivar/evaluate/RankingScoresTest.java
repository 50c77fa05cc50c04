package dev.cultivar.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class RankingScoresTest {
    private static final RankedQuery SECOND = RankedQuery.of(new float[] {0.1f, 0.9f, 0.5f}, new double[] {0, 0, 2});
    private static final RankedQuery NONE = RankedQuery.of(new float[] {1, 2}, new double[] {0, 0});

    @Test
    void theRightDocumentInSecondPlace() {
        assertThat(SECOND.reciprocalRank(10)).isEqualTo(0.5);
        assertThat(SECOND.reciprocalRank(1)).isZero();
        assertThat(SECOND.ndcg(10)).isCloseTo(Math.log(2) / Math.log(3), within(1e-12));
        assertThat(SECOND.averagePrecision()).isEqualTo(0.5);
        assertThat(SECOND.recall(1)).isZero();
        assertThat(SECOND.recall(2)).isEqualTo(1);
        assertThat(SECOND.precision(2)).isEqualTo(0.5);
        assertThat(SECOND.found(1)).isFalse();
        assertThat(SECOND.found(2)).isTrue();
    }

    @Test
    void aQueryThatNothingAnswersScoresNothing() {
        assertThat(NONE.ndcg(10)).isZero();
        assertThat(NONE.reciprocalRank(10)).isZero();
        assertThat(NONE.averagePrecision()).isZero();
        assertThat(NONE.recall(5)).isZero();
    }

    @Test
    void equalScoresKeepTheirOrder() {
        assertThat(RankedQuery.of(new float[] {1, 1}, new double[] {0, 1}).reciprocalRank(2)).isEqualTo(0.5);
        assertThat(RankedQuery.of(new float[] {1, 1}, new double[] {1, 0}).reciprocalRank(2)).isEqualTo(1);
    }

    @Test
    void queriesAreWhatVaries() {
        Metric mrr = RankingScores.of(List.of(SECOND, NONE)).metrics().get(1);
        assertThat(mrr.name()).isEqualTo("mrr@10");
        assertThat(mrr.value()).isEqualTo(0.25);
        assertThat(mrr.low()).isZero();
        assertThat(mrr.high()).isCloseTo(0.25 + Intervals.Z * 0.25, within(1e-12));
        assertThatThrownBy(() -> RankingScores.of(List.of())).hasMessageContaining("no query");
        assertThatThrownBy(() -> RankedQuery.of(new float[1], new double[2])).hasMessageContaining("1 scores, but 2 grades");
    }
}

package dev.cultivar.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Measures of drawn pictures, against what numpy and scipy make of the same features:
///
/// ```
/// f = lambda n, d, a, b, shift, scale: (scale * np.sin(a * (i + 1) * (k + 1) + b * (i * i + k)) + shift).astype(np.float32)   # i down, k across
/// frechet = |m1 - m2|^2 + tr(S1) + tr(S2) - 2 tr(scipy.linalg.sqrtm(S1 @ S2))                                               # np.cov, in float64
/// ```
class DrawnPictureScoresTest {

    private static float[] features(int rows, int width, double a, double b, double shift, double scale) {
        float[] features = new float[rows * width];
        for (int i = 0; i < rows; i++) {
            for (int k = 0; k < width; k++) {
                features[i * width + k] = (float) (scale * Math.sin(a * (i + 1) * (k + 1) + b * (i * i + k)) + shift);
            }
        }
        return features;
    }

    private static float[] first(int rows, int width) {
        return features(rows, width, 0.37, 0.011, 0, 1);
    }

    private static float[] second(int rows, int width) {
        return features(rows, width, 0.71, 0.023, 0.25, 1.3);
    }

    /// One feature: (m1 - m2)^2 + (s1 - s2)^2. {0, 2} and {5, 9} have means 1 and 7 and deviations sqrt(2) and sqrt(8): 36 + 2.
    @Test
    void ofOneFeatureTheDistanceIsInTheBooks() {
        assertThat(FrechetDistance.of(new float[] {0, 2}, new float[] {5, 9}, 1).value()).isCloseTo(38, within(1e-12));
    }

    /// scipy: 0.443820443372287; the jackknife by numpy with scipy.stats.t.ppf(0.975, 9): 0.3052153588843711 to each side.
    @Test
    void ofMorePicturesThanFeaturesItIsScipys() {
        Metric metric = FrechetDistance.of(first(60, 4), second(50, 4), 4);
        assertThat(metric.name()).isEqualTo("frechet");
        assertThat(metric.direction()).isEqualTo(Direction.LOWER);
        assertThat(metric.value()).isCloseTo(0.443820443372287, within(1e-9));
        assertThat(metric.high() - metric.value()).isCloseTo(0.3052153588843711, within(1e-8));
        assertThat(metric.value() - metric.low()).isCloseTo(0.3052153588843711, within(1e-8));
    }

    /// scipy: 18.95879915649747, though no covariance has an inverse; the jackknife: 8.355823524334479.
    @Test
    void ofFewerPicturesThanFeaturesItIsScipysToo() {
        Metric metric = FrechetDistance.of(first(24, 30), second(20, 30), 30);
        assertThat(metric.value()).isCloseTo(18.958799156, within(1e-6));
        assertThat(metric.high() - metric.value()).isCloseTo(8.3558235, within(1e-5));
        assertThat(FrechetDistance.of(second(20, 30), first(24, 30), 30).value()).isCloseTo(metric.value(), within(1e-6));
    }

    @Test
    void alikeThingsAreNotApartAndOfFewNothingIsSaidOfOthers() {
        assertThat(FrechetDistance.of(first(40, 5), first(40, 5), 5).value()).isCloseTo(0, within(1e-9));
        assertThat(FrechetDistance.of(first(19, 3), second(19, 3), 3).high()).isInfinite();
        assertThatThrownBy(() -> FrechetDistance.of(first(1, 3), second(9, 3), 3)).hasMessageContaining("at least two rows");
    }

    /// On a line: samples 0, 1, 2, 3 and 100; the data's 0, 1, 2, 4 and 5. Third neighbours of the data are 4, 3, 2, 3, 4 away, so all samples but 100
    /// lie in a ball; those of the samples 3, 2, 2, 3 and 99, and the ball around 100 begins at 1: it holds 1, 2, 4 and 5, and 0 lies in that of 0.
    @Test
    void ballsOnALine() {
        SampleCoverage coverage = SampleCoverage.of(new float[] {0, 1, 2, 3, 100}, new float[] {0, 1, 2, 4, 5}, 1);
        assertThat(coverage.precision().value()).isEqualTo(0.8);
        assertThat(coverage.recall().value()).isEqualTo(1);
        assertThat(coverage.precision().high()).isLessThan(1);
    }

    /// numpy, by sorting all distances: 59 of 60 and 25 of 50; 40 of 40 and 19 of 30.
    @Test
    void coverageIsNumpys() {
        SampleCoverage coverage = SampleCoverage.of(first(60, 4), second(50, 4), 4);
        assertThat(coverage.precision()).isEqualTo(Metric.share("sample_precision", 59, 60));
        assertThat(coverage.recall()).isEqualTo(Metric.share("sample_recall", 25, 50));
        SampleCoverage flat = SampleCoverage.of(first(40, 2), second(30, 2), 2);
        assertThat(flat.precision().value()).isEqualTo(1);
        assertThat(flat.recall().value()).isCloseTo(19.0 / 30, within(1e-12));
        assertThatThrownBy(() -> SampleCoverage.of(first(3, 2), second(30, 2), 2)).hasMessageContaining("at least 4");
    }

    /// np.percentile(np.arange(201), 1) is 2.0: two samples of five are nearer, 2.0 itself is not. Of 201 held-out pictures the third has 3 / 202 below it.
    @Test
    void whatIsNearerThanOneInAHundredIsAsNearAsACopy() {
        double[] others = IntStream.range(0, 201).mapToDouble(i -> 200 - i).toArray();
        CopyScores scores = CopyScores.of(new double[] {7, 1.5, 2, 0, 900}, others, List.of());
        assertThat(scores.threshold()).isEqualTo(2);
        assertThat(scores.near()).isEqualTo(new Metric(
                "as_near_as_a_copy", 0.4, scores.near().low(), scores.near().high(), Direction.LOWER));
        assertThat(scores.near().low()).isCloseTo(0.1176, within(1e-4)); // statsmodels.stats.proportion.proportion_confint(2, 5, method="wilson")
        assertThat(scores.expected()).isCloseTo(3 / 202.0, within(1e-12));
        assertThat(scores.median()).isEqualTo(2);
        assertThat(scores.otherMedian()).isEqualTo(100);
        assertThat(scores.samples()).containsExactly(0.0, 1.5, 2.0, 7.0, 900.0);
        assertThat(scores.nearer()).isEmpty();
        assertThatThrownBy(() -> CopyScores.of(new double[] {1}, new double[0], List.of())).hasMessageContaining("some other pictures");
    }

    /// Two samples nearer to training pictures, one between both, one nearer to a held-out picture: 2.5 of 4. Where each has a nearest picture of its own,
    /// the interval is Wilson's of 4 rows; where three share one, that of 16 / (9 + 1) rows (by numpy: 0.1205255091, as `(c - h)` of Wilson's formula).
    @Test
    void samplesAtOnePictureTellAsMuchAsOne() {
        double[] four = {1, 1, 1, 1};
        Metric apart = CopyScores.of(four, four, List.of(
                        new CopyScores.Between(1, 7, 2, 3), new CopyScores.Between(1, 8, 2, 4), new CopyScores.Between(1, 9, 1, 5), new CopyScores.Between(2, 6, 1, 6)))
                .nearer().orElseThrow();
        assertThat(apart.value()).isEqualTo(0.625);
        assertThat(apart.low()).isCloseTo(Intervals.share("x", 0.625, 4.0).low(), within(1e-12));
        Metric together = CopyScores.of(four, four, List.of(
                        new CopyScores.Between(1, 7, 2, 3), new CopyScores.Between(1, 7, 2, 4), new CopyScores.Between(1, 7, 1, 5), new CopyScores.Between(2, 7, 1, 7)))
                .nearer().orElseThrow();
        assertThat(together.value()).isEqualTo(0.625);
        assertThat(together.low()).isCloseTo(0.1205255091, within(1e-9));
    }
}

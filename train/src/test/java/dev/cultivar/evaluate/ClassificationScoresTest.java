package dev.cultivar.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cultivar.batch.Draw;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ClassificationScoresTest {

    private static final List<String> AB = List.of("a", "b");

    @Test
    void accuracyHasWilsonsInterval() {
        // Wilson's interval of 8 in 10, from its formula by hand.
        var scores = ClassificationScores.of(new int[10], probabilitiesOfFirst(.9f, .9f, .9f, .9f, .9f, .9f, .9f, .9f, .1f, .1f), AB);

        assertThat(scores.accuracy().value()).isEqualTo(0.8);
        assertThat(scores.accuracy().low()).isCloseTo(0.490162, within(1e-6));
        assertThat(scores.accuracy().high()).isCloseTo(0.943318, within(1e-6));
    }

    @Test
    void aPerfectScoreOfFewRowsIsNotCertain() {
        var scores = ClassificationScores.of(new int[] {0, 1, 0}, probabilitiesOfFirst(.9f, .1f, .9f), AB);

        assertThat(scores.macroF1().value()).isEqualTo(1);
        assertThat(scores.macroF1().low()).isEqualTo(scores.accuracy().low()).isLessThan(0.5);
        assertThat(scores.macroF1().high()).isEqualTo(1);
    }

    @Test
    void logLossIsTheMeanWithItsStandardError() {
        var scores = ClassificationScores.of(new int[] {0, 0, 1}, probabilitiesOfFirst(.5f, .25f, .5f), AB);

        double mean = (2 * Math.log(2) + Math.log(4)) / 3;
        double deviation = Math.sqrt((2 * square(Math.log(2) - mean) + square(Math.log(4) - mean)) / 2);
        assertThat(scores.logLoss().value()).isCloseTo(mean, within(1e-7));
        assertThat(scores.logLoss().high()).isCloseTo(mean + 1.959964 * deviation / Math.sqrt(3), within(1e-6));
    }

    @Test
    void aProbabilityOfZeroCostsALotAndNotEverything() {
        var scores = ClassificationScores.of(new int[] {1}, new float[] {1, 0}, AB);

        assertThat(scores.logLoss().value()).isCloseTo(-Math.log(Math.ulp(1f)), within(1e-9));
        assertThat(scores.logLoss().json()).containsEntry("high", null).containsEntry("low", 0.0);
    }

    @Test
    void calibrationErrorIsTheGapOfEachBin() {
        // Two rows of confidence 0.9, one of them right; two of 0.6, both right.
        var scores = ClassificationScores.of(new int[] {0, 1, 0, 0}, probabilitiesOfFirst(.9f, .9f, .6f, .6f), AB);

        assertThat(scores.calibrationError().value()).isCloseTo(0.5 * 0.4 + 0.5 * 0.4, within(1e-6));
    }

    @Test
    void intervalsOfMacroF1HoldTheTruthAboutAsOftenAsTheySay() {
        int K = 10;
        int truthRows = 200_000;
        double truth = Confusion.of(gold(0, truthRows, K), answers(0, truthRows, K), names(K)).macroF1();
        int held = 0;
        int worlds = 200;
        for (int world = 1; world <= worlds; world++) {
            int[] gold = gold(world, 300, K);
            int[] answers = answers(world, 300, K);
            double value = Confusion.of(gold, answers, names(K)).macroF1();
            double error = Bootstrap.macroF1(gold, answers, K);
            if (Math.abs(value - truth) <= Intervals.Z * error) {
                held++;
            }
        }
        assertThat(held).isBetween(180, 199);
    }

    @Test
    void theSameRowsGiveTheSameIntervals() {
        int[] gold = gold(3, 500, 7);
        float[] probabilities = new float[500 * 7];
        int[] answers = answers(3, 500, 7);
        for (int row = 0; row < 500; row++) {
            probabilities[row * 7 + answers[row]] = 1;
        }
        assertThat(ClassificationScores.of(gold, probabilities, names(7)).metrics())
                .isEqualTo(ClassificationScores.of(gold, probabilities, names(7)).metrics())
                .allSatisfy(metric -> assertThat(metric.low()).isLessThan(metric.value()));
    }

    @Test
    void areasUnderTheCurveAreUndefinedWhereAClassHasNoRows() {
        var scores = ClassificationScores.of(new int[] {0, 0}, probabilitiesOfFirst(.5f, .6f), AB);

        assertThat(scores.rocAucOneVersusRest()).isEmpty();
        assertThat(scores.rocAucOneVersusOne()).isEmpty();
    }

    @Test
    void whatDoesNotFitIsRefused() {
        assertThatThrownBy(() -> ClassificationScores.of(new int[] {2}, new float[] {.5f, .5f}, AB))
                .hasMessage("row 0: label 2 is not in [0, 2)");
        assertThatThrownBy(() -> ClassificationScores.of(new int[] {0}, new float[] {.5f, .6f}, AB))
                .hasMessageContaining("row 0").hasMessageContaining("sum to 1");
        assertThatThrownBy(() -> ClassificationScores.of(new int[] {0}, new float[] {Float.NaN, 1}, AB))
                .hasMessageContaining("row 0");
        assertThatThrownBy(() -> ClassificationScores.of(new int[] {0, 0}, new float[] {1, 0}, AB))
                .hasMessageContaining("2 gold labels").hasMessageContaining("1 rows");
        assertThatThrownBy(() -> ClassificationScores.of(new int[0], new float[0], AB)).hasMessageContaining("no row");
    }

    private static double square(double x) {
        return x * x;
    }

    private static float[] probabilitiesOfFirst(float... first) {
        float[] both = new float[2 * first.length];
        for (int row = 0; row < first.length; row++) {
            both[2 * row] = first[row];
            both[2 * row + 1] = 1 - first[row];
        }
        return both;
    }

    private static List<String> names(int K) {
        return IntStream.range(0, K).mapToObj(k -> "c" + k).toList();
    }

    private static int[] gold(int world, int rows, int K) {
        return IntStream.range(0, rows).map(row -> Draw.below(K, 1, world, row)).toArray();
    }

    /// Right in 55 of 100 rows, else any class.
    private static int[] answers(int world, int rows, int K) {
        int[] gold = gold(world, rows, K);
        return IntStream.range(0, rows)
                .map(row -> Draw.unit(2, world, row) < 0.55 ? gold[row] : Draw.below(K, 3, world, row)).toArray();
    }
}

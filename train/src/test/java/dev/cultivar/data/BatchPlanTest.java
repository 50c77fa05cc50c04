package dev.cultivar.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cultivar.batch.DataException;
import dev.cultivar.recipe.BatchingRecipe.Budget;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchPlanTest {

    @Test
    void everyRowIsInOneBatchWithinTheBudget() {
        Random random = new Random(11);
        for (int trial = 0; trial < 200; trial++) {
            int maxLength = 8 + random.nextInt(120);
            int[] lengths = random.ints(1 + random.nextInt(3_000), 2, maxLength + 1).toArray();
            Budget budget = random.nextBoolean() ? new Budget.Rows(1 + random.nextInt(40)) : new Budget.Tokens(128 + random.nextInt(2_000));
            BatchPlan plan = BatchPlan.of(lengths, maxLength, budget, trial, trial % 5);
            int[] seen = new int[lengths.length];
            for (int b = 0; b < plan.size(); b++) {
                int[] rows = plan.rows(b);
                Arrays.stream(rows).forEach(row -> seen[row]++);
                int longest = Arrays.stream(rows).map(row -> lengths[row]).max().orElseThrow();
                assertThat(plan.paddedLength(b))
                        .isEqualTo(budget instanceof Budget.Rows ? longest : Math.min((longest + 7) / 8 * 8, maxLength));
                assertThat(plan.tokens(b)).isEqualTo(Arrays.stream(rows).mapToLong(row -> lengths[row]).sum());
                switch (budget) {
                    case Budget.Rows(int most) -> assertThat(rows.length).isBetween(1, most);
                    case Budget.Tokens(int most) -> assertThat(rows.length * plan.paddedLength(b)).isLessThanOrEqualTo(most);
                }
            }
            assertThat(seen).containsOnly(1);
        }
    }

    @Test
    void thePlanIsAFunctionOfSeedAndEpoch() {
        int[] lengths = new Random(1).ints(500, 4, 40).toArray();
        for (Budget budget : new Budget[] {new Budget.Rows(7), new Budget.Tokens(300)}) {
            assertThat(Arrays.deepEquals(rows(BatchPlan.of(lengths, 40, budget, 3, 2)), rows(BatchPlan.of(lengths, 40, budget, 3, 2)))).isTrue();
            assertThat(Arrays.deepEquals(rows(BatchPlan.of(lengths, 40, budget, 3, 2)), rows(BatchPlan.of(lengths, 40, budget, 3, 1)))).isFalse();
            assertThat(Arrays.deepEquals(rows(BatchPlan.of(lengths, 40, budget, 3, 2)), rows(BatchPlan.of(lengths, 40, budget, 4, 2)))).isFalse();
        }
    }

    @Test
    void littleIsPadding() {
        int[] lengths = new Random(2).ints(20_000, 5, 60).toArray();
        for (Budget budget : new Budget[] {new Budget.Rows(32), new Budget.Tokens(2_048)}) {
            BatchPlan plan = BatchPlan.of(lengths, 64, budget, 1, 0);
            long area = IntStream.range(0, plan.size()).mapToLong(b -> (long) plan.rows(b).length * plan.paddedLength(b)).sum();
            assertThat((double) Arrays.stream(lengths).asLongStream().sum() / area).isGreaterThan(0.85);
            assertThat(IntStream.range(1, plan.size()).filter(b -> plan.paddedLength(b) == plan.paddedLength(b - 1)).count())
                    .as("short and long batches are mixed").isLessThan(plan.size() / 3);
        }
    }

    @Test
    void aRowThatNoBudgetHoldsIsRefused() {
        assertThatThrownBy(() -> BatchPlan.of(new int[] {9, 100}, 128, new Budget.Tokens(64), 1, 0))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("batching.tokens is 64, but row 1 alone takes 104 tokens with padding");
    }

    private static int[][] rows(BatchPlan plan) {
        return IntStream.range(0, plan.size()).mapToObj(plan::rows).toArray(int[][]::new);
    }
}

package dev.cultivar.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cultivar.recipe.ScheduleRecipe;
import dev.cultivar.recipe.ScheduleRecipe.Shape;
import dev.cultivar.recipe.ScheduleRecipe.Warmup;
import org.junit.jupiter.api.Test;

/// Where schedules begin and end, in shares of the horizon; each step of each kind is held against transformers by a golden case.
class SchedulesTest {
    private static final Warmup TENTH = new Warmup.Share(0.1);

    private static Schedule of(ScheduleRecipe recipe) {
        return Schedules.build(recipe, (name, parameters) -> (step, total) -> 0.5);
    }

    @Test
    void aWarmUpRisesFromNothing() {
        for (ScheduleRecipe recipe : new ScheduleRecipe[] {
            new ScheduleRecipe.Constant(TENTH),
            new ScheduleRecipe.Linear(TENTH),
            new ScheduleRecipe.Cosine(TENTH),
            new ScheduleRecipe.CosineWithRestarts(TENTH, 2),
            new ScheduleRecipe.CosineWithMinimum(TENTH, 0.5, 0.1),
            new ScheduleRecipe.Polynomial(TENTH, 2, 0.1),
            new ScheduleRecipe.InverseSqrt(TENTH, new ScheduleRecipe.Timescale.OfWarmup()),
            new ScheduleRecipe.WarmupStableDecay(TENTH, Shape.LINEAR, TENTH, Shape.LINEAR, 0)
        }) {
            assertThat(of(recipe).factor(0, 200)).as("%s", recipe).isZero();
            assertThat(of(recipe).factor(10, 200)).as("%s", recipe).isEqualTo(0.5);
            assertThat(of(recipe).factor(20, 200)).as("%s", recipe).isEqualTo(1);
        }
    }

    @Test
    void theLastPartIsAShareOfTheHorizon() {
        Schedule stable = of(new ScheduleRecipe.WarmupStableDecay(TENTH, Shape.COSINE, new Warmup.Share(0.2), Shape.SQRT, 0.1));
        assertThat(stable.factor(0, 200)).isEqualTo(0.1);
        assertThat(stable.factor(160, 200)).isEqualTo(1);
        assertThat(stable.factor(170, 200)).isCloseTo(0.1 + 0.9 * 0.5, within(1e-12)); // 1 - sqrt(1/4)
        assertThat(stable.factor(200, 200)).isEqualTo(0.1);
    }

    @Test
    void aWarmUpThatLeavesNoRoomComesFirst() {
        Schedule stable = of(new ScheduleRecipe.WarmupStableDecay(new Warmup.Steps(8), Shape.LINEAR, new Warmup.Steps(8), Shape.LINEAR, 0));
        assertThat(stable.factor(7, 10)).isEqualTo(7 / 8.0);
        assertThat(stable.factor(8, 10)).isEqualTo(1);
        assertThat(stable.factor(10, 10)).isZero();
    }

    @Test
    void withoutAWarmUpOneOverTheRootHasTransformersTimescale() {
        Schedule inverse = of(new ScheduleRecipe.InverseSqrt(new Warmup.Share(0), new ScheduleRecipe.Timescale.OfWarmup()));
        assertThat(inverse.factor(0, 100)).isEqualTo(1);
        assertThat(inverse.factor(30_000, 100_000)).isCloseTo(0.5, within(1e-12));
    }

    @Test
    void anExtensionsScheduleIsWarmedUp() {
        Schedule custom = of(new ScheduleRecipe.Custom("half", TENTH, new dev.cultivar.recipe.Parameters(java.util.Map.of())));
        assertThat(custom.factor(5, 100)).isEqualTo(0.5);
        assertThat(custom.factor(50, 100)).isEqualTo(0.5);
        assertThat(custom.factor(1, 100)).isEqualTo(0.1);
    }
}

package dev.cultivar.optim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cultivar.nn.FlatGroup;
import dev.cultivar.nn.NoGradient;
import dev.cultivar.recipe.OptimizerRecipe;
import dev.cultivar.recipe.OptimizerRecipe.Decayed;
import dev.cultivar.recipe.OptimizerRecipe.Muon.Scale;
import dev.cultivar.torch.Scope;
import dev.cultivar.torch.Tensors;
import dev.cultivar.torch.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What holds for every optimizer, whatever its formula; the formulas themselves are held against PyTorch's by a golden case.
class OptimizersTest {
    private static final int SMALL = 40;
    private static final int LARGE = 300; // more than one thread's block of a pass
    private static final Decayed ALL = Decayed.ALL;
    private static final OptimizerRecipe.AdamW ADAMW = new OptimizerRecipe.AdamW(0.01, 0.9, 0.99, 1e-8, 0.1, ALL);

    /// Those that make one pass over memory: bits do not depend on segments or threads.
    static Stream<OptimizerRecipe> inOnePass() {
        return Stream.of(
                ADAMW,
                new OptimizerRecipe.Adam(0.01, 0.9, 0.99, 1e-8, false, 0.1, ALL),
                new OptimizerRecipe.Adam(0.01, 0.9, 0.99, 1e-8, true, 0, ALL),
                new OptimizerRecipe.Sgd(0.01, 0, 0, false, 0.1, ALL),
                new OptimizerRecipe.Sgd(0.01, 0.9, 0.3, false, 0.1, ALL),
                new OptimizerRecipe.Sgd(0.01, 0.9, 0, true, 0, ALL),
                new OptimizerRecipe.Lion(0.001, 0.9, 0.99, 0.1, ALL));
    }

    static Stream<OptimizerRecipe> every() {
        return Stream.concat(inOnePass(), Stream.of(
                new OptimizerRecipe.Adamax(0.01, 0.9, 0.99, 1e-8, 0.1, ALL),
                new OptimizerRecipe.NAdam(0.01, 0.9, 0.99, 1e-8, 0.004, 0.1, ALL),
                new OptimizerRecipe.RAdam(0.01, 0.9, 0.99, 1e-8, 0.1, ALL),
                new OptimizerRecipe.Adagrad(0.05, 0.1, 0.1, 1e-10, 0.1, ALL),
                new OptimizerRecipe.Adadelta(1, 0.9, 1e-6, 0.1, ALL),
                new OptimizerRecipe.RmsProp(0.01, 0.9, 1e-8, 0.5, true, 0.1, ALL),
                new OptimizerRecipe.Adafactor(0.01, true, true, 0.8, 1, 1e-30, 0.9, 0.1, ALL),
                muon()));
    }

    private static OptimizerRecipe.Muon muon() {
        return new OptimizerRecipe.Muon(0.02, 0.95, true, 5, Scale.ORIGINAL, 0.1, ADAMW);
    }

    @Test
    void noKindIsForgotten() {
        assertThat(Stream.concat(every(), Stream.of(new OptimizerRecipe.Custom("", 1, new dev.cultivar.recipe.Parameters(Map.of()))))
                .map(Object::getClass)
                .distinct())
                .containsExactlyInAnyOrder((Class<? extends OptimizerRecipe>[]) OptimizerRecipe.class.getPermittedSubclasses());
    }

    private static float[] after(OptimizerRecipe recipe, int side, Function<Bench, List<Segment>> segments) {
        try (var bench = new Bench(recipe, side)) {
            for (int step = 0; step < 4; step++) {
                bench.draw();
                bench.consume(segments.apply(bench), 0.3);
            }
            return bench.values();
        }
    }

    private static void assertClose(float[] got, float[] expected, double tolerance) {
        double worst = 0;
        for (int i = 0; i < expected.length; i++) {
            worst = Math.max(worst, Math.abs((double) got[i] - expected[i]) / (1 + Math.abs(expected[i])));
        }
        assertThat(worst).isLessThanOrEqualTo(tolerance);
    }

    @ParameterizedTest
    @MethodSource("every")
    void theGradientIsScaledAndUsedUp(OptimizerRecipe recipe) {
        try (var bench = new Bench(recipe, SMALL); var scaled = new Bench(recipe, SMALL)) {
            for (int step = 0; step < 3; step++) {
                bench.draw();
                scaled.draw();
                try (var scope = Scope.open(); var without = new NoGradient()) {
                    Tensor gradient = scaled.group.gradient();
                    gradient.mul_(new Scalar(0.25));
                }
                bench.consume(bench.whole(), 0.25);
                scaled.consume(scaled.whole(), 1);
                assertThat(Tensors.floats(bench.group.gradient())).containsOnly(0);
            }
            assertThat(bench.values()).isEqualTo(scaled.values());
        }
    }

    @ParameterizedTest
    @MethodSource("inOnePass")
    void segmentsAndThreadsDoNotChangeABit(OptimizerRecipe recipe) {
        float[] whole = after(recipe, LARGE, Bench::whole);
        assertThat(after(recipe, LARGE, Bench::apart)).isEqualTo(whole);
        int threads = Torch.threads();
        try {
            Torch.operatorThreads(1);
            assertThat(after(recipe, LARGE, Bench::whole)).isEqualTo(whole);
            Torch.operatorThreads(5);
            assertThat(after(recipe, LARGE, Bench::whole)).isEqualTo(whole);
        } finally {
            Torch.operatorThreads(threads);
        }
    }

    @ParameterizedTest
    @MethodSource("every")
    void segmentsDoNotMatter(OptimizerRecipe recipe) {
        assertClose(after(recipe, SMALL, Bench::apart), after(recipe, SMALL, Bench::whole), 1e-6);
    }

    /// What runs on a GPU is the same formula in libtorch's operators.
    @ParameterizedTest
    @MethodSource("inOnePass")
    void onePassAgreesWithOperators(OptimizerRecipe recipe) {
        try (var passed = new Bench(recipe, SMALL); var operated = new Bench(recipe, SMALL)) {
            var stepper = (Stepper) operated.optimizer;
            for (int step = 1; step <= 5; step++) {
                passed.draw();
                operated.draw();
                passed.consume(passed.whole(), 1);
                try (var scope = Scope.open(); var without = new NoGradient()) {
                    stepper.rule().step(operated.whole().getFirst(), step, recipe.learningRate() * 0.7);
                }
            }
            assertClose(passed.values(), operated.values(), 2e-6);
        }
    }

    /// A parameter that is unfrozen late counts its own steps: it moves as if training began with it.
    @ParameterizedTest
    @MethodSource("every")
    void whatIsUnfrozenLateStartsAnew(OptimizerRecipe recipe) {
        try (var late = new Bench(recipe, SMALL); var fresh = new Bench(recipe, SMALL)) {
            for (int step = 0; step < 3; step++) {
                late.draw();
                late.consume(List.of(late.segment(0, 1), late.segment(4, 4)), 1);
            }
            assertThat(late.values("layer.1.weight")).isEqualTo(fresh.values("layer.1.weight"));
            for (int step = 0; step < 2; step++) {
                late.draw();
                try (var scope = Scope.open(); var without = new NoGradient()) {
                    fresh.group.gradient().copy_(late.group.gradient());
                }
                late.consume(late.whole(), 1);
                fresh.consume(fresh.whole(), 1);
            }
            for (String name : List.of("layer.1.weight", "layer.2.kernel", "layer.3.bias")) {
                assertClose(late.values(name), fresh.values(name), 1e-6);
            }
            assertThat(late.values("layer.0.weight")).isNotEqualTo(fresh.values("layer.0.weight"));
        }
    }

    /// With no gradient, only what decays moves.
    @ParameterizedTest
    @MethodSource("every")
    void onlyWhatDecaysIsPulled(OptimizerRecipe recipe) {
        try (var bench = new Bench(recipe, SMALL)) {
            float[] before = bench.values();
            Segment all = bench.whole().getFirst();
            bench.consume(List.of(new Segment(all.group(), 0, all.first(), all.last(), 1, false)), 1);
            assertThat(bench.values()).isEqualTo(before);
        }
    }

    @Test
    void muonStepsMatricesOfHiddenLayersAndAdamWTheRest() {
        try (var muon = new Bench(muon(), SMALL); var adamW = new Bench(ADAMW, SMALL)) {
            for (int step = 0; step < 3; step++) {
                muon.draw();
                adamW.draw();
                muon.consume(muon.whole(), 1);
                adamW.consume(adamW.whole(), 1);
            }
            for (String name : List.of("embeddings.weight", "layer.2.kernel", "layer.0.bias", "layer.3.bias")) {
                assertThat(muon.values(name)).as(name).isEqualTo(adamW.values(name));
            }
            for (String name : List.of("layer.0.weight", "layer.1.weight")) {
                assertThat(muon.values(name)).as(name).isNotEqualTo(adamW.values(name));
            }
        }
    }

    /// A processor without bfloat16 products takes float32 ones of the same rounded numbers: PyTorch's own bfloat16 differs from them
    /// by the order of sums at most.
    @Test
    void widenedProductsAreThoseOfBfloat16() {
        try (var scope = Scope.open(); var without = new NoGradient(); var bench = new Bench(muon(), SMALL)) {
            Tensor matrix = bench.group.data().narrow(0, 0, 30 * 50).view(30, 50);
            float[] widened = Tensors.floats(Orthogonal.nearest(matrix, 5, true));
            float[] narrow = Tensors.floats(Orthogonal.nearest(matrix, 5, false));
            assertClose(widened, narrow, 0.02);
            assertThat(widened).isNotEqualTo(Tensors.floats(matrix));
        }
    }

    @Test
    void muonRemembersOneNumberAMatrixElement() {
        try (var bench = new Bench(muon(), SMALL); var scope = Scope.open()) {
            var matrices = new Memories(List.of(bench.group), bench.memory, member -> member.name().equals("layer.1.weight"));
            List<Long> sizes = new ArrayList<>();
            matrices.moments("momentum").tensors().forEach(tensor -> sizes.add(tensor.numel()));
            assertThat(sizes).containsExactly((long) SMALL * SMALL);
        }
    }
}

package dev.cultivar.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cultivar.nn.SoftCap;
import dev.cultivar.torch.Scope;
import dev.cultivar.torch.Tensors;
import dev.cultivar.torch.Torch;
import java.util.Optional;
import java.util.Random;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The loss over chunks of the vocabulary's projection is the loss over all of it, and so is its gradient.
class ProjectedCrossEntropyTest {
    @BeforeAll
    static void start() {
        Torch.start();
    }

    private static Tensor random(Random random, int rows, int columns) {
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Tensors.ofFloats(values, rows, columns).requires_grad_(true);
    }

    /// A chunk of a vocabulary of 20,000 has 256 rows, so 600 rows make three of them, the last one short.
    @ParameterizedTest
    @CsvSource({"600, 20000, 0", "256, 20000, 0", "1, 20000, 0", "300, 7, 0", "600, 20000, 1.5", "300, 7, 2"})
    void isThatOfAllLogitsAtOnce(int rows, int vocabulary, double bound) {
        Optional<SoftCap> cap = bound == 0 ? Optional.empty() : Optional.of(new SoftCap(bound));
        try (var scope = Scope.open()) {
            var random = new Random(rows);
            Tensor states = random(random, rows, 8);
            Tensor table = random(random, vocabulary, 8);
            Tensor labels = Tensors.ofInts(random.ints(rows, 0, vocabulary).toArray(), rows);
            Denominators per = Denominators.of("term", rows);

            Tensor logits = torch.mm(states, table.t());
            Tensor capped = cap.isEmpty() ? logits : cap.get().apply(logits);
            Loss whole = Loss.of(new Loss.Term("term", CrossEntropy.sum(capped, labels, 0), 1.5));
            whole.backward(per);
            float[] dStates = Tensors.floats(states.grad());
            float[] dTable = Tensors.floats(table.grad());
            states.mutable_grad().reset();
            table.mutable_grad().put(torch.zeros_like(table)); // one that is there is added to

            Loss.Term term = ProjectedCrossEntropy.term("term", states, table, cap, labels);
            Loss chunks = Loss.of(new Loss.Term("term", term.sum(), 1.5, term.computed()));
            chunks.backward(per);

            assertThat(chunks.over(per)).isCloseTo(whole.over(per), within(1e-4));
            assertThat(furthest(Tensors.floats(states.grad()), dStates)).isLessThan(3e-6);
            assertThat(furthest(Tensors.floats(table.grad()), dTable)).isLessThan(3e-6);
            float[] each = Tensors.floats(ProjectedCrossEntropy.each(states, table, cap, labels));
            double sum = 0;
            for (float one : each) {
                sum += one;
            }
            assertThat(sum).isCloseTo(Tensors.item(term.sum()), within(1e-2));
        }
    }

    private static double furthest(float[] got, float[] expected) {
        assertThat(got).hasSameSizeAs(expected);
        double furthest = 0;
        for (int i = 0; i < got.length; i++) {
            furthest = Math.max(furthest, Math.abs(got[i] - expected[i]));
        }
        return furthest;
    }

    /// A table that does not learn gets no gradient, and the states below it still do.
    @ParameterizedTest
    @CsvSource({"true, false", "false, true"})
    void computesOnlyWhatLearns(boolean statesLearn, boolean tableLearns) {
        try (var scope = Scope.open()) {
            var random = new Random(1);
            Tensor states = random(random, 5, 4).requires_grad_(statesLearn);
            Tensor table = random(random, 6, 4).requires_grad_(tableLearns);
            Loss.Term term = ProjectedCrossEntropy.term("term", states, table, Tensors.ofInts(new int[] {0, 1, 2, 3, 4}, 5));
            Loss.of(term).backward(Denominators.of("term", 5));
            assertThat(states.grad().defined()).isEqualTo(statesLearn);
            assertThat(table.grad().defined()).isEqualTo(tableLearns);
            assertThat(term.sum().add(new Scalar(0)).item_double()).isPositive();
        }
    }
}

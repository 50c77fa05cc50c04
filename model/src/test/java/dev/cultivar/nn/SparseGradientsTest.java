package dev.cultivar.nn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cultivar.batch.Batch;
import dev.cultivar.torch.Scope;
import dev.cultivar.torch.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

/// What a table of words and its gradient are spared must not be seen in the numbers.
class SparseGradientsTest {
    private static final int PIECES = 3_000;
    private static final int WIDTH = 5;
    private static final int PAD = 3;

    @Test
    void aLookupOfAPackedTableHasTheLibrarysGradient() {
        int[] ids = {7, 3, 2_999, 7, 0, 3, 7, 41};
        try (var scope = Scope.open(); var weights = new Weights(1, Weights.Stored.NONE)) {
            weights.parameter("table", new Initial.Normal(1), PIECES, WIDTH);
            FlatGroup group = weights.pack(List.of("table"), false, 2);
            Tensor factors = Tensors.ofFloats(new Random(4).doubles(ids.length * WIDTH).collect(
                    () -> new float[ids.length * WIDTH], new Filling()::put, (a, b) -> {}), 2, 4, WIDTH);
            Tensor numbers = Tensors.ofInts(ids, 2, 4);
            Tensor plain = Tensors.ofFloats(Tensors.floats(weights.master("table")), PIECES, WIDTH).requires_grad_(true);
            torch.embedding(plain, numbers, PAD, false, false).mul(factors).sum().backward();
            float[] expected = Tensors.floats(plain.grad());

            for (int replica = 0; replica < 2; replica++) {
                Weights.asReplica(replica, () -> {
                    Tensor rows = Lookup.of(weights.get("table"), numbers, ids, PAD);
                    assertThat(Tensors.floats(rows)).isEqualTo(Tensors.floats(torch.embedding(plain, numbers)));
                    rows.mul(factors).sum().backward();
                });
                assertThat(Arrays.copyOf(Tensors.floats(group.gradients().get(replica)), PIECES * WIDTH)).isEqualTo(expected);
            }
            group.merge();
            float[] both = Arrays.copyOf(Tensors.floats(group.gradient()), PIECES * WIDTH);
            for (int i = 0; i < both.length; i++) {
                assertThat(both[i]).isEqualTo(2 * expected[i]);
            }
            assertThat(Tensors.floats(group.gradients().get(1))).containsOnly(0);
        }
    }

    private static final class Filling {
        private int next;

        void put(float[] into, double value) {
            into[next++] = (float) value;
        }
    }

    @Test
    void whatIsNotPackedOrNotTrainedIsLookedUpAsEver() {
        int[] ids = {1, 2};
        try (var scope = Scope.open(); var weights = new Weights(1, Weights.Stored.NONE)) {
            weights.parameter("table", new Initial.Normal(1), PIECES, WIDTH);
            Tensor table = weights.get("table");
            assertThat(Lookup.of(table, Tensors.ofInts(ids, 1, 2), ids, PAD).requires_grad()).isFalse();
            weights.requireGradient("table", true);
            Lookup.of(table, Tensors.ofInts(ids, 1, 2), ids, PAD).sum().backward();
            assertThat(Tensors.floats(table.grad().sum(1)).length).isEqualTo(PIECES);
            assertThat(Tensors.floats(table.grad())[WIDTH]).isEqualTo(1);
        }
    }

    /// Logits and all gradients of a classifier that reads the first token, against those of a backbone that computes every token.
    @Test
    void theLastLayerOfAClassifierComputesTheFirstTokenAlone() {
        int[] ids = {5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 0, 0};
        int[] seen = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0};
        try (var scope = Scope.open(); var weights = new Weights(1, Weights.Stored.NONE)) {
            var bert = new Bert(weights, new BertConfig(40, 16, 2, 2, 32, 12, 2, "gelu", 0.0, 0.0, 1e-12, 0.3, 0), true);
            var classifier = RowClassifier.of(new Model(weights, bert), Pooling.CLS, 3, 0.3);
            weights.parameters().forEach(name -> weights.requireGradient(name, true));
            Batch batch = Batch.of(1, 2, 3).ints("input_ids", ids, 3, 5).ints("attention_mask", seen, 3, 5).build();
            var mode = new Mode(true, 0, null);

            Inputs inputs = Inputs.of(batch);
            Hidden whole = bert.forward(inputs, mode);
            assertThat(whole.states().size(1)).isEqualTo(5);
            Tensor expected = classifier.head().logits(whole, inputs, mode);
            expected.square().sum().backward();
            List<float[]> gradients = weights.parameters().stream().map(name -> gradient(weights, name)).toList();
            weights.parameters().forEach(name -> weights.get(name).mutable_grad().zero_());

            assertThat(bert.forward(Inputs.of(batch).firstToken(), mode).states().size(1)).isEqualTo(1);
            Tensor logits = classifier.logits(Inputs.of(batch), mode);
            assertThat(Tensors.floats(logits)).containsExactly(Tensors.floats(expected), Offset.offset(1e-5f));
            logits.square().sum().backward();
            for (int p = 0; p < gradients.size(); p++) {
                assertThat(gradient(weights, weights.parameters().get(p)))
                        .as(weights.parameters().get(p))
                        .containsExactly(gradients.get(p), Offset.offset(1e-4f));
            }
        }
    }

    private static float[] gradient(Weights weights, String name) {
        Tensor gradient = weights.get(name).grad();
        return gradient.defined() ? Tensors.floats(gradient.mul(new Scalar(1))) : new float[0];
    }
}

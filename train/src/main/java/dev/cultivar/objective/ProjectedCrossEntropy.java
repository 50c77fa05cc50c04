package dev.cultivar.objective;

import dev.cultivar.nn.NoGradient;
import dev.cultivar.nn.SoftCap;
import dev.cultivar.torch.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.bytedeco.pytorch.global.torch;

/// Cross entropy of states projected on a vocabulary, without ever holding the logits of all of them.
///
/// With `z = x W^T`, `p = softmax(z)` and `y` the one-hot label, the gradient by `z` is `p - y`, times the slope of a soft cap where
/// the logits have one: it is known as soon as the logits are. So each chunk of rows goes forward and backward at once, in memory that the processor's caches hold, and its
/// logits are forgotten. Legend: N rows, C width, V vocabulary.
final class ProjectedCrossEntropy {
    /// Numbers in a chunk's logits: 4 MB in float32, more where the vocabulary is large. Every chunk goes over the table's whole
    /// gradient once, so that few rows in each would cost more than their logits.
    private static final long CHUNK_ELEMENTS = 1 << 20;
    private static final long SMALLEST_CHUNK = 256;

    private ProjectedCrossEntropy() {}

    /// What becomes of the product of states and table before it is scored, and what it is scored against.
    private record Shape(Optional<SoftCap> cap, Optional<Tensor> bias, double smoothing) {}

    /// Of logits as they are.
    static Loss.Term term(String name, Tensor states, Tensor table, Tensor labels) {
        return term(name, states, table, Optional.empty(), labels);
    }

    /// The sum over all rows, with its gradient where one is recorded.
    ///
    /// @param states (N, C)
    /// @param table  (V, C), one row a piece
    /// @param cap    of the logits
    /// @param labels (N), int64, each in [0, V)
    static Loss.Term term(String name, Tensor states, Tensor table, Optional<SoftCap> cap, Tensor labels) {
        return term(name, states, table, labels, new Shape(cap, Optional.empty(), 0));
    }

    /// @param bias      a constant of each piece that is added to the logits, (V)
    /// @param smoothing share of the target spread over all pieces (Szegedy et al., 2016): `y` is then `(1 - s) y + s / V`
    static Loss.Term term(String name, Tensor states, Tensor table, Tensor labels, Optional<Tensor> bias, double smoothing) {
        return term(name, states, table, labels, new Shape(Optional.empty(), bias, smoothing));
    }

    private static Loss.Term term(String name, Tensor states, Tensor table, Tensor labels, Shape shape) {
        boolean learns = GradMode.is_enabled();
        boolean statesLearn = learns && states.requires_grad();
        boolean tableLearns = learns && table.requires_grad();
        Tensor dStates;
        Tensor dTable;
        Tensor sum;
        try (var without = new NoGradient()) {
            var exact = new TensorOptions(ScalarType.Float);
            dStates = torch.empty(statesLearn ? shape(states) : new long[] {0}, new TensorOptions(states.scalar_type()), null);
            dTable = torch.zeros(tableLearns ? shape(table) : new long[] {0}, exact);
            sum = torch.zeros(new long[] {1}, exact);
            long rows = states.size(0);
            long height = Math.max(SMALLEST_CHUNK, CHUNK_ELEMENTS / table.size(0));
            for (long from = 0; from < rows; from += height) {
                try (var scope = Scope.open()) {
                    long count = Math.min(height, rows - from);
                    Tensor x = states.detach().narrow(0, from, count); // (n, C)
                    Tensor y = labels.narrow(0, from, count).unsqueeze(1); // (n, 1)
                    Tensor logits = logits(x, table, shape);
                    Tensor logProbabilities = torch.log_softmax(logits.to(ScalarType.Float), 1); // (n, V)
                    sum.sub_(logProbabilities.gather(1, y).sum(), new Scalar(1 - shape.smoothing));
                    double each = shape.smoothing / table.size(0);
                    if (shape.smoothing > 0) {
                        sum.sub_(logProbabilities.sum(), new Scalar(each));
                    }
                    if (statesLearn || tableLearns) {
                        Tensor target = torch.full(new long[] {count, 1}, new Scalar(shape.smoothing - 1), exact);
                        Tensor probabilities = logProbabilities.exp_().scatter_add_(1, y, target);
                        Tensor dCapped = shape.smoothing > 0 ? probabilities.sub_(new Scalar(each)) : probabilities;
                        Tensor dLogits = shape.cap.map(by -> dCapped.mul(by.slope(logits))).orElse(dCapped).to(states.scalar_type());
                        if (statesLearn) {
                            torch.mm_out(dStates.narrow(0, from, count), dLogits, table);
                        }
                        if (tableLearns) {
                            gather(dTable, dLogits, x);
                        }
                    }
                }
            }
        }
        if (!statesLearn && !tableLearns) {
            return new Loss.Term(name, sum, 1);
        }
        List<Loss.Share> shares = new ArrayList<>();
        if (tableLearns) {
            shares.add(new Loss.Share(table, dTable));
        }
        Optional<Tensor> surrogate = statesLearn ? Optional.of(states.mul(dStates).sum(new ScalarTypeOptional(ScalarType.Float))) : Optional.empty();
        return new Loss.Term(name, sum, 1, Optional.of(new Loss.Computed(surrogate, shares)));
    }

    /// (n, V) and (n, C) onto (V, C): in float32, so that many chunks in bfloat16 lose nothing.
    private static void gather(Tensor dTable, Tensor dLogits, Tensor x) {
        if (x.scalar_type().intern() == ScalarType.Float) {
            dTable.addmm_(dLogits.t(), x);
        } else {
            dTable.add_(torch.mm(dLogits.t(), x));
        }
    }

    /// Of logits as they are.
    static Tensor each(Tensor states, Tensor table, Tensor labels) {
        return each(states, table, Optional.empty(), labels);
    }

    /// The losses of all rows, (N), float32; without gradients.
    static Tensor each(Tensor states, Tensor table, Optional<SoftCap> cap, Tensor labels) {
        return each(states, table, labels, new Shape(cap, Optional.empty(), 0));
    }

    /// @param bias a constant of each piece that is added to the logits, (V)
    static Tensor each(Tensor states, Tensor table, Tensor labels, Optional<Tensor> bias) {
        return each(states, table, labels, new Shape(Optional.empty(), bias, 0));
    }

    private static Tensor each(Tensor states, Tensor table, Tensor labels, Shape shape) {
        try (var without = new NoGradient()) {
            Tensor losses = torch.empty(new long[] {states.size(0)}, new TensorOptions(ScalarType.Float), null);
            long height = Math.max(SMALLEST_CHUNK, CHUNK_ELEMENTS / table.size(0));
            for (long from = 0; from < states.size(0); from += height) {
                try (var scope = Scope.open()) {
                    long count = Math.min(height, states.size(0) - from);
                    Tensor logits = logits(states.narrow(0, from, count), table, shape);
                    losses.narrow(0, from, count).copy_(CrossEntropy.each(logits, labels.narrow(0, from, count)));
                }
            }
            return losses;
        }
    }

    /// (n, C) and (V, C) -> (n, V)
    private static Tensor logits(Tensor x, Tensor table, Shape shape) {
        Tensor product = torch.mm(x, table.t());
        Tensor capped = shape.cap.map(by -> by.apply(product)).orElse(product);
        return shape.bias.map(by -> capped.to(ScalarType.Float).add(by)).orElse(capped);
    }

    private static long[] shape(Tensor tensor) {
        return new long[] {tensor.size(0), tensor.size(1)};
    }
}

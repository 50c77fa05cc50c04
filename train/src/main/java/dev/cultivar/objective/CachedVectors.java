package dev.cultivar.objective;

import dev.cultivar.batch.Batch;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.Mode;
import dev.cultivar.nn.Model;
import dev.cultivar.torch.Scope;
import dev.cultivar.torch.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/// A loss that compares the vectors of a step's rows with each other, over several micro-batches (Gao et al., 2021): its gradient by the vectors is
/// computed once for all of them, and each micro-batch then goes backward from its own part.
///
/// Legend: G rows, N vectors of a row, C numbers of a vector.
///
/// @param term    its name
/// @param width   C
/// @param network what makes the vectors
/// @param loss    what compares them
record CachedVectors(String term, int width, Network network, Comparison loss) implements Together {

    /// Makes vectors of a micro-batch's rows.
    @FunctionalInterface
    interface Network {
        /// (G, N, C)
        Tensor vectors(Inputs inputs, Mode mode);
    }

    /// What each row costs beside all others.
    @FunctionalInterface
    interface Comparison {
        /// (G, N, C) -> (G)
        ///
        /// @param batches that the rows are of, in their order
        Tensor each(Tensor vectors, List<Batch> batches);
    }

    @Override
    public float[] see(Model model, Inputs inputs, Mode mode) {
        return Tensors.floats(network.vectors(inputs, mode));
    }

    @Override
    public List<Share> shares(List<Batch> batches, List<float[]> seen) {
        int rows = batches.stream().mapToInt(Batch::rows).sum();
        float[] vectors = new float[seen.stream().mapToInt(each -> each.length).sum()];
        int at = 0;
        for (float[] each : seen) {
            System.arraycopy(each, 0, vectors, at, each.length);
            at += each.length;
        }
        try (var scope = Scope.open()) {
            Tensor leaf = Tensors.ofFloats(vectors, rows, vectors.length / rows / width, width).set_requires_grad(true);
            Tensor each = loss.each(leaf, batches);
            each.sum().backward();
            return shares(batches, seen, Tensors.floats(leaf.grad()), Tensors.floats(each));
        }
    }

    private List<Share> shares(List<Batch> batches, List<float[]> seen, float[] gradient, float[] losses) {
        List<Share> shares = new ArrayList<>();
        int row = 0;
        int at = 0;
        for (int m = 0; m < seen.size(); m++) {
            float[] own = Arrays.copyOfRange(gradient, at, at + seen.get(m).length);
            double sum = 0;
            for (int i = 0; i < batches.get(m).rows(); i++) {
                sum += losses[row + i];
            }
            shares.add(share(own, sum));
            row += batches.get(m).rows();
            at += own.length;
        }
        return shares;
    }

    /// The loss of a micro-batch's own rows; its gradient is that of the whole loss by this micro-batch's vectors.
    private Share share(float[] gradient, double sum) {
        return (model, inputs, mode) -> {
            Tensor again = network.vectors(inputs, mode);
            Tensor surrogate = again.mul(Tensors.ofFloats(gradient, again.size(0), again.size(1), again.size(2))).sum();
            Tensor value = Tensors.ofFloats(new float[] {1}, 1).mul(new Scalar(sum)).sum();
            return Loss.of(new Loss.Term(term, value, 1, Optional.of(new Loss.Computed(Optional.of(surrogate), List.of()))));
        };
    }
}

package dev.cultivar.objective;

import dev.cultivar.recipe.ObjectiveRecipe.RankingLoss;
import dev.cultivar.torch.Tensors;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/// Losses of one query: its documents' scores (D) and their grades to one number, a sum over what [#count] counts.
final class RankingLosses {
    /// PyTorch's code for a sum.
    private static final long SUM = 2;

    private RankingLosses() {}

    /// What a query adds to the loss's denominator: documents, pairs of documents of different grades, or itself.
    static long count(RankingLoss loss, float[] grades) {
        return switch (loss) {
            case POINTWISE, MSE -> grades.length;
            case RANKNET, LAMBDARANK -> pairs(grades);
            case LISTNET, LISTMLE -> 1;
        };
    }

    private static long pairs(float[] grades) {
        long pairs = 0;
        for (float better : grades) {
            for (float worse : grades) {
                pairs += better > worse ? 1 : 0;
            }
        }
        return pairs;
    }

    static Tensor sum(RankingLoss loss, Tensor scores, float[] grades) {
        return switch (loss) {
            case POINTWISE -> pointwise(scores, grades);
            case MSE -> torch.mse_loss(scores, Tensors.ofFloats(grades, grades.length), SUM);
            case RANKNET -> pairwise(scores, grades, (i, j) -> 1);
            case LAMBDARANK -> lambda(scores, grades);
            case LISTNET -> listNet(scores, grades);
            case LISTMLE -> listMle(scores, grades);
        };
    }

    private static Tensor pointwise(Tensor scores, float[] grades) {
        float[] relevant = new float[grades.length];
        for (int i = 0; i < grades.length; i++) {
            relevant[i] = grades[i] > 0 ? 1 : 0;
        }
        return torch.binary_cross_entropy_with_logits(
                scores, Tensors.ofFloats(relevant, relevant.length), new TensorOptional(), new TensorOptional(), SUM);
    }

    /// What the order of two documents is worth.
    private interface Weight {
        double of(int better, int worse);
    }

    /// Burges et al. (2005), equation 3, in bits: log2(1 + exp(-(s_i - s_j))) over the pairs in which i is the better one.
    private static Tensor pairwise(Tensor scores, float[] grades, Weight weight) {
        int D = grades.length;
        float[] weights = new float[D * D];
        for (int i = 0; i < D; i++) {
            for (int j = 0; j < D; j++) {
                weights[i * D + j] = grades[i] > grades[j] ? (float) weight.of(i, j) : 0;
            }
        }
        Tensor ahead = scores.unsqueeze(1).sub(scores.unsqueeze(0)); // (D, D): s_i - s_j
        return torch.softplus(ahead.neg()).mul(Tensors.ofFloats(weights, D, D)).sum().div(new Scalar(Math.log(2)));
    }

    /// Burges (2010), section 6: a pair counts by how far NDCG moves when its documents change places; ranks are no part of the gradient.
    private static Tensor lambda(Tensor scores, float[] grades) {
        float[] now = Tensors.floats(scores);
        double[] discount = new double[grades.length];
        int[] order = ordered(now);
        for (int rank = 0; rank < order.length; rank++) {
            discount[order[rank]] = Math.log(2) / Math.log(rank + 2);
        }
        double ideal = 0;
        int[] best = ordered(grades);
        for (int rank = 0; rank < best.length; rank++) {
            ideal += gain(grades[best[rank]]) * Math.log(2) / Math.log(rank + 2);
        }
        double whole = ideal;
        return pairwise(scores, grades, (i, j) ->
                Math.abs(gain(grades[i]) - gain(grades[j])) / whole * Math.abs(discount[i] - discount[j]));
    }

    private static double gain(double grade) {
        return Math.pow(2, grade) - 1;
    }

    /// Cao et al. (2007), equation 4 with the softmax over single documents: cross entropy of the scores' distribution against the grades'.
    private static Tensor listNet(Tensor scores, float[] grades) {
        Tensor wanted = Tensors.ofFloats(grades, grades.length).softmax(0);
        return wanted.mul(scores.log_softmax(0)).sum().neg();
    }

    /// Xia et al. (2008), equation 5: each document in falling order of grade is chosen among itself and those that follow.
    private static Tensor listMle(Tensor scores, float[] grades) {
        Tensor ordered = scores.index_select(0, Tensors.ofInts(ordered(grades), grades.length));
        Tensor among = torch.logcumsumexp(ordered.flip(0), 0).flip(0);
        return among.sub(ordered).sum();
    }

    /// The places of values, the highest first; of equal ones the first.
    private static int[] ordered(float[] values) {
        return IntStream.range(0, values.length).boxed()
                .sorted((i, j) -> Float.compare(values[j], values[i]))
                .mapToInt(Integer::intValue)
                .toArray();
    }
}

package dev.cultivar.objective;

import dev.cultivar.nn.TextEmbedding;
import dev.cultivar.recipe.ObjectiveRecipe.EmbeddingLoss;
import dev.cultivar.torch.Tensors;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/// Losses over groups of vectors: (G, N, C) to one number a group, (G).
///
/// G groups: N the texts of each: the first, the one that belongs to it, and then, where there are some, those that do not.
final class EmbeddingLosses {
    /// What PyTorch's pairwise distance adds to each difference.
    private static final double DISTANCE_EPSILON = 1e-6;

    private EmbeddingLosses() {}

    /// The name of the loss in logs.
    static String name(EmbeddingLoss loss) {
        return switch (loss) {
            case EmbeddingLoss.MultipleNegatives _ -> "multiple_negatives";
            case EmbeddingLoss.Cosine _ -> "cosine";
            case EmbeddingLoss.Contrastive _ -> "contrastive";
            case EmbeddingLoss.Triplet _ -> "triplet";
        };
    }

    /// The squared distance of each pair's cosine to its score.
    static Tensor cosine(Tensor vectors, Tensor scores) {
        Tensor off = cosines(vectors).sub(scores);
        return off.mul(off);
    }

    /// Half the squared cosine distance of pairs that belong together, and half the square of what is missing to the margin of others.
    static Tensor contrastive(Tensor vectors, Tensor scores, double margin) {
        Tensor distance = cosines(vectors).neg().add(new Scalar(1));
        Tensor missing = torch.relu(distance.neg().add(new Scalar(margin)));
        Tensor apart = scores.neg().add(new Scalar(1));
        return scores.mul(distance.mul(distance)).add(apart.mul(missing.mul(missing))).mul(new Scalar(0.5));
    }

    /// How much closer than the third text the second should be.
    static Tensor triplet(Tensor vectors, double margin) {
        return torch.relu(distance(vectors, 1).sub(distance(vectors, 2)).add(new Scalar(margin)));
    }

    private static Tensor distance(Tensor vectors, int other) {
        return torch.pairwise_distance(vectors.select(1, 0), vectors.select(1, other), 2, DISTANCE_EPSILON, false);
    }

    private static Tensor cosines(Tensor vectors) {
        Tensor unit = TextEmbedding.unit(vectors);
        return unit.select(1, 0).mul(unit.select(1, 1)).sum(1);
    }

    /// Each group's cross entropy of its second text among the second and further ones of all groups.
    ///
    /// @param meaning (G N) numbers; texts of one number mean the same, and count neither for nor against each other
    static Tensor multipleNegatives(Tensor vectors, EmbeddingLoss.MultipleNegatives loss, int[] meaning) {
        int groups = Math.toIntExact(vectors.size(0));
        int texts = Math.toIntExact(vectors.size(1));
        Tensor unit = TextEmbedding.unit(vectors);
        List<Tensor> candidates = new ArrayList<>();
        for (int text = 1; text < texts; text++) {
            candidates.add(unit.select(1, text));
        }
        Tensor all = torch.cat(new TensorVector(candidates.toArray(Tensor[]::new)), 0); // (G (N - 1), C)
        Tensor scores = unit.select(1, 0).matmul(all.t()).mul(new Scalar(loss.scale())); // (G, G (N - 1))
        scores = scores.add(Tensors.ofFloats(hidden(groups, texts, meaning), groups, (long) groups * (texts - 1)));
        Tensor own = scores.narrow(1, 0, groups);
        Tensor forward = scores.logsumexp(new long[] {1}, false).sub(own.diagonal());
        if (!loss.symmetric()) {
            return forward;
        }
        Tensor backward = own.logsumexp(new long[] {0}, false).sub(own.diagonal());
        return forward.add(backward).mul(new Scalar(0.5));
    }

    /// Minus infinity for candidates that mean what the group's own texts mean, as they are no negatives of it.
    private static float[] hidden(int groups, int texts, int[] meaning) {
        float[] hidden = new float[groups * groups * (texts - 1)];
        for (int group = 0; group < groups; group++) {
            int first = meaning[group * texts];
            int second = meaning[group * texts + 1];
            for (int other = 0; other < groups; other++) {
                for (int text = 1; text < texts; text++) {
                    int candidate = meaning[other * texts + text];
                    // A second text also stands for its first: what belongs to an equal text belongs to this one.
                    int stands = text == 1 ? meaning[other * texts] : candidate;
                    boolean same = candidate == first || candidate == second || stands == first || stands == second;
                    if (same && !(other == group && text == 1)) {
                        hidden[(group * (texts - 1) + text - 1) * groups + other] = Float.NEGATIVE_INFINITY;
                    }
                }
            }
        }
        return hidden;
    }
}

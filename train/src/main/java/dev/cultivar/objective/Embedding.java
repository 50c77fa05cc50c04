package dev.cultivar.objective;

import dev.cultivar.batch.Batch;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.Mode;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.TextEmbedding;
import dev.cultivar.recipe.ObjectiveRecipe.EmbeddingLoss;
import dev.cultivar.torch.Scope;
import dev.cultivar.torch.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/// One vector a text, trained by comparing the texts of a group: the first, what belongs to it, and what does not.
///
/// Batches: `input_ids`, `attention_mask`, `token_type_ids` (G, N, T); `meaning` (G, N) where texts are compared across groups, and
/// `labels` (G), a score, where a pair has one.
public final class Embedding implements Objective {
    private final TextEmbedding network;
    private final EmbeddingLoss loss;
    private final EmbeddingScores.Judging judging;

    /// @param judging how held-out texts are judged
    public Embedding(TextEmbedding network, EmbeddingLoss loss, EmbeddingScores.Judging judging) {
        this.network = network;
        this.loss = loss;
        this.judging = judging;
    }

    private String term() {
        return EmbeddingLosses.name(loss);
    }

    @Override
    public Denominators denominators(Batch batch) {
        return Denominators.of(term(), batch.rows());
    }

    @Override
    public Loss loss(Model model, Inputs inputs, Mode mode) {
        Batch batch = inputs.batch();
        return Loss.of(new Loss.Term(term(), each(vectors(batch, mode), batch).sum(), 1));
    }

    /// (G, N, C)
    private Tensor vectors(Batch batch, Mode mode) {
        return network.vectors(TextGroups.of(batch).rows(), mode).reshape(batch.rows(), -1, network.backbone().width());
    }

    /// (G)
    private Tensor each(Tensor vectors, Batch batch) {
        return switch (loss) {
            case EmbeddingLoss.MultipleNegatives negatives ->
                    EmbeddingLosses.multipleNegatives(vectors, negatives, batch.ints("meaning").values());
            case EmbeddingLoss.Cosine _ -> EmbeddingLosses.cosine(vectors, Tensors.of(batch.floats("labels")));
            case EmbeddingLoss.Contrastive contrastive ->
                    EmbeddingLosses.contrastive(vectors, Tensors.of(batch.floats("labels")), contrastive.margin());
            case EmbeddingLoss.Triplet triplet -> EmbeddingLosses.triplet(vectors, triplet.margin());
        };
    }

    @Override
    public Optional<Together> together() {
        return switch (loss) {
            case EmbeddingLoss.MultipleNegatives _ -> Optional.of(new InBatch());
            case EmbeddingLoss.Cosine _, EmbeddingLoss.Contrastive _, EmbeddingLoss.Triplet _ -> Optional.empty();
        };
    }

    @Override
    public boolean concurrent() {
        return true;
    }

    @Override
    public Measurement measurement(Model model) {
        return new EmbeddingScores(network, judging);
    }

    /// The vectors of all micro-batches are one another's negatives.
    private final class InBatch implements Together {
        @Override
        public float[] see(Model model, Inputs inputs, Mode mode) {
            return Tensors.floats(vectors(inputs.batch(), mode));
        }

        @Override
        public List<Share> shares(List<Batch> batches, List<float[]> seen) {
            int width = network.backbone().width();
            int groups = batches.stream().mapToInt(Batch::rows).sum();
            int texts = Math.toIntExact(batches.getFirst().ints("input_ids").shape()[1]);
            int[] meaning = batches.stream().flatMapToInt(batch -> Arrays.stream(batch.ints("meaning").values())).toArray();
            Batch.Builder whole = Batch.of(new long[groups]).ints("meaning", meaning, groups, texts);
            float[] vectors = new float[groups * texts * width];
            int at = 0;
            for (float[] each : seen) {
                System.arraycopy(each, 0, vectors, at, each.length);
                at += each.length;
            }
            float[] gradient;
            float[] losses;
            try (var scope = Scope.open()) {
                Tensor leaf = Tensors.ofFloats(vectors, groups, texts, width).set_requires_grad(true);
                Tensor each = each(leaf, whole.build());
                each.sum().backward();
                gradient = Tensors.floats(leaf.grad());
                losses = Tensors.floats(each);
            }
            return shares(batches, seen, gradient, losses);
        }

        private List<Share> shares(List<Batch> batches, List<float[]> seen, float[] gradient, float[] losses) {
            List<Share> shares = new ArrayList<>();
            int group = 0;
            int at = 0;
            for (int m = 0; m < seen.size(); m++) {
                float[] own = Arrays.copyOfRange(gradient, at, at + seen.get(m).length);
                double sum = 0;
                for (int i = 0; i < batches.get(m).rows(); i++) {
                    sum += losses[group + i];
                }
                shares.add(share(own, sum));
                group += batches.get(m).rows();
                at += own.length;
            }
            return shares;
        }

        /// The loss of a micro-batch's own groups; its gradient is that of the whole loss by this micro-batch's vectors.
        private Share share(float[] gradient, double sum) {
            return (model, inputs, mode) -> {
                Tensor again = vectors(inputs.batch(), mode);
                Tensor surrogate = again.mul(Tensors.ofFloats(gradient, again.size(0), again.size(1), again.size(2))).sum();
                Tensor value = Tensors.ofFloats(new float[] {1}, 1).mul(new Scalar(sum)).sum();
                return Loss.of(new Loss.Term(term(), value, 1, Optional.of(new Loss.Computed(Optional.of(surrogate), List.of()))));
            };
        }
    }
}

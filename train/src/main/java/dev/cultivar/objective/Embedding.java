package dev.cultivar.objective;

import dev.cultivar.batch.Batch;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.Mode;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.TextEmbedding;
import dev.cultivar.recipe.ObjectiveRecipe.EmbeddingLoss;
import dev.cultivar.torch.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
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
        return Loss.of(new Loss.Term(term(), each(vectors(batch, mode), List.of(batch)).sum(), 1));
    }

    /// (G, N, C)
    private Tensor vectors(Batch batch, Mode mode) {
        return network.vectors(TextGroups.of(batch).rows(), mode).reshape(batch.rows(), -1, network.backbone().width());
    }

    /// (G)
    ///
    /// @param batches more than one only where the texts of all are compared with each other
    private Tensor each(Tensor vectors, List<Batch> batches) {
        return switch (loss) {
            case EmbeddingLoss.MultipleNegatives negatives ->
                    EmbeddingLosses.multipleNegatives(vectors, negatives, meaning(batches));
            case EmbeddingLoss.Cosine _ -> EmbeddingLosses.cosine(vectors, Tensors.of(batches.getFirst().floats("labels")));
            case EmbeddingLoss.Contrastive contrastive ->
                    EmbeddingLosses.contrastive(vectors, Tensors.of(batches.getFirst().floats("labels")), contrastive.margin());
            case EmbeddingLoss.Triplet triplet -> EmbeddingLosses.triplet(vectors, triplet.margin());
        };
    }

    private static int[] meaning(List<Batch> batches) {
        return batches.stream().flatMapToInt(batch -> Arrays.stream(batch.ints("meaning").values())).toArray();
    }

    /// The vectors of all micro-batches are one another's negatives.
    @Override
    public Optional<Together> together() {
        return switch (loss) {
            case EmbeddingLoss.MultipleNegatives _ -> Optional.of(new CachedVectors(
                    term(), network.backbone().width(), (inputs, mode) -> vectors(inputs.batch(), mode), this::each));
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
}

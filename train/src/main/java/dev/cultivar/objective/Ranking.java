package dev.cultivar.objective;

import dev.cultivar.batch.Batch;
import dev.cultivar.evaluate.Metric;
import dev.cultivar.evaluate.RankedQuery;
import dev.cultivar.evaluate.RankingScores;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.Mode;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.RowClassifier;
import dev.cultivar.recipe.ObjectiveRecipe.RankingLoss;
import dev.cultivar.torch.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/// The relevance of documents to a query, by one score for the two read together: a cross-encoder (Nogueira and Cho, 2019).
///
/// Batches: a query a row, `input_ids`, `attention_mask`, `token_type_ids` (Q, D, T) of it with each of its documents, `texts` (Q) how
/// many these are, and `labels` (Q, D), their grades.
public final class Ranking implements Objective {
    private final RowClassifier network;
    private final RankingLoss loss;

    public Ranking(RowClassifier network, RankingLoss loss) {
        if (network.head().outputs() != 1) {
            throw new IllegalArgumentException("a ranking needs one score a row, got " + network.head().outputs());
        }
        this.network = network;
        this.loss = loss;
    }

    private String term() {
        return loss.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public Denominators denominators(Batch batch) {
        int[] sizes = TextGroups.sizes(batch);
        long count = 0;
        for (int query = 0; query < sizes.length; query++) {
            count += RankingLosses.count(loss, grades(batch, query, sizes[query]));
        }
        return Denominators.of(term(), count);
    }

    @Override
    public Loss loss(Model model, Inputs inputs, Mode mode) {
        TextGroups texts = TextGroups.of(inputs.batch());
        Tensor scores = network.logits(texts.rows(), mode).to(ScalarType.Float).squeeze(-1); // (R)
        Tensor total = scores.sum().mul(new Scalar(0)); // what a batch of single documents adds to pairs
        int from = 0;
        for (int query = 0; query < texts.sizes().length; query++) {
            int size = texts.sizes()[query];
            total = total.add(RankingLosses.sum(loss, scores.narrow(0, from, size), grades(inputs.batch(), query, size)));
            from += size;
        }
        return Loss.of(new Loss.Term(term(), total, 1));
    }

    private static float[] grades(Batch batch, int query, int size) {
        var labels = batch.floats("labels");
        int most = Math.toIntExact(labels.shape()[1]);
        return Arrays.copyOfRange(labels.values(), query * most, query * most + size);
    }

    @Override
    public boolean concurrent() {
        return true;
    }

    @Override
    public Measurement measurement(Model model) {
        return new Scores();
    }

    /// NDCG, MRR and MAP, averaged over queries. Batches hold one document a row: `labels` (B) and `query` (B, 2), which query it is of.
    private final class Scores implements Measurement {
        private record Document(long row, float score, float grade) {}

        private final Map<Long, List<Document>> documents = new LinkedHashMap<>(); // by query

        @Override
        public void add(Inputs inputs) {
            Batch batch = inputs.batch();
            float[] scores = Tensors.floats(network.logits(inputs, Mode.INFERENCE));
            int[] query = batch.ints("query").values();
            for (int row = 0; row < batch.rows(); row++) {
                long key = (long) query[2 * row] << 32 | query[2 * row + 1] & 0xFFFFFFFFL;
                documents.computeIfAbsent(key, first -> new ArrayList<>())
                        .add(new Document(batch.origin()[row], scores[row], batch.floats("labels").values()[row]));
            }
        }

        @Override
        public List<Metric> metrics() {
            List<RankedQuery> queries = new ArrayList<>();
            for (List<Document> of : documents.values()) {
                of.sort(Comparator.comparingLong(Document::row)); // so that ties do not depend on the order of batches
                float[] scores = new float[of.size()];
                double[] grades = new double[of.size()];
                for (int i = 0; i < scores.length; i++) {
                    scores[i] = of.get(i).score();
                    grades[i] = of.get(i).grade();
                }
                queries.add(RankedQuery.of(scores, grades));
            }
            return RankingScores.of(queries).metrics();
        }
    }
}

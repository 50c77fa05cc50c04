package dev.cultivar.objective;

import dev.cultivar.batch.Batch;
import dev.cultivar.evaluate.Metric;
import dev.cultivar.evaluate.RankedQuery;
import dev.cultivar.evaluate.RankingScores;
import dev.cultivar.evaluate.RegressionScores;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.Mode;
import dev.cultivar.nn.NoGradient;
import dev.cultivar.nn.TextEmbedding;
import dev.cultivar.torch.Scope;
import dev.cultivar.torch.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;

/// What vectors are worth on held-out texts: whether what belongs together is found, or lies as close as it should.
///
/// Batches hold one text a row; `labels` (B) are classes, or scores, as the [Judging] needs them. Texts are numbered from
/// 0, those of a pair one after the other.
public final class EmbeddingScores implements Measurement {
    private static final int AT_ONCE = 128; // queries whose similarities are in memory at once
    private static final int DEPTH = 10;
    private static final int NEIGHBOURS = 32; // pairs that in-batch accuracy is among

    private final TextEmbedding network;
    private final Judging judging;
    private final SequencedMap<Long, float[]> vectors = new TreeMap<>(); // by the text's number
    private final SequencedMap<Long, Double> labels = new TreeMap<>();

    EmbeddingScores(TextEmbedding network, Judging judging) {
        this.network = network;
        this.judging = judging;
    }

    /// By what texts are judged.
    public sealed interface Judging {
        /// Every text looks for those of its label among all others.
        record ByLabel() implements Judging {}

        /// Every pair has a score, which its cosine should rank with.
        record ByScore() implements Judging {}

        /// Every pair's first text looks for its second among those of all pairs.
        record ByPair() implements Judging {}
    }

    @Override
    public void add(Inputs inputs) {
        Batch batch = inputs.batch();
        int width = network.backbone().width();
        float[] flat = Tensors.floats(TextEmbedding.unit(network.vectors(inputs, Mode.INFERENCE)));
        for (int row = 0; row < batch.rows(); row++) {
            long text = batch.origin()[row];
            vectors.put(text, Arrays.copyOfRange(flat, row * width, (row + 1) * width));
            labels.put(text, switch (judging) {
                case Judging.ByLabel _ -> (double) batch.ints("labels").values()[row];
                case Judging.ByScore _ -> (double) batch.floats("labels").values()[row];
                case Judging.ByPair _ -> 0.0;
            });
        }
    }

    @Override
    public List<Metric> metrics() {
        return switch (judging) {
            case Judging.ByLabel _ -> byLabel();
            case Judging.ByScore _ -> byScore();
            case Judging.ByPair _ -> byPair();
        };
    }

    /// Leave one out: a text's label is looked for among all others; texts whose label no other has are not asked.
    private List<Metric> byLabel() {
        List<float[]> all = List.copyOf(vectors.values());
        List<Double> classes = List.copyOf(labels.values());
        SequencedMap<Double, Integer> sizes = new TreeMap<>();
        classes.forEach(label -> sizes.merge(label, 1, Integer::sum));
        List<RankedQuery> queries = new ArrayList<>();
        each(all, all, (query, similarities) -> {
            double own = classes.get(query);
            similarities[query] = Float.NEGATIVE_INFINITY;
            int others = sizes.getOrDefault(own, 0) - 1;
            if (others > 0) {
                queries.add(nearest(similarities, document -> classes.get(document) == own, others));
            }
        });
        return retrieval(queries, "no label has two texts, so that none can be looked for");
    }

    private List<Metric> byScore() {
        double[] cosines = new double[vectors.size() / 2];
        double[] scores = new double[cosines.length];
        List<float[]> all = List.copyOf(vectors.values());
        List<Double> given = List.copyOf(labels.values());
        for (int pair = 0; pair < cosines.length; pair++) {
            cosines[pair] = dot(all.get(2 * pair), all.get(2 * pair + 1));
            scores[pair] = given.get(2 * pair);
        }
        RegressionScores measured = RegressionScores.of(cosines, scores);
        return List.of(measured.metric("spearman").orElseThrow(), measured.metric("pearson").orElseThrow());
    }

    private List<Metric> byPair() {
        List<float[]> all = List.copyOf(vectors.values());
        List<float[]> firsts = new ArrayList<>();
        List<float[]> seconds = new ArrayList<>();
        for (int text = 0; text < all.size(); text += 2) {
            firsts.add(all.get(text));
            seconds.add(all.get(text + 1));
        }
        List<RankedQuery> queries = new ArrayList<>();
        double[] right = new double[firsts.size()];
        each(firsts, seconds, (query, similarities) -> {
            queries.add(nearest(similarities, document -> document == query, 1));
            int from = query / NEIGHBOURS * NEIGHBOURS;
            right[query] = 1;
            for (int other = from; other < Math.min(from + NEIGHBOURS, similarities.length); other++) {
                right[query] = similarities[other] > similarities[query] ? 0 : right[query];
            }
        });
        List<Metric> metrics = new ArrayList<>(retrieval(queries, "there is no pair"));
        long hits = Math.round(Arrays.stream(right).sum());
        metrics.add(Metric.share("in_batch_accuracy", hits, right.length));
        return metrics;
    }

    private static List<Metric> retrieval(List<RankedQuery> queries, String nothing) {
        if (queries.isEmpty()) {
            throw new dev.cultivar.batch.DataException("the embedding cannot be measured: " + nothing + ". Give a part with more rows");
        }
        List<Metric> metrics = new ArrayList<>();
        for (int k : new int[] {1, DEPTH}) {
            long found = queries.stream().filter(query -> query.found(k)).count();
            metrics.add(Metric.share("recall@" + k, found, queries.size()));
        }
        RankingScores scores = RankingScores.of(queries);
        metrics.add(scores.mean("mrr@" + DEPTH, query -> query.reciprocalRank(DEPTH)));
        metrics.add(scores.mean("ndcg@" + DEPTH, query -> query.ndcg(DEPTH)));
        return metrics;
    }

    /// What a query looks for.
    private interface Relevant {
        boolean test(int document);
    }

    /// The nearest documents in their order; relevant ones beyond them stand behind, as no measure here looks there.
    private static RankedQuery nearest(float[] similarities, Relevant relevant, int all) {
        int[] best = new int[Math.min(DEPTH, similarities.length)];
        int count = 0;
        for (int document = 0; document < similarities.length; document++) {
            int at = count;
            while (at > 0 && similarities[document] > similarities[best[at - 1]]) {
                at--;
            }
            if (at < best.length && similarities[document] > Float.NEGATIVE_INFINITY) {
                System.arraycopy(best, at, best, at + 1, Math.min(count, best.length - 1) - at);
                best[at] = document;
                count = Math.min(count + 1, best.length);
            }
        }
        int found = 0;
        for (int i = 0; i < count; i++) {
            found += relevant.test(best[i]) ? 1 : 0;
        }
        double[] grades = new double[count + all - found];
        for (int i = 0; i < grades.length; i++) {
            grades[i] = i >= count || relevant.test(best[i]) ? 1 : 0;
        }
        float[] order = new float[grades.length];
        for (int i = 0; i < order.length; i++) {
            order[i] = -i;
        }
        return RankedQuery.of(order, grades);
    }

    /// Takes a query's similarities to all documents.
    private interface Row {
        void take(int query, float[] similarities);
    }

    private static void each(List<float[]> queries, List<float[]> documents, Row row) {
        if (queries.isEmpty()) {
            return;
        }
        int width = queries.getFirst().length;
        try (var scope = Scope.open(); var without = new NoGradient()) {
            Tensor all = Tensors.ofFloats(flat(documents, width), documents.size(), width).t();
            for (int from = 0; from < queries.size(); from += AT_ONCE) {
                List<float[]> some = queries.subList(from, Math.min(queries.size(), from + AT_ONCE));
                try (var inner = Scope.open()) {
                    float[] similarities = Tensors.floats(Tensors.ofFloats(flat(some, width), some.size(), width).matmul(all));
                    for (int i = 0; i < some.size(); i++) {
                        row.take(from + i, Arrays.copyOfRange(similarities, i * documents.size(), (i + 1) * documents.size()));
                    }
                }
            }
        }
    }

    private static float[] flat(List<float[]> rows, int width) {
        float[] flat = new float[rows.size() * width];
        for (int i = 0; i < rows.size(); i++) {
            System.arraycopy(rows.get(i), 0, flat, i * width, width);
        }
        return flat;
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }
}

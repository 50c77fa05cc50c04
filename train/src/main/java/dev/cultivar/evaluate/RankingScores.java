package dev.cultivar.evaluate;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// What a model's order of documents is worth, averaged over queries; queries are what varies, so intervals are over them.
public final class RankingScores {
    private static final int DEPTH = 10;

    private final List<RankedQuery> queries;

    private RankingScores(List<RankedQuery> queries) {
        this.queries = List.copyOf(queries);
    }

    public static RankingScores of(List<RankedQuery> queries) {
        if (queries.isEmpty()) {
            throw new IllegalArgumentException("there is no query to score");
        }
        return new RankingScores(queries);
    }

    /// `ndcg@10` and `mrr@10` (standard error over queries) and `map`, in this order.
    public List<Metric> metrics() {
        return List.of(
                mean("ndcg@" + DEPTH, query -> query.ndcg(DEPTH)),
                mean("mrr@" + DEPTH, query -> query.reciprocalRank(DEPTH)),
                mean("map", RankedQuery::averagePrecision));
    }

    /// A score between 0 and 1, averaged over queries.
    public Metric mean(String name, ToDoubleFunction<RankedQuery> score) {
        return mean(name, queries.stream().mapToDouble(score).toArray());
    }

    /// The mean of scores between 0 and 1, one a query.
    public static Metric mean(String name, double[] scores) {
        int n = scores.length;
        double mean = Arrays.stream(scores).sum() / n;
        double squares = Arrays.stream(scores).map(score -> (score - mean) * (score - mean)).sum();
        double standardError = n == 1 ? Double.NaN : Math.sqrt(squares / (n - 1) / n);
        return Intervals.normal(name, mean, standardError, 0, 1, Direction.HIGHER);
    }
}

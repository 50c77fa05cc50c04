package dev.cultivar.evaluate;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/// One query's documents in the order that a model puts them in, with how relevant each is; from 0, where a document is of no use.
///
/// Of equal scores the document that was given first comes first. A query without a relevant document scores 0 in everything.
public final class RankedQuery {
    private final double[] ranked; // grades, the best score first
    private final double[] ideal; // grades, the highest first

    private RankedQuery(double[] ranked) {
        this.ranked = ranked;
        this.ideal = ranked.clone();
        Arrays.sort(ideal);
    }

    /// @param scores a number for each document
    /// @param grades how relevant each is, at least 0
    public static RankedQuery of(float[] scores, double[] grades) {
        if (scores.length != grades.length) {
            throw new IllegalArgumentException(scores.length + " scores, but " + grades.length + " grades");
        }
        Integer[] order = IntStream.range(0, scores.length).boxed().toArray(Integer[]::new);
        Arrays.sort(order, (i, j) -> Float.compare(scores[j], scores[i])); // stable
        return new RankedQuery(Arrays.stream(order).mapToDouble(document -> grades[document]).toArray());
    }

    /// Normalised discounted cumulative gain: the gains of the first `k` documents, each divided by log2(rank + 1), as a share of
    /// what the best order would gain (Järvelin and Kekäläinen, 2002).
    ///
    /// @param gain of a grade: the grade itself, or 2^grade - 1
    public double ndcg(int k, DoubleUnaryOperator gain) {
        double got = 0;
        double best = 0;
        for (int i = 0; i < Math.min(k, ranked.length); i++) {
            double discount = Math.log(2) / Math.log(i + 2);
            got += gain.applyAsDouble(ranked[i]) * discount;
            best += gain.applyAsDouble(ideal[ideal.length - 1 - i]) * discount;
        }
        return best > 0 ? got / best : 0;
    }

    /// With the grade as its gain.
    public double ndcg(int k) {
        return ndcg(k, grade -> grade);
    }

    /// One over the rank of the first relevant document among the first `k`, else 0.
    public double reciprocalRank(int k) {
        for (int i = 0; i < Math.min(k, ranked.length); i++) {
            if (ranked[i] > 0) {
                return 1.0 / (i + 1);
            }
        }
        return 0;
    }

    /// The precision at each relevant document, averaged over them.
    public double averagePrecision() {
        double sum = 0;
        int found = 0;
        for (int i = 0; i < ranked.length; i++) {
            if (ranked[i] > 0) {
                sum += ++found / (i + 1.0);
            }
        }
        return found == 0 ? 0 : sum / found;
    }

    /// The share of relevant documents that are among the first `k`.
    public double recall(int k) {
        int relevant = relevant(ranked.length);
        return relevant == 0 ? 0 : (double) relevant(k) / relevant;
    }

    /// The share of the first `k` documents that are relevant.
    public double precision(int k) {
        return (double) relevant(k) / k;
    }

    /// Whether one of the first `k` documents is relevant.
    public boolean found(int k) {
        return relevant(k) > 0;
    }

    private int relevant(int k) {
        return (int) Arrays.stream(ranked).limit(k).filter(grade -> grade > 0).count();
    }
}

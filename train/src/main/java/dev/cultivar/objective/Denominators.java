package dev.cultivar.objective;

import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;

/// What each term of a loss is divided by, totalled over all micro-batches of a step: masked tokens for masked LM, rows for next-sentence prediction.
///
/// @param counts by the term's name
public record Denominators(Map<String, Double> counts) {
    public static final Denominators NONE = new Denominators(Map.of());

    public Denominators {
        counts = Map.copyOf(counts);
    }

    public static Denominators of(String term, double count) {
        return new Denominators(Map.of(term, count));
    }

    public double of(String term) {
        Double count = counts.get(term);
        if (count == null) {
            throw new IllegalStateException("the objective gave no denominator for its term " + term + "; it gave " + new TreeMap<>(counts).keySet());
        }
        return count;
    }

    /// Term by term.
    public Denominators plus(Denominators other) {
        SequencedMap<String, Double> sum = new TreeMap<>(counts);
        other.counts.forEach((term, count) -> sum.merge(term, count, Double::sum));
        return new Denominators(sum);
    }
}

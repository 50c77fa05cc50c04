package dev.cultivar.evaluate;

import dev.cultivar.text.Iob2;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;

/// How many of the entities that tags spell out were found: an entity counts where its type and both of its ends are right.
///
/// The definitions are those of the CoNLL-2000 scorer (Tjong Kim Sang and Buchholz, 2000) as seqeval has them: by [Iob2.Reading#LENIENT]
/// an `I-` that continues nothing opens an entity, by [Iob2.Reading#STRICT] it is none. An undefined score counts 0.
public final class TagScores {
    private final SequencedMap<String, Counts> types;
    private final long hits;
    private final long tags;
    private final List<Metric> metrics;

    /// Entities of one type.
    ///
    /// @param right     found with their type and both ends
    /// @param predicted found in all
    /// @param gold      there in all
    public record Counts(long right, long predicted, long gold) {
        public double precision() {
            return predicted == 0 ? 0 : (double) right / predicted;
        }

        public double recall() {
            return gold == 0 ? 0 : (double) right / gold;
        }

        public double f1() {
            return predicted + gold == 0 ? 0 : 2.0 * right / (predicted + gold);
        }
    }

    private TagScores(List<List<String>> gold, List<List<String>> predicted, Iob2.Reading reading) {
        var found = new Found(gold, predicted, reading);
        types = found.byType(found.total());
        hits = (long) found.total()[0];
        tags = (long) found.total()[1];
        metrics = List.of(
                Intervals.normal("f1", all().f1(), found.error(sums -> counts(sums, found.names()).f1()), 0, 1, Direction.HIGHER),
                Intervals.normal("precision", all().precision(), found.error(sums -> counts(sums, found.names()).precision()), 0, 1, Direction.HIGHER),
                Intervals.normal("recall", all().recall(), found.error(sums -> counts(sums, found.names()).recall()), 0, 1, Direction.HIGHER),
                Intervals.normal("macro_f1", macro(types).f1(), found.error(sums -> macro(found.byType(sums)).f1()), 0, 1, Direction.HIGHER),
                Intervals.normal("accuracy", (double) hits / tags, found.error(sums -> sums[0] / sums[1]), 0, 1, Direction.HIGHER));
    }

    /// Scores sentences.
    ///
    /// @param gold      each sentence's tags, `O`, `B-TYPE` or `I-TYPE`
    /// @param predicted as many
    public static TagScores of(List<List<String>> gold, List<List<String>> predicted) {
        return of(gold, predicted, Iob2.Reading.LENIENT);
    }

    /// The same by either reading of an `I-` that continues nothing.
    public static TagScores of(List<List<String>> gold, List<List<String>> predicted, Iob2.Reading reading) {
        if (gold.size() != predicted.size() || gold.stream().mapToInt(List::size).sum() == 0) {
            throw new IllegalArgumentException(gold.size() + " tagged sentences, but " + predicted.size() + " predicted ones, or none with a word");
        }
        return new TagScores(gold, predicted, reading);
    }

    /// `f1`, `precision` and `recall` over all entities, `macro_f1` over types, and the share of words with the right tag, `accuracy`;
    /// each with a bootstrap's interval over sentences, in this order.
    public List<Metric> metrics() {
        return metrics;
    }

    /// Each type's entities, sorted by the type's name; types that only predictions have are among them.
    public SequencedMap<String, Counts> types() {
        return types;
    }

    /// All entities, whatever their type.
    public Counts all() {
        return types.values().stream().reduce(new Counts(0, 0, 0), (a, b) ->
                new Counts(a.right + b.right, a.predicted + b.predicted, a.gold + b.gold));
    }

    /// Three scores that are averages over types.
    public record Mean(double precision, double recall, double f1) {}

    /// Each type counts once.
    public Mean macro() {
        return macro(types);
    }

    /// Each type counts by its entities.
    public Mean weighted() {
        double gold = Math.max(1, all().gold());
        double[] sums = new double[3];
        for (Counts type : types.values()) {
            sums[0] += type.precision() * type.gold() / gold;
            sums[1] += type.recall() * type.gold() / gold;
            sums[2] += type.f1() * type.gold() / gold;
        }
        return new Mean(sums[0], sums[1], sums[2]);
    }

    private static Mean macro(Map<String, Counts> types) {
        double[] sums = new double[3];
        for (Counts type : types.values()) {
            sums[0] += type.precision();
            sums[1] += type.recall();
            sums[2] += type.f1();
        }
        int count = Math.max(1, types.size());
        return new Mean(sums[0] / count, sums[1] / count, sums[2] / count);
    }

    private static Counts counts(double[] sums, List<String> names) {
        double[] all = new double[3];
        for (int type = 0; type < names.size(); type++) {
            for (int i = 0; i < 3; i++) {
                all[i] += sums[2 + 3 * type + i];
            }
        }
        return new Counts((long) all[0], (long) all[1], (long) all[2]);
    }

    /// What was counted in each sentence: right tags, tags, and for each type right, predicted and gold entities.
    private record Found(List<String> names, double[][] sentences) {
        Found(List<List<String>> gold, List<List<String>> predicted, Iob2.Reading reading) {
            this(names(gold, predicted, reading), new double[gold.size()][]);
            for (int i = 0; i < sentences.length; i++) {
                sentences[i] = counted(gold.get(i), predicted.get(i), reading, names);
            }
        }

        private static List<String> names(List<List<String>> gold, List<List<String>> predicted, Iob2.Reading reading) {
            Set<String> names = new TreeSet<>();
            for (List<List<String>> side : List.of(gold, predicted)) {
                side.forEach(tags -> Iob2.entities(tags, reading).forEach(entity -> names.add(entity.type())));
            }
            return List.copyOf(names);
        }

        private static double[] counted(List<String> gold, List<String> predicted, Iob2.Reading reading, List<String> names) {
            if (gold.size() != predicted.size()) {
                throw new IllegalArgumentException("a sentence of " + gold.size() + " tags has " + predicted.size() + " predicted ones");
            }
            double[] counts = new double[2 + 3 * names.size()];
            for (int i = 0; i < gold.size(); i++) {
                counts[0] += gold.get(i).equals(predicted.get(i)) ? 1 : 0;
            }
            counts[1] = gold.size();
            Set<Iob2.Entity> right = new HashSet<>(Iob2.entities(gold, reading));
            for (Iob2.Entity entity : right) {
                counts[2 + 3 * Collections.binarySearch(names, entity.type()) + 2]++;
            }
            for (Iob2.Entity entity : Iob2.entities(predicted, reading)) {
                int at = 2 + 3 * Collections.binarySearch(names, entity.type());
                counts[at] += right.contains(entity) ? 1 : 0;
                counts[at + 1]++;
            }
            return counts;
        }

        double[] total() {
            double[] total = new double[2 + 3 * names.size()];
            for (double[] sentence : sentences) {
                for (int i = 0; i < total.length; i++) {
                    total[i] += sentence[i];
                }
            }
            return total;
        }

        SequencedMap<String, Counts> byType(double[] sums) {
            SequencedMap<String, Counts> types = new LinkedHashMap<>();
            for (int type = 0; type < names.size(); type++) {
                int at = 2 + 3 * type;
                types.put(names.get(type), new Counts((long) sums[at], (long) sums[at + 1], (long) sums[at + 2]));
            }
            return types;
        }

        double error(java.util.function.ToDoubleFunction<double[]> score) {
            return sentences.length == 1 ? Double.NaN : Bootstrap.sums(sentences, score);
        }
    }
}

package dev.cultivar.zoo;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// WordNet as a task, "which lexicographer file is this definition from?", and as the corpus to pretrain for it.
///
/// Every part is ordered so that any number of its first rows is stratified by label and starts with one row of each label;
/// asking for more rows keeps the fewer. No definition (case and white space aside) is in two of train, validation and
/// test, and none of validation's and test's is in pretraining. The split is a fixed function of WordNet: no recipe's seed
/// moves it, so that two runs are always measured on the same rows.
///
/// @param pretraining every synset that validation and test do not hold, all 45 lexnames; the training rows may be in it, unlabelled
/// @param train       what may be learned from with labels
/// @param validation  1,000 rows to choose by
/// @param test        4,000 rows to report on
public record WordNetParts(List<Synset> pretraining, List<Synset> train, List<Synset> validation, List<Synset> test) {

    /// The seed of the split; a constant of the zoo.
    public static final long SEED = 31;

    /// A lexname is a label of the task where it has as many synsets.
    public static final int SMALLEST_CLASS = 300;

    private static final Pattern SPACES = Pattern.compile("\\s\\s+");
    private static final int TEST_ROWS = 4_000;
    private static final int VALIDATION_ROWS = 1_000;

    public WordNetParts {
        pretraining = List.copyOf(pretraining);
        train = List.copyOf(train);
        validation = List.copyOf(validation);
        test = List.copyOf(test);
    }

    /// The first rows of a part; 0 for all of them.
    ///
    /// @param part `pretraining`, `train`, `validation` or `test`
    public List<Synset> rows(String part, int rows) {
        List<Synset> all = switch (part) {
            case "pretraining" -> pretraining;
            case "train" -> train;
            case "validation" -> validation;
            case "test" -> test;
            default -> throw new IllegalArgumentException(
                    "wordnet has no part '" + part + "'; it has pretraining, train, validation, test");
        };
        long labels = all.stream().map(Synset::lexname).distinct().count();
        if (part.equals("train") && rows > 0 && rows < labels) {
            throw new IllegalArgumentException("wordnet's train part has " + labels + " labels and needs a row of each: ask for "
                    + labels + " rows or more (0 for all), got " + rows);
        }
        if (rows < 0 || rows > all.size()) {
            throw new IllegalArgumentException(
                    "wordnet's " + part + " part has " + all.size() + " rows: ask for 1 to " + all.size() + " (0 for all), got " + rows);
        }
        return rows == 0 ? all : all.subList(0, rows);
    }

    static WordNetParts of(List<Synset> synsets) {
        Map<String, Synset> byDefinition = new LinkedHashMap<>();
        synsets.forEach(synset -> byDefinition.putIfAbsent(normal(synset.definition()), synset));
        Map<String, Long> sizes = new HashMap<>();
        byDefinition.values().forEach(synset -> sizes.merge(synset.lexname(), 1L, Long::sum));
        List<Synset> task = byDefinition.values().stream().filter(s -> sizes.getOrDefault(s.lexname(), 0L) >= SMALLEST_CLASS).toList();

        List<Synset> ordered = stratified(task);
        List<Synset> test = ordered.subList(0, TEST_ROWS);
        List<Synset> validation = ordered.subList(TEST_ROWS, TEST_ROWS + VALIDATION_ROWS);
        List<Synset> train = stratified(ordered.subList(TEST_ROWS + VALIDATION_ROWS, ordered.size()));

        Set<String> held = new HashSet<>();
        ordered.subList(0, TEST_ROWS + VALIDATION_ROWS).forEach(synset -> held.add(normal(synset.definition())));
        List<Synset> pretraining = synsets.stream().filter(s -> !held.contains(normal(s.definition()))).toList();
        return new WordNetParts(stratified(pretraining), train, stratified(validation), stratified(test));
    }

    /// Rows of each label in keyed order, labels dealt out in proportion: a label's first row comes before every second row,
    /// after that row k of n stands at (k + 1/2) / n.
    private static List<Synset> stratified(List<Synset> synsets) {
        record Placed(double at, long key, Synset synset) {}
        Map<String, List<Placed>> byLabel = new TreeMap<>();
        for (Synset synset : synsets) {
            byLabel.computeIfAbsent(synset.lexname(), label -> new ArrayList<>())
                    .add(new Placed(0, key(synset.id()), synset));
        }
        Comparator<Placed> byKey = Comparator.comparingLong(Placed::key).thenComparing(p -> p.synset().id());
        List<Placed> placed = new ArrayList<>(synsets.size());
        for (List<Placed> label : byLabel.values()) {
            label.sort(byKey);
            for (int k = 0; k < label.size(); k++) {
                Placed row = label.get(k);
                placed.add(new Placed(k == 0 ? -1 : (k + 0.5) / label.size(), row.key(), row.synset()));
            }
        }
        placed.sort(Comparator.comparingDouble(Placed::at).thenComparing(byKey));
        return placed.stream().map(Placed::synset).toList();
    }

    private static String normal(String text) {
        return SPACES.matcher(text.strip()).replaceAll(" ").toLowerCase(Locale.ROOT);
    }

    /// The finaliser of SplitMix64 (Steele, Lea and Flood, 2014) over the id's characters; the zoo depends on no other module.
    private static long key(String id) {
        long z = SEED;
        for (int i = 0; i < id.length(); i++) {
            z += 0x9E3779B97F4A7C15L + id.charAt(i);
            z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
            z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
            z ^= z >>> 31;
        }
        return z;
    }
}

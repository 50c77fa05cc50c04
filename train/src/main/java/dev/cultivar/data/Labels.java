package dev.cultivar.data;

import dev.cultivar.batch.DataException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeSet;

/// The labels of a task, sorted, each with its number from 0.
///
/// Labels that are all whole numbers are sorted as numbers, so that `0` to `10` keep their own order; others by code point.
public final class Labels {
    private final List<String> names;
    private final Map<String, Integer> numbers;

    private Labels(List<String> names) {
        this.names = List.copyOf(names);
        SequencedMap<String, Integer> numbers = new LinkedHashMap<>();
        for (String name : this.names) {
            numbers.put(name, numbers.size());
        }
        if (numbers.size() != names.size()) {
            throw new IllegalArgumentException("labels must differ, got " + names);
        }
        this.numbers = Map.copyOf(numbers);
    }

    /// The distinct labels of rows; rows without one are passed over.
    public static Labels of(Examples examples) {
        TreeSet<String> seen = new TreeSet<>();
        examples.each(example -> {
            if (!example.label().isEmpty()) {
                seen.add(example.label());
            }
        });
        return of(seen);
    }

    public static Labels of(Collection<String> labels) {
        List<String> sorted = new ArrayList<>(new TreeSet<>(labels));
        if (sorted.stream().allMatch(label -> label.matches("-?\\d{1,18}"))) {
            sorted.sort((a, b) -> {
                int order = Long.compare(Long.parseLong(a), Long.parseLong(b));
                return order != 0 ? order : a.compareTo(b);
            });
        }
        return new Labels(sorted);
    }

    /// Labels whose numbers are given, as a checkpoint's are.
    public static Labels inOrder(List<String> labels) {
        return new Labels(labels);
    }

    public static Labels none() {
        return new Labels(List.of());
    }

    public List<String> names() {
        return names;
    }

    public int size() {
        return names.size();
    }

    /// The number of a row's label; a label that was never seen in training is an error with the row's place.
    public int number(Example example, Examples from) {
        Integer number = numbers.get(example.label());
        if (number == null) {
            throw new DataException(from.place(example.row()) + ": label '" + example.label() + "' is not among the "
                    + names.size() + " labels of the training rows (" + listed() + ")." + Nearest.hint(example.label(), names)
                    + " Correct the label, drop the row with 'where', or train with rows that have it.");
        }
        return number;
    }

    private String listed() {
        return String.join(", ", names.subList(0, Math.min(8, names.size()))) + (names.size() > 8 ? ", ..." : "");
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Labels labels && labels.names.equals(names);
    }

    @Override
    public int hashCode() {
        return names.hashCode();
    }

    @Override
    public String toString() {
        return names.toString();
    }
}

package dev.cultivar.recipe;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Puts `key=value` into a recipe's tree: the key is a dotted path, the value is YAML and replaces the whole node.
final class Overrides {
    private final Place place;
    private final String key;
    private final Yaml value;
    private final Reading reading;

    private Overrides(Place place, String key, Yaml value, Reading reading) {
        this.place = place;
        this.key = key;
        this.value = value;
        this.reading = reading;
    }

    /// The tree with all overrides in it, the later over the earlier; an override that cannot be applied is noted as a mistake.
    static Yaml apply(Yaml root, List<String> overrides, Reading reading) {
        Yaml tree = root;
        for (int i = 0; i < overrides.size(); i++) {
            String override = overrides.get(i);
            Place place = Place.override(override, i);
            int equals = override.indexOf('=');
            List<String> path = List.of(override.substring(0, Math.max(0, equals)).split("\\.", -1));
            if (path.stream().anyMatch(String::isBlank) || path.size() > YamlParser.DEEPEST) {
                reading.mistake(place, "", "must be key=value with a dotted key, as optimizer.learning_rate=1e-3");
                continue;
            }
            Yaml value = YamlParser.parse(override.substring(equals + 1), place, reading);
            if (!(value instanceof Yaml.Absent)) {
                tree = new Overrides(place, String.join(".", path), moved(value, place), reading).put(tree, path, 0);
            }
        }
        return tree;
    }

    /// What is said first in an override is said at the override, not at a line of it.
    private static Yaml moved(Yaml value, Place place) {
        return switch (value) {
            case Yaml.Scalar scalar -> new Yaml.Scalar(scalar.text(), scalar.plain(), place);
            case Yaml.Sequence sequence -> new Yaml.Sequence(sequence.items(), place);
            case Yaml.Mapping mapping -> new Yaml.Mapping(mapping.entries(), mapping.word(), place);
            case Yaml.Absent _ -> value;
        };
    }

    private Yaml put(Yaml into, List<String> path, int depth) {
        if (depth == path.size()) {
            return value;
        }
        String step = path.get(depth);
        return switch (into) {
            case Yaml.Mapping mapping ->
                mapping.with(step, put(mapping.entries().getOrDefault(step, new Yaml.Absent(place)), path, depth + 1));
            case Yaml.Sequence sequence -> putIntoList(sequence, path, depth);
            case Yaml.Absent _ -> new Yaml.Mapping(Map.of(), place).with(step, put(into, path, depth + 1));
            // A word for the lack of something gives way; any other stays beside the key, as `cosine` in schedule.warmup=0.1.
            case Yaml.Scalar word when word.isNothing() || word.isWord("none") || word.isWord("never") ->
                put(new Yaml.Absent(place), path, depth);
            case Yaml.Scalar word -> put(new Yaml.Mapping(new LinkedHashMap<>(), word, word.place()), path, depth);
        };
    }

    private Yaml putIntoList(Yaml.Sequence sequence, List<String> path, int depth) {
        int index = path.get(depth).matches("[0-9]{1,6}") ? Integer.parseInt(path.get(depth)) : -1;
        if (index < 0 || index >= sequence.items().size()) {
            String list = String.join(".", path.subList(0, depth));
            reading.mistake(place, list, list + " is a list of " + sequence.items().size() + "; name an item by its number, from "
                    + list + ".0 on, got " + Yaml.shortened(key));
            return sequence;
        }
        List<Yaml> items = new ArrayList<>(sequence.items());
        items.set(index, put(items.get(index), path, depth + 1));
        return new Yaml.Sequence(items, sequence.place());
    }
}

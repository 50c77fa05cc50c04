package dev.cultivar.recipe;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;

/// A YAML map while it is written, entry by entry.
final class Entries {
    private static final Place NOWHERE = Place.file("");

    private final Map<String, Yaml> entries = new LinkedHashMap<>();

    private Entries() {}

    static Entries of() {
        return new Entries();
    }

    static Entries kind(String kind) {
        return of().put("kind", plain(kind));
    }

    static Entries custom(String name) {
        return kind("custom").text("name", name);
    }

    /// A scalar as it stands: a word of the recipe's own, or a number.
    static Yaml plain(String text) {
        return new Yaml.Scalar(text, true, NOWHERE);
    }

    private static Yaml quoted(String text) {
        return new Yaml.Scalar(text, false, NOWHERE);
    }

    Yaml.Mapping mapping() {
        return new Yaml.Mapping(entries, NOWHERE);
    }

    Entries put(String key, Yaml value) {
        entries.put(key, value);
        return this;
    }

    Entries map(String key, Entries value) {
        return put(key, value.mapping());
    }

    Entries list(String key, List<Entries> items) {
        return put(key, new Yaml.Sequence(items.stream().<Yaml>map(Entries::mapping).toList(), NOWHERE));
    }

    Entries text(String key, String value) {
        return put(key, quoted(value));
    }

    Entries texts(String key, List<String> values) {
        return put(key, new Yaml.Sequence(values.stream().map(Entries::quoted).toList(), NOWHERE));
    }

    Entries targets(String key, Targets value) {
        return switch (value) {
            case Targets.Endings(List<String> names) -> texts(key, names);
            case Targets.Matching(String pattern) -> text(key, pattern);
            case Targets.All _ -> put(key, plain(Targets.ALL));
        };
    }

    Entries word(String key, Enum<?> value) {
        return put(key, plain(Keys.word(value)));
    }

    Entries whole(String key, long value) {
        return put(key, plain(String.valueOf(value)));
    }

    Entries number(String key, double value) {
        return put(key, plain(YamlText.number(value)));
    }

    Entries numbers(String key, double... values) {
        return put(key, new Yaml.Sequence(
                DoubleStream.of(values).mapToObj(value -> plain(YamlText.number(value))).toList(), NOWHERE));
    }

    Entries wholes(String key, List<Integer> values) {
        return put(key, new Yaml.Sequence(values.stream().map(value -> plain(String.valueOf(value))).toList(), NOWHERE));
    }

    Entries flag(String key, boolean value) {
        return put(key, plain(String.valueOf(value)));
    }

    Entries parameters(Parameters parameters) {
        return put("parameters", free(parameters.values()));
    }

    private static Yaml free(Object value) {
        return switch (value) {
            case String text -> quoted(text);
            case Boolean truth -> plain(truth.toString());
            case Long whole -> plain(whole.toString());
            case Double number -> plain(YamlText.number(number));
            case List<?> list -> new Yaml.Sequence(list.stream().map(Entries::free).toList(), NOWHERE);
            case Map<?, ?> map -> {
                Map<String, Yaml> entries = new LinkedHashMap<>();
                map.forEach((key, item) -> entries.put((String) key, free(item)));
                yield new Yaml.Mapping(entries, NOWHERE);
            }
            default -> throw new IllegalStateException("no value of a recipe: " + value);
        };
    }
}

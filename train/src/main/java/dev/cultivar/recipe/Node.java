package dev.cultivar.recipe;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// One value of a recipe while it is read: it knows its path and place, and notes a mistake where others would throw.
///
/// Every method returns a usable value, also after a mistake, so that reading goes on and finds the others; nothing of it is
/// seen outside, because the mistakes are thrown at the end.
///
/// @param path dotted, as an override writes it; empty for the recipe itself
/// @param kind of the member of a sealed family that it belongs to, empty for none
record Node(Yaml yaml, String path, String kind, Reading reading) {

    /// Notes a mistake; `message` follows the path.
    void fail(String message) {
        reading.mistake(yaml.place(), path, path + " " + message);
    }

    private void mustBe(String expected) {
        fail("must be " + expected + ", got " + yaml.described());
    }

    /// Where a value that could not be read is read from instead.
    Node muted() {
        return new Node(new Yaml.Absent(yaml.place()), path, kind, Reading.ofRecipe());
    }

    Node child(String key, Yaml value) {
        return new Node(value, path.isEmpty() ? key : path + "." + Yaml.shortened(key), kind, reading);
    }

    private Optional<Yaml.Scalar> scalar() {
        return yaml instanceof Yaml.Scalar scalar && !scalar.isNothing() ? Optional.of(scalar) : Optional.empty();
    }

    boolean isMap() {
        return yaml instanceof Yaml.Mapping;
    }

    boolean isWord(String word) {
        return yaml instanceof Yaml.Scalar scalar && scalar.isWord(word);
    }

    /// A text, as it was written: `5` is the text 5.
    String text() {
        Optional<Yaml.Scalar> scalar = scalar();
        if (scalar.isEmpty()) {
            mustBe("a text");
        }
        return scalar.map(Yaml.Scalar::text).orElse("");
    }

    boolean flag() {
        Optional<Boolean> truth = scalar().flatMap(Yaml.Scalar::truth);
        if (truth.isEmpty()) {
            mustBe("true or false");
        }
        return truth.orElse(false);
    }

    long whole(Range range) {
        Optional<BigDecimal> number = scalar().flatMap(Yaml.Scalar::number).filter(n -> n.stripTrailingZeros().scale() <= 0);
        if (number.isEmpty()) {
            mustBe("a whole number");
        }
        return inRange(number, range).longValueExact();
    }

    double number(Range range) {
        Optional<BigDecimal> number = scalar().flatMap(Yaml.Scalar::number);
        if (number.isEmpty()) {
            mustBe(scalar().filter(Yaml.Scalar::isNotFinite).isPresent() ? "a finite number" : "a number");
        }
        // The bounds hold for what the double is: 1e-400 is 0.
        Optional<BigDecimal> rounded = number.map(n -> Double.isInfinite(n.doubleValue()) ? n : new BigDecimal(n.doubleValue()));
        return inRange(rounded, range).doubleValue();
    }

    private BigDecimal inRange(Optional<BigDecimal> number, Range range) {
        String complaint = number.map(range::complaint).orElse("");
        if (!complaint.isEmpty()) {
            mustBe(complaint);
        }
        return number.filter(range::contains).orElseGet(range::inside);
    }

    /// One of a few words.
    String word(List<String> words) {
        Optional<String> text = scalar().map(Yaml.Scalar::text);
        if (text.filter(words::contains).isPresent()) {
            return text.get();
        }
        String meant = text.flatMap(typed -> Spelling.nearest(typed, words)).map(w -> "; did you mean " + w + "?").orElse("");
        fail("must be one of " + String.join(", ", words) + ", got " + yaml.described() + meant);
        return words.getFirst();
    }

    List<Node> items() {
        if (reading.isSurvey()) {
            return List.of(child("*", yaml));
        }
        if (!(yaml instanceof Yaml.Sequence sequence)) {
            mustBe("a list");
            return List.of();
        }
        List<Node> items = new ArrayList<>();
        for (Yaml item : sequence.items()) {
            items.add(child(String.valueOf(items.size()), item));
        }
        return items;
    }

    /// A map that only has keys.
    <T> T map(Function<Keys, T> read) {
        if (yaml instanceof Yaml.Mapping mapping && mapping.word() instanceof Yaml.Scalar word) {
            fail("must be a map, got " + word.described());
            return read.apply(new Keys(muted(), Map.of()));
        }
        return map("", read);
    }

    /// A map for which a single word may stand, as `strict` for `{mode: strict}`.
    ///
    /// @param key what the word is the value of, empty where no word may stand for the map
    <T> T map(String key, Function<Keys, T> read) {
        return switch (yaml) {
            case Yaml.Mapping(Map<String, Yaml> entries, Yaml.Scalar word, Place place) -> {
                Map<String, Yaml> both = new LinkedHashMap<>(Map.of(key, word));
                both.putAll(entries);
                yield open(new Yaml.Mapping(both, place), read);
            }
            case Yaml.Mapping mapping -> open(mapping, read);
            case Yaml.Absent absent -> open(new Yaml.Mapping(Map.of(), absent.place()), read);
            case Yaml.Scalar word when !key.isEmpty() && !word.isNothing() ->
                open(new Yaml.Mapping(Map.of(key, word), word.place()), read);
            default -> {
                mustBe("a map");
                yield read.apply(new Keys(muted(), Map.of()));
            }
        };
    }

    private <T> T open(Yaml.Mapping mapping, Function<Keys, T> read) {
        Keys keys = new Keys(new Node(mapping, path, kind, reading), mapping.entries());
        T value = read.apply(keys);
        keys.close();
        return value;
    }

    /// A member of a sealed family; a single word is its kind.
    <T> T oneOf(List<Kind<T>> kinds) {
        return oneOf("", kinds);
    }

    /// A member of a sealed family; a single word is its kind.
    ///
    /// @param otherwise the kind that is meant where none is said
    <T> T oneOf(String otherwise, List<Kind<T>> kinds) {
        return map("kind", keys -> {
            Optional<String> name = keys.kind(otherwise, Kind.names(kinds));
            if (reading.isSurvey()) {
                return kinds.stream().<T>map(kind -> kind.read().apply(keys.of(kind.name()))).toList().getFirst();
            }
            for (Kind<T> kind : kinds) {
                if (name.filter(kind.name()::equals).isPresent()) {
                    return kind.read().apply(keys.of(kind.name()));
                }
            }
            keys.askAsAll(kinds);
            return kinds.getFirst().read().apply(new Keys(muted(), Map.of()));
        });
    }
}

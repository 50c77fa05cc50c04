package dev.cultivar.recipe;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a recipe tells a custom member: YAML scalars, lists and maps by name, read by the extension itself.
///
/// @param values strings, booleans, `Long`, `Double`, `List` and `Map` of these; other whole and real numbers become `Long`
///               and `Double`, so that parameters made in Java equal those that were written and read
public record Parameters(Map<String, Object> values) {

    public static final Parameters NONE = new Parameters(Map.of());

    public Parameters {
        values = frozen(values);
    }

    private static Map<String, Object> frozen(Map<?, ?> map) {
        Map<String, Object> copy = new LinkedHashMap<>();
        map.forEach((key, value) -> {
            if (!(key instanceof String name)) {
                throw new IllegalArgumentException("a parameter's name must be a String, got " + key);
            }
            copy.put(name, frozen(name, value));
        });
        return Collections.unmodifiableMap(copy);
    }

    private static Object frozen(String name, Object value) {
        return switch (value) {
            case String _, Boolean _, Long _ -> value;
            case Integer _, Short _, Byte _ -> ((Number) value).longValue();
            case Float number when Float.isFinite(number) -> number.doubleValue();
            case Double number when Double.isFinite(number) -> number;
            case Map<?, ?> map -> frozen(map);
            case List<?> list -> {
                List<Object> copy = new ArrayList<>();
                list.forEach(item -> copy.add(frozen(name, item)));
                yield Collections.unmodifiableList(copy);
            }
            case null, default -> throw new IllegalArgumentException("parameter " + name
                    + " must be a String, boolean, finite number, List or Map of these, got " + value);
        };
    }

    /// A whole number, or `otherwise` where the recipe is silent.
    public long whole(String name, long otherwise) {
        return switch (values.get(name)) {
            case null -> otherwise;
            case Long value -> value;
            case Object other -> throw mistyped(name, "a whole number", other);
        };
    }

    /// A number, or `otherwise` where the recipe is silent.
    public double number(String name, double otherwise) {
        return switch (values.get(name)) {
            case null -> otherwise;
            case Number value -> value.doubleValue();
            case Object other -> throw mistyped(name, "a number", other);
        };
    }

    /// A text, or `otherwise` where the recipe is silent.
    public String text(String name, String otherwise) {
        return switch (values.get(name)) {
            case null -> otherwise;
            case String value -> value;
            case Object other -> throw mistyped(name, "a text", other);
        };
    }

    private static RecipeException mistyped(String name, String expected, Object got) {
        return new RecipeException("parameters." + name + " must be " + expected + ", got " + got);
    }
}

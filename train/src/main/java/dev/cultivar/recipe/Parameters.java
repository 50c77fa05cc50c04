package dev.cultivar.recipe;

import java.util.LinkedHashMap;
import java.util.Map;

/// What a recipe tells a custom member: YAML scalars, lists and maps by name, read by the extension itself.
///
/// @param values strings, booleans, `Long`, `Double`, `List` and `Map` of these
public record Parameters(Map<String, Object> values) {

    public static final Parameters NONE = new Parameters(Map.of());

    public Parameters {
        values = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /// A whole number, or `otherwise` where the recipe is silent.
    public long whole(String name, long otherwise) {
        return switch (values.get(name)) {
            case null -> otherwise;
            case Long value -> value;
            case Integer value -> value;
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

package dev.cultivar.nn;

import dev.cultivar.format.CheckpointException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The keys of a `config.json`, asked for by name and type; a wrong one is an error that names the file.
///
/// @param place  the file, for messages
/// @param values what it says
public record ConfigFile(String place, Map<String, @Nullable Object> values) {

    /// A configuration that no file has yet.
    public static ConfigFile of(String place, Map<String, Object> values) {
        return new ConfigFile(place, new java.util.LinkedHashMap<String, @Nullable Object>(values));
    }

    /// The same with an adapter on the backbone that it describes.
    public ConfigFile with(AdapterConfig adapter) {
        var more = new java.util.LinkedHashMap<String, @Nullable Object>(values);
        more.put(AdapterConfig.KEY, adapter);
        return new ConfigFile(place, more);
    }

    public int whole(String key) {
        if (values.get(key) instanceof Number number && number.doubleValue() == number.intValue() && number.intValue() > 0) {
            return number.intValue();
        }
        throw wrong(key, "a whole number above 0");
    }

    public int whole(String key, int otherwise) {
        return switch (values.get(key)) {
            case null -> otherwise;
            case Number number when number.doubleValue() == number.intValue() -> number.intValue();
            default -> throw wrong(key, "a whole number");
        };
    }

    /// At least 1.
    int positive(String key, int otherwise) {
        int value = whole(key, otherwise);
        if (value < 1) {
            throw wrong(key, "a whole number above 0");
        }
        return value;
    }

    /// Whole numbers above 0, one at least; a number alone is a list of one.
    List<Integer> wholes(String key) {
        Object value = values.get(key);
        List<?> several = value instanceof List<?> list ? list : value == null ? List.of() : List.of(value);
        List<Integer> wholes = new ArrayList<>();
        for (Object each : several) {
            if (!(each instanceof Number number) || number.doubleValue() != number.intValue() || number.intValue() < 1) {
                throw wrong(key, "whole numbers above 0");
            }
            wholes.add(number.intValue());
        }
        if (wholes.isEmpty()) {
            throw wrong(key, "whole numbers above 0, one at least");
        }
        return wholes;
    }

    List<Integer> wholes(String key, List<Integer> otherwise) {
        return values.get(key) == null ? otherwise : wholes(key);
    }

    /// From 0 to below 1.
    double share(String key, double otherwise) {
        double value = number(key, otherwise);
        if (!(value >= 0 && value < 1)) {
            throw wrong(key, "a share from 0 to below 1");
        }
        return value;
    }

    public double number(String key, double otherwise) {
        return switch (values.get(key)) {
            case null -> otherwise;
            case Number number -> number.doubleValue();
            default -> throw wrong(key, "a number");
        };
    }

    public boolean flag(String key, boolean otherwise) {
        return switch (values.get(key)) {
            case null -> otherwise;
            case Boolean flag -> flag;
            default -> throw wrong(key, "true or false");
        };
    }

    public String text(String key, String otherwise) {
        return switch (values.get(key)) {
            case null -> otherwise;
            case String text -> text;
            default -> throw wrong(key, "a text");
        };
    }

    /// A key that is absent or has the one value that is built.
    public void require(String key, Object only) {
        Object value = values.get(key);
        if (value != null && !value.equals(only)) {
            throw wrong(key, only + " (nothing else is built)");
        }
    }

    /// A key that is absent or one of these.
    public void oneOf(String key, List<String> known) {
        Object value = values.get(key);
        if (value != null && !known.contains(String.valueOf(value))) {
            throw wrong(key, "one of " + known);
        }
    }

    private CheckpointException wrong(String key, String expected) {
        Object got = values.get(key);
        return new CheckpointException(place + ": " + key + " must be " + expected + ", " + (got == null ? "and is missing" : "got " + got));
    }
}

package dev.cultivar.recipe;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads `parameters`, what a custom member is told: any YAML, by the types of the core schema.
final class ParametersReader {
    private ParametersReader() {}

    static Parameters read(Keys keys) {
        return keys.have("parameters", "map", "{}", node -> new Parameters(node.isMap() ? entries(node) : noMap(node)));
    }

    private static Map<String, Object> noMap(Node node) {
        return node.map(_ -> Map.of());
    }

    private static Map<String, Object> entries(Node node) {
        Map<String, Object> values = new LinkedHashMap<>();
        if (node.yaml() instanceof Yaml.Mapping(Map<String, Yaml> entries, Yaml word, _)) {
            if (word instanceof Yaml.Scalar) {
                node.fail("must be a map, got " + word.described());
            }
            entries.forEach((key, value) -> values.put(key, value(node.child(key, value))));
        }
        return values;
    }

    private static Object value(Node node) {
        return switch (node.yaml()) {
            case Yaml.Mapping _ -> entries(node);
            case Yaml.Sequence _ -> items(node);
            case Yaml.Scalar scalar when scalar.isNothing() || scalar.isNotFinite() -> {
                node.fail("must be a text, a finite number, true or false, a list or a map, got " + scalar.described());
                yield "";
            }
            case Yaml.Scalar scalar when scalar.truth().isPresent() -> scalar.truth().get();
            case Yaml.Scalar scalar when scalar.isWrittenWhole() && scalar.number().isPresent() -> node.whole(Range.ANY_LONG);
            case Yaml.Scalar scalar when scalar.number().isPresent() -> number(node, scalar.number().get());
            case Yaml.Scalar scalar -> scalar.text();
            case Yaml.Absent _ -> "";
        };
    }

    private static Double number(Node node, BigDecimal exact) {
        // -0.0 is a double and no decimal.
        return exact.signum() == 0
                ? Double.valueOf(((Yaml.Scalar) node.yaml()).text())
                : Double.valueOf(node.number(Range.ANY_DOUBLE));
    }

    private static List<Object> items(Node node) {
        List<Object> values = new ArrayList<>();
        node.items().forEach(item -> values.add(value(item)));
        return values;
    }
}

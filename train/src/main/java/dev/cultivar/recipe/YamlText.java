package dev.cultivar.recipe;

import java.math.BigDecimal;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Prints a [Yaml] tree as people write recipes: what fits in a line, in a line.
final class YamlText {
    private static final int WIDTH = 110;
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z_./][A-Za-z0-9_./-]*( [A-Za-z0-9_./-]+)*");

    private final StringBuilder out = new StringBuilder();

    private YamlText() {}

    static String of(Yaml.Mapping mapping) {
        YamlText text = new YamlText();
        text.block(mapping, 0, "");
        return text.out.toString();
    }

    private void block(Yaml.Mapping mapping, int indent, String firstPrefix) {
        String prefix = firstPrefix;
        for (Map.Entry<String, Yaml> entry : mapping.entries().entrySet()) {
            out.append(prefix.isEmpty() ? " ".repeat(indent) : prefix).append(quoted(entry.getKey())).append(':');
            value(entry.getValue(), indent, quoted(entry.getKey()).length() + 2);
            prefix = "";
        }
    }

    private void value(Yaml value, int indent, int used) {
        String flow = flow(value);
        if (indent + used + flow.length() <= WIDTH || value instanceof Yaml.Scalar || flow.length() <= 2) {
            out.append(' ').append(flow).append('\n');
            return;
        }
        out.append('\n');
        switch (value) {
            case Yaml.Mapping mapping -> block(mapping, indent + 2, "");
            case Yaml.Sequence sequence -> sequence.items().forEach(item -> item(item, indent + 2));
            case Yaml.Scalar _, Yaml.Absent _ -> throw new IllegalStateException("not a collection: " + value);
        }
    }

    private void item(Yaml item, int indent) {
        if (item instanceof Yaml.Mapping mapping && indent + 2 + flow(item).length() > WIDTH) {
            block(mapping, indent + 2, " ".repeat(indent) + "- ");
        } else {
            out.append(" ".repeat(indent)).append("- ").append(flow(item)).append('\n');
        }
    }

    private static String flow(Yaml value) {
        return switch (value) {
            case Yaml.Mapping mapping -> mapping.entries().entrySet().stream()
                    .map(entry -> quoted(entry.getKey()) + ": " + flow(entry.getValue()))
                    .collect(Collectors.joining(", ", "{", "}"));
            case Yaml.Sequence sequence ->
                sequence.items().stream().map(YamlText::flow).collect(Collectors.joining(", ", "[", "]"));
            case Yaml.Scalar scalar -> scalar.plain() ? scalar.text() : quoted(scalar.text());
            case Yaml.Absent _ -> throw new IllegalStateException("nothing to print");
        };
    }

    /// A number that the core schema, and YAML 1.1 too, reads as this very number.
    static String number(double value) {
        if (value == 0) {
            return 1 / value < 0 ? "-0.0" : "0.0";
        }
        BigDecimal exact = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        if (exact.precision() - exact.scale() > 15 || exact.scale() > 20 || exact.precision() - exact.scale() < -5) {
            String digits = exact.unscaledValue().abs().toString();
            int exponent = exact.precision() - exact.scale() - 1;
            return (value < 0 ? "-" : "") + digits.charAt(0) + "." + (digits.length() > 1 ? digits.substring(1) : "0")
                    + (exponent < 0 ? "e-" : "e+") + Math.abs(exponent);
        }
        return exact.scale() <= 0 ? exact.toPlainString() + ".0" : exact.toPlainString();
    }

    /// A text, in quotes where it would be read as something else without them.
    static String quoted(String text) {
        Yaml.Scalar plain = new Yaml.Scalar(text, true, Place.file(""));
        if (PLAIN.matcher(text).matches()
                && plain.truth().isEmpty() && plain.number().isEmpty() && !plain.isNothing() && !plain.isNotFinite()) {
            return text;
        }
        StringBuilder quoted = new StringBuilder("\"");
        text.codePoints().forEach(c -> {
            if (c == '"' || c == '\\') {
                quoted.append('\\').appendCodePoint(c);
            } else if (c >= ' ' && c <= '~' || Character.isLetterOrDigit(c)) {
                quoted.appendCodePoint(c);
            } else {
                quoted.append(c > 0xFFFF ? "\\U%08x".formatted(c) : "\\u%04x".formatted(c));
            }
        });
        return quoted.append('"').toString();
    }
}

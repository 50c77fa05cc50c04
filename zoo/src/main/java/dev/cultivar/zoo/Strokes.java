package dev.cultivar.zoo;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// How people write each character: several [Shape]s where people write it in several ways.
///
/// The shapes lie in `strokes.txt` beside this class and are our own: a server without fonts draws them too.
final class Strokes {
    private static final Map<String, List<Shape>> SHAPES = read();

    private Strokes() {}

    static List<Shape> of(String character) {
        return Objects.requireNonNull(SHAPES.get(character), () -> "strokes.txt has no shape for " + character);
    }

    /// One of the ways to write a character, drawn in proportion to their weights; `at` is in `[0, 1)`.
    static Shape choose(String character, double at) {
        List<Shape> shapes = of(character);
        double left = at * shapes.stream().mapToDouble(Shape::weight).sum();
        for (Shape shape : shapes) {
            left -= shape.weight();
            if (left < 0) {
                return shape;
            }
        }
        return shapes.getLast();
    }

    private static Map<String, List<Shape>> read() {
        Map<String, List<Shape>> shapes = new LinkedHashMap<>();
        try (InputStream in = Objects.requireNonNull(Strokes.class.getResourceAsStream("strokes.txt"), "strokes.txt is not in the jar")) {
            new String(in.readAllBytes(), StandardCharsets.UTF_8).lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .forEach(line -> shapes.computeIfAbsent(line.substring(0, 1), character -> new ArrayList<>())
                            .add(Shape.parse(line.substring(2))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        shapes.replaceAll((character, list) -> List.copyOf(list));
        return Map.copyOf(shapes);
    }
}

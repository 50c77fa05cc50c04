package dev.cultivar.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;

/// How the cost of a token grows with width, depth, context and vocabulary: tokens a second and memory as each doubles while the others
/// stay, the exponent that a straight line through the logarithms gives, and what the model's shape makes expect.
final class GrowthBench {
    private GrowthBench() {}

    /// A size that is varied.
    ///
    /// @param expected exponent of the cost of a token, from the count of operations between the first and the last value
    private record Axis(String name, List<Integer> values, double expected) {
        String[] overrides(int value) {
            int width = name.equals("width") ? value : 128;
            int layers = name.equals("layers") ? value : 4;
            int context = name.equals("context") ? value : 64;
            int rows = 4096 / context;
            return new String[] {
                "backbone={kind: gpt2, layers: " + layers + ", width: " + width + ", heads: 4, positions: " + context + ", dropout: 0, attention_dropout: 0}",
                "batching={rows: " + rows + ", max_length: " + context + "}",
                name.equals("vocabulary") ? "tokenizer={kind: bpe, vocabulary: " + value + ", min_frequency: 1}" : "tokenizer={kind: chars, unknown: false}"
            };
        }
    }

    private static double flops(int width, int layers, int context, int vocabulary) {
        return layers * (24.0 * width * width + 4.0 * context * width) + 2.0 * width * vocabulary;
    }

    private static List<Axis> axes() {
        return List.of(
                new Axis("width", List.of(64, 128, 256, 512), exponent(flops(64, 4, 64, 65), flops(512, 4, 64, 65), 8)),
                new Axis("layers", List.of(2, 4, 8, 16), exponent(flops(128, 2, 64, 65), flops(128, 16, 64, 65), 8)),
                new Axis("context", List.of(64, 128, 256, 512), exponent(flops(128, 4, 64, 65), flops(128, 4, 512, 65), 8)),
                new Axis("vocabulary", List.of(512, 1024, 4096, 8192), exponent(flops(128, 4, 64, 512), flops(128, 4, 64, 8192), 16)));
    }

    private static double exponent(double first, double last, double factor) {
        return Math.log(last / first) / Math.log(factor);
    }

    static void run(Path root, Path text, int seconds) throws IOException, InterruptedException {
        System.out.printf("%-12s %8s %14s %10s%n", "axis", "value", "tokens/s", "memory MB");
        SequencedMap<Axis, Map<Integer, Double>> measured = new LinkedHashMap<>();
        for (Axis axis : axes()) {
            Map<Integer, Double> rates = new LinkedHashMap<>();
            for (int value : axis.values()) {
                Side.Timing timing = StepBench.ours("gpt4", "float32", root, text, seconds, axis.overrides(value)).run();
                if (timing.rate().isEmpty()) {
                    System.out.printf("%-12s %8d %14s %s%n", axis.name(), value, "failed", timing.problem());
                    continue;
                }
                rates.put(value, timing.rate().getAsDouble());
                System.out.printf(Locale.ROOT, "%-12s %8d %,14.0f %,10d%n", axis.name(), value, timing.rate().getAsDouble(), timing.residentMb());
            }
            measured.put(axis, rates);
        }
        System.out.printf("%n%-12s %26s %26s%n", "axis", "exponent of cost, measured", "from counting operations");
        measured.forEach((axis, rates) -> System.out.printf(Locale.ROOT, "%-12s %26.2f %26.2f%n", axis.name(), slope(rates), axis.expected()));
    }

    /// Least squares through the logarithms of value and seconds a token.
    private static double slope(Map<Integer, Double> rates) {
        List<double[]> points = new ArrayList<>();
        rates.forEach((value, rate) -> points.add(new double[] {Math.log(value), -Math.log(rate)}));
        double x = points.stream().mapToDouble(point -> point[0]).average().orElse(0);
        double y = points.stream().mapToDouble(point -> point[1]).average().orElse(0);
        double over = points.stream().mapToDouble(point -> (point[0] - x) * (point[1] - y)).sum();
        double under = points.stream().mapToDouble(point -> (point[0] - x) * (point[0] - x)).sum();
        return over / under;
    }
}

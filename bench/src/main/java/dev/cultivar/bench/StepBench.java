package dev.cultivar.bench;

import dev.cultivar.format.JsonFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/// Tokens a second of a training step: the product's own `train`, with its data, loader, clipping, schedule and log, beside peers
/// in Python on the same shape.
final class StepBench {
    private static final int UNCOUNTED = 3; // the first steps warm up

    private StepBench() {}

    /// The shapes, by name: `gpt6`, `gpt4`, `gpt2` and `mlm`.
    static final List<String> SHAPES = List.of("gpt6", "gpt4", "gpt2", "mlm");

    /// @param python    a venv's interpreter; empty for our side alone
    /// @param precision `float32` or `bfloat16`
    static Comparison of(String shape, String precision, Path root, Path text, Optional<String> python, int seconds) throws IOException {
        List<Side> sides = new ArrayList<>();
        sides.add(ours(shape, precision, root, text, seconds));
        python.ifPresent(interpreter -> {
            Path peers = root.resolve("bench/peers");
            if (!shape.equals("mlm")) {
                sides.add(peer("PyTorch eager " + precision, List.of(interpreter, peers.resolve("gpt_step.py").toString(), "--shape", shape,
                        "--precision", precision, "--seconds", String.valueOf(seconds))));
                sides.add(peer("PyTorch eager, fused AdamW " + precision, List.of(interpreter, peers.resolve("gpt_step.py").toString(), "--shape", shape,
                        "--precision", precision, "--seconds", String.valueOf(seconds), "--fused")));
            }
            sides.add(peer("Trainer " + precision, List.of(interpreter, peers.resolve("trainer_step.py").toString(), "--shape", shape,
                    "--precision", precision, "--steps", shape.equals("gpt4") ? "60" : "10")));
        });
        return new Comparison(shape + ", " + precision, "tokens/s", sides);
    }

    /// A command that prints `tokens_per_second`.
    static Side peer(String name, List<String> command) {
        return new Side(name, command, output -> {
            Map<String, ?> said = Side.said(output, name);
            return Side.Found.of(
                    said.get("tokens_per_second") instanceof Number rate ? OptionalDouble.of(rate.doubleValue()) : OptionalDouble.empty());
        });
    }

    /// @param more overrides of the shape's recipe
    static Side ours(String shape, String precision, Path root, Path text, int seconds, String... more) throws IOException {
        List<String> all = new ArrayList<>(List.of(more));
        all.addFirst("data.train.file=" + text);
        all.add(minutes(seconds));
        return ours(shape, precision, root, StepBench::rate, all);
    }

    static String minutes(int seconds) {
        return "horizon={minutes: " + seconds / 60.0 + "}";
    }

    /// What a run's log tells.
    @FunctionalInterface
    interface Rate {
        /// @param metrics the log
        OptionalDouble of(Path metrics) throws IOException;
    }

    /// @param more overrides of the shape's recipe
    static Side ours(String shape, String precision, Path root, Rate rate, List<String> more) throws IOException {
        Path runs = Files.createTempDirectory("bench-runs");
        Path run = runs.resolve("run");
        List<String> command = new ArrayList<>(List.of(
                "bash", "-c", "rm -rf \"$1\" && exec \"$2\" train \"$3\" --out \"$1\" \"${@:4}\"",
                "bench", run.toString(), root.resolve("cultivar").toString(), root.resolve("bench/recipes/" + shape + ".yaml").toString(),
                "device.precision=" + precision));
        command.addAll(more);
        return new Side("Cultivar " + precision, command, output -> Side.Found.of(rate.of(run.resolve("metrics.jsonl"))));
    }

    /// The median step's, from the run's own log.
    static OptionalDouble rate(Path metrics) throws IOException {
        List<Double> rates = new ArrayList<>();
        double seconds = 0;
        double tokens = 0;
        int steps = 0;
        for (String line : Files.readAllLines(metrics)) {
            Map<String, ?> event = JsonFiles.parse(line, metrics.toString());
            if (!"step".equals(event.get("event"))
                    || !(event.get("seconds") instanceof Number now)
                    || !(event.get("tokens") instanceof Number seen)) {
                continue;
            }
            if (steps++ >= UNCOUNTED) {
                rates.add((seen.doubleValue() - tokens) / (now.doubleValue() - seconds));
            }
            seconds = now.doubleValue();
            tokens = seen.doubleValue();
        }
        return rates.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(Comparison.median(rates));
    }
}

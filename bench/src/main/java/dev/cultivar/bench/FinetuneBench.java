package dev.cultivar.bench;

import dev.cultivar.format.JsonFiles;
import dev.cultivar.zoo.Models;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/// Sentences a second of fine-tuning MiniLM, whole: one epoch over 4,000 rows of SST-2 from its first step, warming up included, with the
/// accuracy that came of it; the peer is Hugging Face's Trainer on the same rows, from the same weights, with the same head and settings.
final class FinetuneBench {
    private static final int ROWS = 4_000;

    private final Options options;

    private FinetuneBench(Options options) {
        this.options = options;
    }

    static FinetuneBench of(Options options) {
        return new FinetuneBench(options);
    }

    void run() throws IOException, InterruptedException {
        var sst2 = new Sst2(options.sst2());
        if (!sst2.missing().isEmpty()) {
            System.err.println("finetune skipped: " + sst2.missing());
            return;
        }
        Path folder = Files.createTempDirectory("bench-finetune");
        Sst2.write(folder.resolve("train.csv"), sst2.train(ROWS));
        Sst2.write(folder.resolve("dev.csv"), sst2.dev());
        List<Side> sides = new ArrayList<>(List.of(ours(folder)));
        options.python().ifPresent(python -> {
            Path model = Models.find("minilm");
            sides.add(trainer("Trainer, as it comes", python, model, folder));
            sides.add(trainer("Trainer, grouped by length", python, model, folder, "--grouped"));
            if (options.bf16()) {
                sides.add(trainer("Trainer, grouped, bfloat16", python, model, folder, "--grouped", "--bf16"));
            }
        });
        new Comparison("fine-tuning minilm, " + ROWS + " rows, one epoch", "sentences/s", sides).run(options.rounds());
    }

    private Side ours(Path folder) {
        Path run = folder.resolve("run");
        List<String> command = List.of(
                "bash", "-c", "rm -rf \"$1\" && exec \"$2\" train \"$3\" --out \"$1\" \"${@:4}\"",
                "bench", run.toString(), options.root().resolve("cultivar").toString(), options.root().resolve("bench/recipes/finetune.yaml").toString(),
                "data.train.file=" + folder.resolve("train.csv"), "data.test.file=" + folder.resolve("dev.csv"));
        return new Side("Cultivar", command, output -> found(run.resolve("metrics.jsonl")));
    }

    private static Side.Found found(Path metrics) throws IOException {
        OptionalDouble seconds = OptionalDouble.empty();
        Optional<Double> accuracy = Optional.empty();
        for (String line : Files.readAllLines(metrics)) {
            Map<String, ?> event = JsonFiles.parse(line, metrics.toString());
            if ("step".equals(event.get("event")) && event.get("seconds") instanceof Number now) {
                seconds = OptionalDouble.of(now.doubleValue());
            }
            if (event.get("metrics") instanceof Map<?, ?> all
                    && all.get("accuracy") instanceof Map<?, ?> one
                    && one.get("value") instanceof Number value) {
                accuracy = Optional.of(value.doubleValue());
            }
        }
        return new Side.Found(
                seconds.isPresent() ? OptionalDouble.of(ROWS / seconds.getAsDouble()) : OptionalDouble.empty(),
                accuracy.map(value -> "accuracy %.3f".formatted(value)).orElse(""));
    }

    private Side trainer(String name, String python, Path model, Path folder, String... more) {
        List<String> command = new ArrayList<>(List.of(
                python, options.peer("trainer_finetune.py").toString(), "--model", model.toString(),
                "--train", folder.resolve("train.csv").toString(), "--test", folder.resolve("dev.csv").toString()));
        command.addAll(List.of(more));
        return new Side(name, command, output -> {
            Map<String, ?> said = Side.said(output, name);
            return new Side.Found(
                    said.get("sentences_per_second") instanceof Number rate ? OptionalDouble.of(rate.doubleValue()) : OptionalDouble.empty(),
                    said.get("accuracy") instanceof Number value ? "accuracy %.3f".formatted(value.doubleValue()) : "");
        });
    }
}

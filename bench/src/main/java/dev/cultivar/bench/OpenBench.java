package dev.cultivar.bench;

import dev.cultivar.predict.Embedder;
import dev.cultivar.torch.Torch;
import dev.cultivar.zoo.Models;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/// Seconds from a checkpoint's folder to a model that answers: the process's first opening, its later ones, and before them the library's own
/// start (natives here, imports in Python); beside transformers' `from_pretrained` with its tokenizer.
final class OpenBench {
    private static final int TIMES = 7;

    private OpenBench() {}

    static void run(Options options) throws IOException, InterruptedException {
        Path model = Models.find("minilm");
        List<List<String>> commands = new ArrayList<>();
        commands.add(List.of("bash", options.root().resolve("bench/run").toString(), "open-side", model.toString()));
        options.python().ifPresent(python ->
                commands.add(List.of(python, options.peer("open_model.py").toString(), "--model", model.toString(), "--times", String.valueOf(TIMES))));
        List<String> names = List.of("Cultivar", "from_pretrained");
        List<List<Map<String, ?>>> said = new ArrayList<>();
        commands.forEach(command -> said.add(new ArrayList<>()));
        for (int round = 0; round < options.rounds(); round++) {
            for (int c = 0; c < commands.size(); c++) {
                List<Map<String, ?>> own = said.get(c);
                String name = names.get(c);
                Side.Timing timing = new Side(name, commands.get(c), output -> {
                    own.add(Side.said(output, name));
                    return Side.Found.of(OptionalDouble.empty());
                }).run();
                if (!timing.problem().isEmpty()) {
                    System.err.println(name + " failed: " + timing.problem());
                }
            }
        }
        System.out.printf("%nopening minilm, seconds%n%-24s %12s %12s %12s%n", "", "library", "first", "again");
        for (int c = 0; c < said.size(); c++) {
            System.out.printf("%-24s %12s %12s %12s%n", names.get(c), median(said.get(c), "library"), median(said.get(c), "first"), median(said.get(c), "again"));
        }
    }

    private static String median(List<Map<String, ?>> said, String what) {
        List<Double> values = said.stream()
                .map(one -> one.get(what))
                .filter(Number.class::isInstance)
                .map(value -> ((Number) value).doubleValue())
                .toList();
        return values.isEmpty() ? "failed" : String.format(Locale.ROOT, "%.3f", Comparison.median(values));
    }

    /// Our side, in a process of its own: MODEL.
    static void side(String[] arguments) {
        double library = seconds(Torch::start);
        List<Double> opened = new ArrayList<>();
        for (int i = 0; i < TIMES; i++) {
            opened.add(seconds(() -> Embedder.open(arguments[0]).close()));
        }
        List<Double> later = new ArrayList<>(opened.subList(1, TIMES));
        later.sort(Comparator.naturalOrder());
        System.out.printf(Locale.ROOT, "{\"library\": %.4f, \"first\": %.4f, \"again\": %.4f}%n", library, opened.getFirst(), Comparison.median(later));
    }

    private static double seconds(Runnable work) {
        long started = System.nanoTime();
        work.run();
        return (System.nanoTime() - started) / 1e9;
    }
}

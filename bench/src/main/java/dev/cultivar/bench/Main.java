package dev.cultivar.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// `bench/run NAME...`: see `bench/README.md`.
public final class Main {
    private static final String USAGE = """
            usage: bench/run SHAPE... [--python VENV/bin/python] [--text FILE] [--rounds N] [--seconds S] [--precision float32 or bfloat16]
                   bench/run finetune [--python VENV/bin/python] [--data SST2] [--rounds N] [--bf16]
                   bench/run embed [--python VENV/bin/python] [--data SST2] [--rounds N]
                   bench/run open [--python VENV/bin/python] [--rounds N]
                   bench/run growth [--text FILE] [--seconds S]
                   bench/run optimizer [PARAMETERS...]
                   bench/run precompute [ROWS] [EPOCHS] [FOLDER] [key=value...]
                   bench/run tokenizer KIND FILE VOCABULARY OUT TIMES
            shapes: """;

    private Main() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        String[] rest = arguments.length == 0 ? arguments : Arrays.copyOfRange(arguments, 1, arguments.length);
        switch (arguments.length == 0 ? "" : arguments[0]) {
            case "finetune" -> FinetuneBench.of(Options.parse(rest)).run();
            case "embed" -> EmbedBench.of(Options.parse(rest)).run();
            case "open" -> OpenBench.run(Options.parse(rest));
            case "embed-side" -> EmbedBench.side(rest);
            case "open-side" -> OpenBench.side(rest);
            case "optimizer" -> OptimizerBench.main(rest);
            case "precompute" -> PrecomputeBench.main(rest);
            case "tokenizer" -> TokenizerBench.main(rest);
            default -> new Main().steps(arguments);
        }
    }

    private void steps(String[] arguments) throws IOException, InterruptedException {
        Path root = Path.of(System.getProperty("cultivar.root", "."));
        Optional<String> python = Optional.empty();
        Path text = root.resolve("../shared/data/text/tinyshakespeare/input.txt");
        int rounds = 3;
        int seconds = 20;
        String precision = "float32";
        List<String> names = new ArrayList<>();
        for (int i = 0; i < arguments.length; i++) {
            boolean option = arguments[i].startsWith("--");
            if (option && i + 1 == arguments.length) {
                usage();
            }
            switch (arguments[i]) {
                case "--python" -> python = Optional.of(arguments[++i]);
                case "--text" -> text = Path.of(arguments[++i]);
                case "--rounds" -> rounds = Integer.parseInt(arguments[++i]);
                case "--seconds" -> seconds = Integer.parseInt(arguments[++i]);
                case "--precision" -> precision = arguments[++i];
                case String name -> names.add(name);
            }
        }
        boolean growth = names.equals(List.of("growth"));
        if (names.isEmpty() || !growth && !StepBench.SHAPES.containsAll(names) && !PictureBench.SHAPES.containsAll(names)) {
            usage();
        }
        if (PictureBench.SHAPES.containsAll(names)) {
            for (String name : names) {
                PictureBench.of(name, precision, root, python, seconds).run(rounds);
            }
            return;
        }
        if (!Files.isReadable(text)) {
            System.err.println(text + " cannot be read; give a text of a megabyte or more with --text");
            System.exit(2);
        }
        if (growth) {
            GrowthBench.run(root, text, seconds);
            return;
        }
        for (String name : names) {
            StepBench.of(name, precision, root, text, python, seconds).run(rounds);
        }
    }

    private static void usage() {
        System.err.println(USAGE + String.join(", ", StepBench.SHAPES) + "; of pictures: " + String.join(", ", PictureBench.SHAPES));
        System.exit(2);
    }
}

package dev.cultivar.bench;

import java.nio.file.Path;
import java.util.Optional;

/// What the benchmarks on a published model are asked to do.
///
/// @param root   of the project
/// @param python a venv's interpreter; empty for our side alone
/// @param sst2   the folder with `train.tsv`, `dev.tsv` and `measured-rows.json`
/// @param rounds in which the sides take turns
/// @param bf16   whether a peer runs in bfloat16 too
record Options(Path root, Optional<String> python, Path sst2, int rounds, boolean bf16) {

    static Options parse(String[] arguments) {
        Path root = Path.of(System.getProperty("cultivar.root", ".")).toAbsolutePath().normalize();
        var options = new Options(root, Optional.empty(), root.resolve("../shared/data/classify/sst2").normalize(), 3, false);
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i].equals("--bf16")) {
                options = new Options(root, options.python, options.sst2, options.rounds, true);
                continue;
            }
            if (i + 1 == arguments.length) {
                throw new IllegalArgumentException(arguments[i] + ": expected --python, --data or --rounds with a value, or --bf16");
            }
            String value = arguments[++i];
            options = switch (arguments[i - 1]) {
                case "--python" -> new Options(root, Optional.of(value), options.sst2, options.rounds, options.bf16);
                case "--data" -> new Options(root, options.python, Path.of(value), options.rounds, options.bf16);
                case "--rounds" -> new Options(root, options.python, options.sst2, Integer.parseInt(value), options.bf16);
                default -> throw new IllegalArgumentException(arguments[i - 1] + ": expected --python, --data, --rounds or --bf16");
            };
        }
        return options;
    }

    Path peer(String script) {
        return root.resolve("bench/peers").resolve(script);
    }
}

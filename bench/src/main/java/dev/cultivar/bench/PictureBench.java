package dev.cultivar.bench;

import dev.cultivar.format.JsonFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/// Pictures a second of networks that look at pictures, which are drawn: the product's own `train` beside PyTorch as it comes, in channels last, and
/// with AdamW in one kernel too.
final class PictureBench {
    /// Five epochs of dense layers over frozen convolutions, all that is computed once included.
    private static final String WHOLE = "vision-precompute";

    static final List<String> SHAPES =
            List.of("vision-cnn", "vision-vgg", "vision-vgg-frozen", "vision-resnet", "vision-dcgan", WHOLE);

    private PictureBench() {}

    /// @param python    a venv's interpreter; empty for our side alone
    /// @param precision `float32` or `bfloat16`
    /// @param seconds   a side; what counts epochs takes as long as it takes
    static Comparison of(String shape, String precision, Path root, Optional<String> python, int seconds) throws IOException {
        boolean whole = shape.equals(WHOLE);
        List<Side> sides = new ArrayList<>();
        sides.add(StepBench.ours(shape, precision, root, whole ? PictureBench::mean : StepBench::rate, whole ? List.of() : List.of(StepBench.minutes(seconds))));
        python.ifPresent(interpreter -> {
            sides.add(peer("PyTorch eager", interpreter, root, shape, precision, seconds));
            sides.add(peer("PyTorch, channels last", interpreter, root, shape, precision, seconds, "--channels-last"));
            sides.add(peer("PyTorch, channels last, fused", interpreter, root, shape, precision, seconds, "--channels-last", "--fused"));
        });
        return new Comparison(shape + ", " + precision, "pictures/s", sides);
    }

    private static Side peer(String name, String python, Path root, String shape, String precision, int seconds, String... more) {
        List<String> command = new ArrayList<>(List.of(python, root.resolve("bench/peers/vision_step.py").toString(), "--shape", shape,
                "--precision", precision, "--seconds", String.valueOf(seconds)));
        command.addAll(Arrays.asList(more));
        return StepBench.peer(name, command);
    }

    /// Over all steps, from the first one's start.
    private static OptionalDouble mean(Path metrics) throws IOException {
        OptionalDouble rate = OptionalDouble.empty();
        for (String line : Files.readAllLines(metrics)) {
            Map<String, ?> event = JsonFiles.parse(line, metrics.toString());
            if ("step".equals(event.get("event")) && event.get("seconds") instanceof Number now && event.get("tokens") instanceof Number seen) {
                rate = OptionalDouble.of(seen.doubleValue() / now.doubleValue());
            }
        }
        return rate;
    }
}

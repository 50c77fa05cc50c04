package dev.cultivar.checkpoint;

import dev.cultivar.format.CheckpointException;
import dev.cultivar.format.ElementType;
import dev.cultivar.recipe.RecipeException;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A process of its own that trains, in a manner of speaking: what a test kills, starves or keeps out.
final class Child {
    private static final int TENSOR_BYTES = 300_000;

    private Child() {}

    /// Starts `main` with arguments under a shell's limits, for example `ulimit -f 64;`, or none.
    static Process start(String limits, String... arguments) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = new ArrayList<>(List.of("bash", "-c", limits + " exec \"$@\"", "bash"));
        command.addAll(List.of(java, "-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-Xshare:auto"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Child.class.getName()));
        command.addAll(Arrays.asList(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    public static void main(String[] arguments) throws IOException {
        Path root = Path.of(arguments[1]);
        try {
            switch (arguments[0]) {
                case "train" -> train(root);
                case "hold" -> hold(root);
                case "fill" -> fill(root);
                default -> throw new IllegalArgumentException(arguments[0]);
            }
        } catch (RecipeException | CheckpointException refused) {
            say(refused.getClass().getSimpleName() + " " + refused.getMessage());
        }
    }

    private static void say(String line) {
        System.out.println(line);
        if (System.out.checkError()) {
            System.exit(1); // nobody listens any more
        }
    }

    /// Publishes one checkpoint after another, from the last one on, until it is killed; says each move.
    private static void train(Path root) throws IOException {
        try (var run = Files.exists(root) ? RunFolder.open(root) : RunFolder.create(root);
                var metrics = run.metrics()) {
            long step = 0;
            if (run.files().last().isPresent()) {
                step = verify(run.files());
            }
            metrics.truncateAfter(step);
            while (true) {
                step++;
                metrics.append(Map.of("step", step));
                publish(run, step, TENSOR_BYTES);
                if (step % 2 == 0) {
                    run.markBest(step);
                    say("marked");
                }
                run.retain(2);
                say("retained");
            }
        }
    }

    /// The step of the last checkpoint, every byte of which is checked against the step.
    static long verify(RunFiles files) {
        CheckpointFolder last = CheckpointFolder.open(files.last().orElseThrow());
        try (StateReader in = last.state()) {
            long step = in.whole("step");
            byte[] expected = content(step, TENSOR_BYTES);
            if (step != last.step()
                    || in.tensor("weights", ElementType.U8, expected.length).mismatch(MemorySegment.ofArray(expected)) >= 0) {
                throw new AssertionError(last + " holds step " + step);
            }
            in.finish();
            return step;
        }
    }

    private static byte[] content(long step, int bytes) {
        byte[] content = new byte[bytes];
        Arrays.fill(content, (byte) step);
        return content;
    }

    private static void publish(RunFolder run, long step, int bytes) {
        run.publish(step, folder -> {
            say("filling");
            var out = new StateWriter();
            out.whole("step", step);
            out.tensor("weights", ElementType.U8, new long[] {bytes}, MemorySegment.ofArray(content(step, bytes)));
            out.write(folder);
            say("filled");
        });
        say("published " + step);
    }

    /// Keeps the folder until standard input ends.
    private static void hold(Path root) throws IOException {
        try (var run = RunFolder.open(root)) {
            say("holding " + run.files().root());
            while (System.in.read() >= 0) {
                // nothing to do with it
            }
        }
    }

    /// Publishes checkpoints that grow until the disk is full.
    private static void fill(Path root) throws IOException {
        try (var run = RunFolder.create(root)) {
            for (long step = 1; ; step++) {
                publish(run, step, (int) (step * 20_000));
            }
        }
    }

    /// The rest of what a process says, up to a line that begins so; null where it ends before.
    static @Nullable String await(BufferedReader out, String start) throws IOException {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith(start)) {
                return line;
            }
        }
        return null;
    }
}

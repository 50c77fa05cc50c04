package dev.cultivar.run;

import dev.cultivar.batch.Batch;
import dev.cultivar.format.CheckpointException;
import dev.cultivar.loop.Event;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.Mode;
import dev.cultivar.nn.Model;
import dev.cultivar.objective.CrossEntropy;
import dev.cultivar.objective.Denominators;
import dev.cultivar.objective.Loss;
import dev.cultivar.objective.Objective;
import dev.cultivar.predict.Classifier;
import dev.cultivar.recipe.RecipeException;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Tensor;

/// A process of its own that trains: what a test kills, starves of disk, or weighs.
final class TrainingChild {
    private TrainingChild() {}

    /// Starts `train OUT ROWS [key=value...]` or `weigh WHAT OUT ROWS [key=value...]` under a shell's limits, for example `ulimit -f 64;`, or none.
    static Process start(String limits, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("bash", "-c", limits + " exec \"$@\"", "bash"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData"));
        if (arguments[0].equals("weigh")) {
            // A heap that is resident from the start and never fills, and a collector that nobody may call: what a scope forgets
            // stays forgotten, and is seen.
            command.addAll(List.of("-Xms1600m", "-Xmx1600m", "-Xmn1500m", "-XX:+AlwaysPreTouch", "-XX:+DisableExplicitGC"));
        }
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-Dorg.bytedeco.javacpp.maxBytes=0", "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), TrainingChild.class.getName()));
        command.addAll(Arrays.asList(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    public static void main(String[] arguments) {
        try {
            switch (arguments[0]) {
                case "train" -> train(Path.of(arguments[1]), Path.of(arguments[2]), Arrays.copyOfRange(arguments, 3, arguments.length));
                case "weigh" -> weigh(arguments[1], Path.of(arguments[2]), Path.of(arguments[3]), Arrays.copyOfRange(arguments, 4, arguments.length));
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

    private static void train(Path out, Path rows, String[] overrides) {
        TrainingRun.run(Tiny.recipe(Tiny.MASKED, rows, overrides), TrainingRun.Request.to(out).resuming().watchedBy(event -> say("event")));
        say("done");
    }

    /// Trains a little, then predicts 500 times, one row and several.
    private static void predict(Path out, Path rows) {
        TrainingRun.run(Tiny.recipe(Tiny.CLASSIFIED, rows, "horizon={steps: 1}"), TrainingRun.Request.to(out));
        try (var classifier = Classifier.open(out)) {
            for (int i = 1; i <= 500; i++) {
                classifier.predict("the old cat sees a red hen");
                classifier.predict(List.of("a jar", "two of the small saw near a lid", "an owl"));
                if (i == 50 || i == 500) {
                    say(weight(i).toString());
                }
            }
        }
    }

    /// Says what weighs how much after 50 and after 500 steps, or batches.
    private static void weigh(String what, Path out, Path rows, String[] overrides) {
        if (what.equals("predict")) {
            predict(out, rows);
            return;
        }
        String yaml = what.equals("leak") ? Tiny.MASKED.replace("{kind: masked_lm}", "{kind: custom, name: hoarder}") : Tiny.MASKED;
        var extensions = Extensions.builder().objective("hoarder", (parameters, model) -> new Hoarder(new ArrayList<>())).build();
        TrainingRun.run(Tiny.recipe(yaml, rows, overrides), TrainingRun.Request.to(out).with(extensions, Map.of()).watchedBy(event -> {
            long done = event.progress().step();
            boolean counts = what.equals("evaluate") ? event instanceof Event.Evaluated : event instanceof Event.Stepped;
            if (counts && (done == 50 || done == 500)) {
                say(weight(done).toString());
            }
        }));
    }

    /// @param pointers live ones, and bytes that they hold, as JavaCPP counts them
    /// @param resident bytes of the process
    /// @param collections that the collector has made
    record Weight(long step, long pointers, long bytes, long resident, long collections) {
        static Weight parse(String line) {
            long[] numbers = Arrays.stream(line.replaceAll("[^0-9,]", "").split(",")).mapToLong(Long::parseLong).toArray();
            return new Weight(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]);
        }
    }

    private static Weight weight(long step) {
        try {
            long pages = Long.parseLong(Files.readString(Path.of("/proc/self/statm")).split(" ")[1]);
            long collections = ManagementFactory.getGarbageCollectorMXBeans().stream().mapToLong(GarbageCollectorMXBean::getCollectionCount).sum();
            return new Weight(step, Pointer.totalCount(), Pointer.totalBytes(), pages * 4096, collections);
        } catch (IOException unreadable) {
            throw new java.io.UncheckedIOException(unreadable);
        }
    }

    /// Learns something, and keeps a tensor of each step: what a leak looks like.
    private record Hoarder(List<Tensor> kept) implements Objective {
        @Override
        public Denominators denominators(Batch batch) {
            return Denominators.of("rows", batch.rows());
        }

        @Override
        public Loss loss(Model model, Inputs inputs, Mode mode) {
            Tensor states = model.backbone().forward(inputs, mode).states(); // (B, T, C)
            kept.add(states.detach().repeat(64, 1, 1).retainReference()); // half a megabyte
            Tensor first = states.select(1, 0);
            return Loss.of(new Loss.Term("rows", CrossEntropy.sum(first, inputs.tensor("input_ids").select(1, 1).fmod(new org.bytedeco.pytorch.Scalar(16)), 0), 1));
        }
    }
}

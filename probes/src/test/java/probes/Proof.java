package probes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cultivar.checkpoint.CheckpointFolder;
import dev.cultivar.checkpoint.MetricsFile;
import dev.cultivar.checkpoint.RunFiles;
import dev.cultivar.evaluate.Metric;
import dev.cultivar.format.JsonFiles;
import dev.cultivar.run.TrainingRun;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/// Trains in processes of their own, kills them at random moments, and compares what is left with what an undisturbed run leaves.
final class Proof {
    private static final Set<String> WALL_CLOCK = Set.of("seconds", "write_seconds", "model_gflops", "matrix_gflops", "waited_for_batches");

    private Proof() {}

    /// Trains or goes on: `NAME FOLDER [key=value...]`; says each event, so that whoever kills it knows that it lives.
    public static void main(String[] arguments) {
        Probe probe = Probe.named(arguments[0]);
        String[] overrides = java.util.Arrays.copyOfRange(arguments, 2, arguments.length);
        TrainingRun.run(probe.recipe(overrides), TrainingRun.Request.to(Path.of(arguments[1]))
                .with(probe.extensions(), Map.of())
                .watchedBy(event -> sign())
                .resuming());
    }

    /// Something happened: an event, or a move inside a rollout. Only processes that are to be killed say so.
    static void sign() {
        if (!Boolean.getBoolean("probes.mortal")) {
            return;
        }
        System.out.println("alive");
        if (System.out.checkError()) {
            System.exit(1); // nobody listens any more
        }
    }

    /// The command of a Java process with this one's class path.
    static List<String> java(String classPath, String main) {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.awt.headless=true", "-Dprobes.mortal=true", "--enable-native-access=ALL-UNNAMED"));
        command.addAll(List.of("-Dorg.bytedeco.javacpp.maxBytes=0", "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0", "-cp", classPath, main));
        return command;
    }

    /// Trains a probe to its end in this process.
    static TrainingRun.Result train(Probe probe, Path out, String... overrides) {
        return TrainingRun.run(probe.recipe(overrides), TrainingRun.Request.to(out).with(probe.extensions(), Map.of()));
    }

    /// Trains a probe in processes of which each is killed after a random number of signs of life; the last one may finish.
    static void trainWithKills(String probe, Path out, int kills, int mostSigns, String... overrides) throws Exception {
        List<String> command = java(System.getProperty("java.class.path"), Proof.class.getName());
        command.addAll(List.of(probe, out.toString()));
        command.addAll(List.of(overrides));
        killed(command, kills, mostSigns, new Random(probe.hashCode()));
    }

    /// Runs a command, kills it so often after a random number of lines, and lets it finish at last.
    static void killed(List<String> command, int kills, int mostLines, Random random) throws Exception {
        for (int kill = 0; kill < kills; kill++) {
            Process child = new ProcessBuilder(command).redirectErrorStream(true).start();
            try (BufferedReader out = child.inputReader()) {
                for (int lines = 1 + random.nextInt(mostLines); lines > 0; lines--) {
                    assertThat(out.readLine()).as("it lives until it is killed").isNotNull();
                }
                child.destroyForcibly().waitFor(); // it goes on until this moment, wherever that is
            } finally {
                child.destroyForcibly();
            }
        }
        Process last = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said;
        try (BufferedReader out = last.inputReader()) {
            said = String.join("\n", out.lines().filter(line -> !line.equals("alive")).toList());
        }
        assertThat(last.waitFor()).as(said).isZero();
    }

    /// The whole state of both runs is the same: every tensor and every value, and the log too, less what a clock said.
    static void assertSame(Path run, Path other) throws IOException {
        var checkpoint = CheckpointFolder.open(new RunFiles(run).last().orElseThrow());
        var twin = CheckpointFolder.open(new RunFiles(other).last().orElseThrow());
        assertThat(twin.step()).isEqualTo(checkpoint.step());
        assertThat(twin.files().keySet()).isEqualTo(checkpoint.files().keySet());
        assertThat(checkpoint.files().keySet()).contains("model.safetensors", "state.safetensors", "progress.json");
        for (String name : checkpoint.files().keySet()) {
            if (name.endsWith(".safetensors")) {
                assertThat(Files.mismatch(checkpoint.file(name), twin.file(name))).as(name).isEqualTo(-1);
            }
        }
        assertThat(timeless(JsonFiles.read(twin.file("progress.json")))).isEqualTo(timeless(JsonFiles.read(checkpoint.file("progress.json"))));
        assertThat(log(other)).isEqualTo(log(run));
        assertThat(new RunFiles(other).best().map(Path::getFileName)).isEqualTo(new RunFiles(run).best().map(Path::getFileName));
    }

    /// A checkpoint line is written after the checkpoint, so a kill between the two leaves none.
    private static List<Map<String, Object>> log(Path run) {
        return MetricsFile.read(new RunFiles(run).metrics()).stream()
                .filter(event -> !"checkpoint".equals(event.get("event")))
                .map(Proof::timeless)
                .toList();
    }

    private static Map<String, Object> timeless(Map<String, Object> values) {
        Map<String, Object> kept = new TreeMap<>(new LinkedHashMap<>(values));
        kept.keySet().removeAll(WALL_CLOCK);
        return kept;
    }

    /// A metric of the best evaluation.
    static double best(TrainingRun.Result result, String metric) {
        return result.best().get("validation").stream()
                .filter(each -> each.name().equals(metric))
                .mapToDouble(Metric::value)
                .findFirst()
                .orElseThrow(() -> new AssertionError(metric + " is not among " + result.best()));
    }
}

package probes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cultivar.checkpoint.RunFiles;
import dev.cultivar.format.JsonFiles;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A backbone, an objective and a source from a jar, used and killed through the command line, which has never seen their code.
@Timeout(120)
class JarTest {
    private static final String RECIPE = """
            backbone: {kind: custom, name: tanh, parameters: {deviation: 0.5}}
            data: {kind: custom, name: sine}
            objective: {kind: custom, name: regression}
            optimizer: {kind: sgd, learning_rate: 0.05, momentum: 0.9}
            horizon: {steps: 300}
            batching: {rows: 32}
            evaluate: {every: {steps: 100}, tasks: [validation]}
            checkpoint: {every: {steps: 15}}
            average: {decay: 0.9}
            device: {kind: cpu, threads: 1, precision: float32}
            """;

    @TempDir
    Path folder;

    @BeforeAll
    static void onLinux() {
        Assumptions.assumeTrue(System.getProperty("os.name").equals("Linux"), "kills processes as Linux does it");
    }

    @Test
    void aJarIsTrainedKilledAndResumed() throws Exception {
        Path jar = jar(folder.resolve("waves.jar"));
        Path recipe = Files.writeString(folder.resolve("waves.yaml"), RECIPE);
        Path whole = folder.resolve("whole");
        Path killed = folder.resolve("killed");
        Proof.killed(command(recipe, jar, whole), 0, 1, new Random(3));
        Proof.killed(command(recipe, jar, killed), 3, 120, new Random(3));
        Proof.assertSame(whole, killed);

        Map<?, ?> metrics = (Map<?, ?>) dev.cultivar.checkpoint.MetricsFile.read(new RunFiles(whole).metrics()).stream()
                .filter(event -> "evaluation".equals(event.get("event"))).toList().getLast().get("metrics");
        assertThat((Double) ((Map<?, ?>) metrics.get("squares")).get("value")).isLessThan(0.02);
        String hash = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(jar)));
        for (Path run : List.of(whole, killed)) {
            assertThat(JsonFiles.read(new RunFiles(run).provenance()).get("extensions")).isEqualTo(Map.of("waves.jar", hash));
        }
    }

    @Test
    void withoutTheJarItSaysWhatIsMissing() throws Exception {
        Path recipe = Files.writeString(folder.resolve("waves.yaml"), RECIPE);
        List<String> command = Proof.java(classPath(), "dev.cultivar.cli.Main");
        command.addAll(List.of("train", recipe.toString(), "--out", folder.resolve("run").toString()));
        Process child = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(child.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(child.waitFor()).as(said).isEqualTo(2);
        assertThat(said).contains("sine").contains("--extensions").doesNotContain("Exception");
    }

    private static List<String> command(Path recipe, Path jar, Path out) throws URISyntaxException {
        List<String> command = Proof.java(classPath(), "dev.cultivar.cli.Main");
        command.addAll(List.of("train", recipe.toString(), "--out", out.toString(), "--resume", "--extensions", jar.toString()));
        return command;
    }

    /// Without this module's own classes: what is found comes from the jar.
    private static String classPath() throws URISyntaxException {
        Path own = own();
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !Path.of(entry).equals(own))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static Path own() throws URISyntaxException {
        return Path.of(JarTest.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    private static Path jar(Path file) throws IOException, URISyntaxException {
        List<Path> classes = new ArrayList<>();
        try (var all = Files.list(own().resolve("probes/jar"))) {
            all.sorted().forEach(classes::add);
        }
        try (var jar = new JarOutputStream(Files.newOutputStream(file))) {
            jar.putNextEntry(new JarEntry("META-INF/services/dev.cultivar.run.Extensions$Provider"));
            jar.write("probes.jar.Waves\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
            for (Path each : classes) {
                jar.putNextEntry(new JarEntry("probes/jar/" + each.getFileName()));
                Files.copy(each, jar);
            }
        }
        return file;
    }
}

package dev.cultivar.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// What only a process of its own can show: what is loaded, and what a signal does.
class ProcessTest {

    @Test
    void helpLoadsNothingHeavy(@TempDir Path folder) throws Exception {
        Path log = folder.resolve("classes");
        assertThat(java(List.of("-Xlog:class+load:file=" + log), Main.class, "train", "--help").waitFor()).isZero();
        try (Stream<String> lines = Files.lines(log)) {
            List<String> loaded = lines.toList();
            assertThat(loaded).anyMatch(line -> line.contains("dev.cultivar.cli.TrainVerb"));
            assertThat(loaded).noneMatch(line -> line.matches(
                    ".*(org\\.bytedeco|org\\.duckdb|ai\\.djl|tools\\.jackson|dev\\.cultivar\\.torch|dev\\.cultivar\\.cli\\.\\w+Work\\b).*"
                            + "(source: (file|jar):).*"));
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void theFirstSignalAsksAndTheSecondStops() throws Exception {
        Process process = java(List.of(), Patient.class);
        try (BufferedReader said = process.inputReader(); BufferedReader told = process.errorReader()) {
            assertThat(said.readLine()).isEqualTo("waiting");
            process.toHandle().destroy(); // the process's own would close its streams
            assertThat(told.readLine()).isEqualTo("stopping after this step; again to stop at once");
            assertThat(said.readLine()).isEqualTo("asked to stop");
            process.toHandle().destroy();
            assertThat(process.waitFor()).isEqualTo(Exit.INTERRUPTED.code());
        }
    }

    private static Process java(List<String> options, Class<?> main, String... words) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(words));
        return new ProcessBuilder(command).start();
    }

    /// Waits to be asked to stop, says so, and does not.
    static final class Patient {
        public static void main(String[] words) throws InterruptedException {
            Console console = Console.ofProcess();
            try (var interruption = Interruption.listen(console)) {
                console.line("waiting");
                while (!interruption.requested()) {
                    Thread.onSpinWait();
                }
                console.line("asked to stop");
                Thread.currentThread().join();
            }
        }
    }
}

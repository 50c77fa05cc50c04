package dev.cultivar.bench;

import dev.cultivar.format.JsonFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/// One side of a comparison: a command of its own process, timed by what it says itself, watched for its memory.
///
/// @param name    for the table
/// @param command to run
/// @param reading of what it printed or left
record Side(String name, List<String> command, Reading reading) {

    /// Finds the rate in what a command left behind.
    @FunctionalInterface
    interface Reading {
        /// @param output that the command printed on standard output
        Found read(String output) throws IOException;
    }

    /// @param rate units a second; empty where none was told
    /// @param note that shows that the sides did the same work, such as an accuracy; may be empty
    record Found(OptionalDouble rate, String note) {
        static Found of(OptionalDouble rate) {
            return new Found(rate, "");
        }
    }

    /// @param rate       units a second; empty where the side failed
    /// @param residentMb the most memory that the process held, 0 where the system does not tell
    /// @param note       as the reading gave it
    /// @param problem    the last lines of a side that failed
    record Timing(OptionalDouble rate, long residentMb, String note, String problem) {}

    /// Runs the command once. Variables that would bend one side's kernels are taken away from both.
    Timing run() throws IOException, InterruptedException {
        Path errors = Files.createTempFile("bench", ".err");
        Path printed = Files.createTempFile("bench", ".out");
        try {
            var builder = new ProcessBuilder(command).redirectError(errors.toFile()).redirectOutput(printed.toFile());
            Map<String, String> environment = builder.environment();
            environment.remove("OPENBLAS_CORETYPE");
            environment.remove("OPENBLAS_L2_SIZE");
            Process process = builder.start();
            long most = 0;
            while (process.isAlive()) {
                most = Math.max(most, resident(process.pid()).orElse(0));
                Thread.sleep(200);
            }
            String output = Files.readString(printed);
            if (process.exitValue() != 0) {
                List<String> lines = Files.readAllLines(errors);
                return new Timing(OptionalDouble.empty(), most, "", String.join("\n", lines.subList(Math.max(0, lines.size() - 5), lines.size())));
            }
            Found found = reading.read(output);
            return new Timing(found.rate(), most, found.note(), "");
        } finally {
            Files.deleteIfExists(errors);
            Files.deleteIfExists(printed);
        }
    }

    /// The last line of JSON that a side printed; empty where it printed none.
    static Map<String, ?> said(String output, String name) {
        return JsonFiles.parse(output.lines().filter(line -> line.startsWith("{")).reduce((a, b) -> b).orElse("{}"), name);
    }

    /// Megabytes, as Linux tells them.
    private static OptionalLong resident(long process) {
        try {
            return Files.readAllLines(Path.of("/proc", String.valueOf(process), "status")).stream()
                    .filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024)
                    .findFirst();
        } catch (IOException | NumberFormatException gone) {
            return OptionalLong.empty();
        }
    }
}

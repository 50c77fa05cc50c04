package dev.cultivar.cli;

import com.sun.management.OperatingSystemMXBean;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What can be learned of the machine without libtorch.
final class Machine {
    private static final double GB = 1e9;

    /// Names of environment variables that change speed or results.
    private static final List<String> TELLING_PREFIXES = List.of(
            "OPENBLAS_", "GOTO_NUM_THREADS", "OMP_", "GOMP_", "KMP_", "MKL_", "ATEN_", "DNNL_", "ONEDNN_", "PYTORCH_", "TORCH_",
            "CUDA_VISIBLE_DEVICES", "CULTIVAR_", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "MALLOC_", "LD_PRELOAD");

    /// Instruction sets that decide how fast training is.
    private static final List<String> TELLING_INSTRUCTIONS = List.of(
            "avx2", "fma", "avx512f", "avx512_vnni", "avx512_bf16", "amx_bf16", "amx_int8", "asimd", "bf16", "sve", "i8mm");

    private Machine() {}

    /// Name to value or to a map of such, in the order to print.
    static Map<String, Object> survey() throws IOException {
        var found = new LinkedHashMap<String, Object>();
        found.put("cultivar", Version.current());
        found.put("jdk", Runtime.version() + " (" + System.getProperty("java.vendor") + ")");
        found.put("maven", maven());
        found.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version") + " on "
                + System.getProperty("os.arch"));
        found.put("processor", processor());
        found.put("memory", memory());
        found.put("disk_free_gb", rounded(Files.getFileStore(Path.of("").toAbsolutePath()).getUsableSpace()));
        found.put("environment", environment(System.getenv()));
        return found;
    }

    private static Map<String, Object> processor() throws IOException {
        var processor = new LinkedHashMap<String, Object>();
        Path cpuinfo = Path.of("/proc/cpuinfo");
        if (Files.isReadable(cpuinfo)) {
            List<String> lines = Files.readAllLines(cpuinfo);
            field(lines, "model name").ifPresent(name -> processor.put("name", name));
            field(lines, "flags").or(() -> field(lines, "Features")).ifPresent(flags -> {
                List<String> words = Arrays.asList(flags.split(" "));
                processor.put(
                        "instructions", TELLING_INSTRUCTIONS.stream().filter(words::contains).collect(Collectors.joining(" ")));
            });
        }
        processor.put("hardware_threads", Runtime.getRuntime().availableProcessors());
        return processor;
    }

    private static Optional<String> field(List<String> lines, String name) {
        return lines.stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst();
    }

    private static Map<String, Object> memory() {
        var memory = new LinkedHashMap<String, Object>();
        if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
            memory.put("total_gb", rounded(system.getTotalMemorySize()));
        }
        memory.put("java_heap_at_most_gb", rounded(Runtime.getRuntime().maxMemory()));
        return memory;
    }

    /// Those that are set; a user who wonders why it is slow finds the reason here.
    static Map<String, String> environment(Map<String, String> all) {
        var set = new TreeMap<String, String>();
        all.forEach((name, value) -> {
            if (TELLING_PREFIXES.stream().anyMatch(name::startsWith)) {
                set.put(name, value + advice(name));
            }
        });
        return set;
    }

    private static String advice(String name) {
        return switch (name) {
            case "OPENBLAS_CORETYPE" -> " (forces one processor's kernels: unset it, unless it names this one)";
            case "OPENBLAS_L2_SIZE" -> " (sizes OpenBLAS's blocks for another cache: unset it)";
            case "ATEN_CPU_CAPABILITY" -> " (limits libtorch's vectors)";
            default -> "";
        };
    }

    private static String maven() {
        String path = System.getenv("PATH");
        Optional<Path> command = Stream.of((path == null ? "" : path).split(File.pathSeparator))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, "mvn"))
                .filter(Files::isExecutable)
                .findFirst();
        return command.map(Machine::version).orElse("not found; needed only to build");
    }

    private static String version(Path command) {
        try {
            Process process = new ProcessBuilder(command.toString(), "--version", "-B").redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int name = said.indexOf("Apache Maven"); // some print colour codes before it
            return name < 0 ? "does not say its version" : said.substring(name).lines().findFirst().orElse("");
        } catch (IOException broken) {
            return "does not start: " + broken.getMessage();
        }
    }

    private static double rounded(long bytes) {
        return Math.round(bytes / GB * 10) / 10.0;
    }
}

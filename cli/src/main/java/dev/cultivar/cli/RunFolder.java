package dev.cultivar.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// What can be said of a run's folder without opening a model.
///
/// @param folder    holds `recipe.yaml`
/// @param recipe    in a few words: backbone, objective and strategy
/// @param seenStep  of the last event in `metrics.jsonl`
/// @param savedStep of the newest whole checkpoint
/// @param bytes     on disk
/// @param changed   when its newest file was written
record RunFolder(Path folder, String recipe, OptionalLong seenStep, OptionalLong savedStep, long bytes, Instant changed) {
    private static final int STUDY_DEPTH = 3;
    private static final int TAIL_BYTES = 64 * 1024;
    private static final String CHECKPOINT_PREFIX = "step-";

    /// All run folders below a folder; those of a study lie deeper than others.
    static List<RunFolder> below(Path folder) throws IOException {
        List<Path> recipes;
        try (Stream<Path> walk = Files.walk(folder, STUDY_DEPTH)) {
            recipes = walk.filter(file -> file.endsWith("recipe.yaml") && !inCheckpoint(file)).toList();
        }
        var runs = new ArrayList<RunFolder>();
        for (Path recipe : recipes) {
            runs.add(read(recipe.resolveSibling("")));
        }
        runs.sort(Comparator.comparing(RunFolder::changed).reversed());
        return runs;
    }

    private static boolean inCheckpoint(Path file) {
        Path parent = file.getParent();
        return parent != null && Files.exists(parent.resolve("checkpoint.json"));
    }

    private static RunFolder read(Path given) throws IOException {
        Path folder = given.normalize();
        long bytes = 0;
        Instant changed = Instant.EPOCH;
        List<Path> files;
        try (Stream<Path> walk = Files.walk(folder)) {
            files = walk.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            bytes += Files.size(file);
            Instant written = Files.getLastModifiedTime(file).toInstant();
            changed = written.isAfter(changed) ? written : changed;
        }
        return new RunFolder(
                folder, words(folder.resolve("recipe.yaml")), seen(folder.resolve("metrics.jsonl")), saved(files), bytes, changed);
    }

    /// A checkpoint without `checkpoint.json`, which is written last, does not exist.
    private static OptionalLong saved(List<Path> files) {
        return files.stream()
                .filter(file -> file.endsWith("checkpoint.json"))
                .map(file -> String.valueOf(file.resolveSibling("").getFileName()))
                .filter(name -> name.matches(CHECKPOINT_PREFIX + "\\d{1,18}"))
                .mapToLong(name -> Long.parseLong(name.substring(CHECKPOINT_PREFIX.length())))
                .max();
    }

    /// The step of the last whole line; a killed run may have left a torn one behind it.
    private static OptionalLong seen(Path metrics) throws IOException {
        if (!Files.exists(metrics)) {
            return OptionalLong.empty();
        }
        String tail;
        try (var channel = FileChannel.open(metrics)) {
            var buffer = ByteBuffer.allocate((int) Math.min(TAIL_BYTES, channel.size()));
            long start = channel.size() - buffer.capacity();
            while (buffer.hasRemaining() && channel.read(buffer, start + buffer.position()) >= 0) {}
            tail = new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
        }
        var mapper = JsonMapper.shared();
        for (String line : tail.lines().toList().reversed()) {
            try {
                var step = mapper.readTree(line).get("step");
                if (step != null && step.isIntegralNumber()) {
                    return OptionalLong.of(step.asLong());
                }
            } catch (JacksonException torn) {
                continue;
            }
        }
        return OptionalLong.empty();
    }

    /// The recipe's kinds, for a list; a recipe that cannot be read is still a run.
    private static String words(Path recipe) throws IOException {
        try {
            Object document = new Load(LoadSettings.builder().build()).loadFromString(Files.readString(recipe));
            if (document instanceof Map<?, ?> root) {
                return Stream.of("backbone", "objective", "strategy")
                        .map(key -> root.get(key) instanceof Map<?, ?> node ? String.valueOf(node.get("kind")) : "")
                        .filter(kind -> !kind.isEmpty())
                        .collect(Collectors.joining(", "));
            }
            return "";
        } catch (YamlEngineException unreadable) {
            return "unreadable recipe";
        }
    }

    /// For `--json`.
    Map<String, Object> document() {
        var document = new LinkedHashMap<String, Object>();
        document.put("run", folder.toString());
        document.put("recipe", recipe);
        seenStep.ifPresent(step -> document.put("step", step));
        savedStep.ifPresent(step -> document.put("checkpoint_step", step));
        document.put("bytes", bytes);
        document.put("changed", changed.toString());
        return document;
    }
}

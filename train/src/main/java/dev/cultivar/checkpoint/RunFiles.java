package dev.cultivar.checkpoint;

import dev.cultivar.format.CheckpointException;
import dev.cultivar.format.Said;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Where things lie in a run's folder, for everybody who reads it; a run that is still training may be read.
///
/// @param root the run's folder
public record RunFiles(Path root) {
    static final String LAST = "last";
    static final String BEST = "best";
    private static final Pattern STEP = Pattern.compile("step-(\\d{6,18})");

    /// The resolved recipe.
    public Path recipe() {
        return root.resolve("recipe.yaml");
    }

    /// Versions, machine and data of the run.
    public Path provenance() {
        return root.resolve("provenance.json");
    }

    /// The run's log; read it with [MetricsFile#read].
    public Path metrics() {
        return root.resolve("metrics.jsonl");
    }

    /// The folder of what a model that makes pictures has made at each checkpoint.
    public Path samples() {
        return root.resolve("samples");
    }

    /// The folder of what the report shows of a classifier's answers.
    public Path shown() {
        return root.resolve("shown");
    }

    /// How near a model's pictures are to those that it learned from, at the end of a run that draws.
    public Path copies() {
        return root.resolve("copies.json");
    }

    /// The folder of the checkpoints.
    public Path checkpointsFolder() {
        return root.resolve("checkpoints");
    }

    /// Where the checkpoint of a step lies or would lie.
    public Path checkpoint(long step) {
        return checkpointsFolder().resolve(String.format(Locale.ROOT, "step-%06d", step));
    }

    /// Every complete checkpoint by its step, the oldest first; they are not opened, so one of them may turn out to be damaged.
    public SequencedMap<Long, Path> checkpoints() {
        SequencedMap<Long, Path> complete = new TreeMap<>();
        if (Files.isDirectory(checkpointsFolder())) {
            try (Stream<Path> all = Files.list(checkpointsFolder())) {
                all.filter(RunFiles::isComplete).forEach(path -> step(path).ifPresent(step -> complete.put(step, path)));
            } catch (IOException failure) {
                throw new CheckpointException(checkpointsFolder() + ": cannot be listed: " + Said.reason(failure)
                        + ". Check its permissions.", failure);
            }
        }
        return Collections.unmodifiableSequencedMap(complete);
    }

    /// The newest complete checkpoint, whether or not a killed process still got to point the link `last` at it.
    public Optional<Path> last() {
        return Optional.ofNullable(checkpoints().lastEntry()).map(Map.Entry::getValue);
    }

    /// The checkpoint that was called the best, if one was; one that is gone since is a [CheckpointException].
    public Optional<Path> best() {
        Path link = checkpointsFolder().resolve(BEST);
        if (!Files.isSymbolicLink(link)) {
            return Optional.empty();
        }
        Path target;
        try {
            target = link.resolveSibling(Files.readSymbolicLink(link));
        } catch (IOException failure) {
            throw new CheckpointException(link + ": cannot be read: " + Said.reason(failure) + ". Check its permissions.", failure);
        }
        if (!isComplete(target)) {
            throw new CheckpointException(link + ": points at " + target.getFileName()
                    + ", which is not a complete checkpoint. Delete the link to use the last checkpoint.");
        }
        return Optional.of(target);
    }

    /// What `evaluate` and `predict` open: the best checkpoint, else the last.
    public Optional<Path> bestOrLast() {
        return best().or(this::last);
    }

    static boolean isComplete(Path checkpoint) {
        return Files.isRegularFile(checkpoint.resolve(CheckpointFolder.SEAL_FILE));
    }

    /// The step that a checkpoint's name says.
    static OptionalLong step(Path checkpoint) {
        Matcher name = STEP.matcher(checkpoint.getFileName().toString());
        return name.matches() ? OptionalLong.of(Long.parseLong(name.group(1))) : OptionalLong.empty();
    }
}

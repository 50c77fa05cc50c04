package dev.cultivar.checkpoint;

import dev.cultivar.format.CheckpointException;
import dev.cultivar.format.JsonFiles;
import dev.cultivar.format.Said;
import dev.cultivar.format.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// One complete checkpoint: a folder whose files are those that were published, which `checkpoint.json` proves.
///
/// Files that `checkpoint.json` does not name are not looked at.
///
/// @param step  after which it was written
/// @param files by their name within the folder, with `/`
public record CheckpointFolder(Path path, long step, SequencedMap<String, Seal> files) {
    static final String SEAL_FILE = "checkpoint.json";
    static final long FORMAT = 1;

    public CheckpointFolder {
        files = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(files));
    }

    /// What a file has to be.
    public record Seal(long bytes, String sha256) {}

    /// How thoroughly a checkpoint is checked when it is opened.
    public enum Check {
        /// Every file is there and has its size; for a service that has to start at once.
        SIZES,
        /// And has its hash: reads every byte.
        CONTENT
    }

    /// Opens a checkpoint and checks every byte of it.
    public static CheckpointFolder open(Path path) {
        return open(path, Check.CONTENT);
    }

    /// Opens a checkpoint; one that is torn, cut short or changed is a [CheckpointException] that names each such file.
    ///
    /// A link (`best`, `last`) is followed at once, so what was opened stays the same when the link moves on.
    public static CheckpointFolder open(Path path, Check check) {
        Path folder = followed(path);
        Path seals = folder.resolve(SEAL_FILE);
        if (!Files.isRegularFile(seals)) {
            throw new CheckpointException(folder + ": is not a complete checkpoint: it has no " + SEAL_FILE
                    + ", which is written last. Use another checkpoint of the run.");
        }
        CheckpointFolder checkpoint = sealed(folder, JsonFiles.read(seals));
        List<String> wrong = new ArrayList<>();
        checkpoint.files.forEach((name, seal) -> {
            String mistake = mistake(folder.resolve(name), seal, check);
            if (mistake != null) {
                wrong.add(name + " " + mistake);
            }
        });
        if (!wrong.isEmpty()) {
            throw new CheckpointException(folder + ": " + wrong.size() + " of " + checkpoint.files.size()
                    + " files are not as they were written: " + String.join("; ", wrong)
                    + ". Use another checkpoint of the run, or copy this one again.");
        }
        return checkpoint;
    }

    private static Path followed(Path path) {
        try {
            return Files.isSymbolicLink(path) ? path.resolveSibling(Files.readSymbolicLink(path)) : path;
        } catch (IOException failure) {
            throw new CheckpointException(path + ": the link cannot be read: " + Said.reason(failure) + ". Name its target.", failure);
        }
    }

    private static CheckpointFolder sealed(Path folder, Map<String, @Nullable Object> json) {
        if (!(json.get("format") instanceof Long format
                && json.get("step") instanceof Long step
                && json.get("files") instanceof Map<?, ?> sealed)) {
            throw unreadable(folder, "expected format, step and files");
        }
        if (format != FORMAT) {
            throw new CheckpointException(folder.resolve(SEAL_FILE) + ": has format " + format + "; this version reads format "
                    + FORMAT + ". Use the version of Cultivar that wrote it.");
        }
        SequencedMap<String, Seal> files = new LinkedHashMap<>();
        sealed.forEach((key, value) -> {
            String name = String.valueOf(key);
            Path file = folder.resolve(name).normalize();
            if (!file.startsWith(folder.normalize()) || file.equals(folder.normalize())) {
                throw unreadable(folder, "the file " + Said.name(name) + " lies outside the folder");
            }
            if (value instanceof Map<?, ?> seal
                    && seal.get("bytes") instanceof Long bytes
                    && seal.get("sha256") instanceof String sha256) {
                files.put(name, new Seal(bytes, sha256));
            } else {
                throw unreadable(folder, "expected bytes and sha256 of " + Said.name(name));
            }
        });
        return new CheckpointFolder(folder, step, files);
    }

    private static CheckpointException unreadable(Path folder, String what) {
        return new CheckpointException(folder.resolve(SEAL_FILE) + ": is not what Cultivar writes: " + what
                + ". Use another checkpoint of the run, or copy this one again.");
    }

    private static @Nullable String mistake(Path file, Seal seal, Check check) {
        try {
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                return "is missing";
            }
            long bytes = Files.size(file);
            if (bytes != seal.bytes()) {
                return "has " + bytes + " bytes, expected " + seal.bytes();
            }
            return check == Check.CONTENT && !Sha256.of(file).equals(seal.sha256()) ? "has other content (SHA-256)" : null;
        } catch (IOException failure) {
            return "cannot be read (" + Said.reason(failure) + ")";
        }
    }

    /// The path of a file of the checkpoint; one that it does not have is a [CheckpointException].
    public Path file(String name) {
        if (!has(name)) {
            throw new CheckpointException(path + ": has no file " + Said.name(name) + "; it has " + Said.names(files.keySet())
                    + ". Check that the checkpoint is of this kind of run.");
        }
        return path.resolve(name);
    }

    public boolean has(String name) {
        return files.containsKey(name);
    }

    /// How much room its files take.
    public long bytes() {
        return files.values().stream().mapToLong(Seal::bytes).sum();
    }

    /// The state that lies in it; the caller closes it.
    public StateReader state() {
        file(StateWriter.VALUES_FILE); // absent where the checkpoint was written for serving only
        return StateReader.open(path);
    }
}

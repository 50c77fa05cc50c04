package dev.cultivar.checkpoint;

import dev.cultivar.checkpoint.CheckpointFolder.Seal;
import dev.cultivar.format.CheckpointException;
import dev.cultivar.format.DurableFiles;
import dev.cultivar.format.JsonFiles;
import dev.cultivar.format.Said;
import dev.cultivar.format.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Makes a checkpoint appear whole or not at all.
///
/// The files are written into a hidden sibling folder and flushed to the disk; `checkpoint.json` with their sizes and
/// hashes comes last; then the folder is renamed. Whatever goes wrong before that, the checkpoints before it are untouched.
final class Publication {
    private final RunFiles run;
    private final long step;
    private final Path target;
    private final Path writing;

    Publication(RunFiles run, long step) {
        this.run = run;
        this.step = step;
        this.target = run.checkpoint(step);
        this.writing = target.resolveSibling("." + target.getFileName() + RunFolder.WRITING);
    }

    CheckpointFolder publish(RunFolder.Filling filling) {
        if (RunFiles.isComplete(target)) {
            throw new IllegalStateException(target + " is published already");
        }
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw new CheckpointException(target + ": is in the way: it is not a complete checkpoint, and one of this name is"
                    + " to be written. Remove it.");
        }
        try {
            return write(filling);
        } catch (IOException failure) {
            throw notWritten(why(failure), failure);
        } catch (UncheckedIOException failure) {
            throw notWritten(why(java.util.Objects.requireNonNull(failure.getCause())), failure);
        } catch (CheckpointException failure) {
            String hidden = writing + writing.getFileSystem().getSeparator();
            throw notWritten(String.valueOf(failure.getMessage()).replace(hidden, ""), failure);
        }
    }

    private CheckpointFolder write(RunFolder.Filling filling) throws IOException {
        try {
            DurableFiles.delete(writing);
            Files.createDirectory(writing);
            filling.fill(writing);
            SequencedMap<String, Seal> files = seal();
            DurableFiles.rename(writing, target);
            return new CheckpointFolder(target, step, files);
        } catch (Throwable failure) {
            try {
                DurableFiles.delete(writing);
            } catch (IOException left) {
                failure.addSuppressed(left); // removed when the run is opened again
            }
            throw failure;
        }
    }

    /// Flushes what was written and describes it in `checkpoint.json`.
    private SequencedMap<String, Seal> seal() throws IOException {
        List<Path> all;
        try (Stream<Path> tree = Files.walk(writing)) {
            all = tree.toList();
        }
        Map<String, Seal> files = new TreeMap<>();
        for (Path path : all) {
            if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                String name = writing.relativize(path).toString().replace(path.getFileSystem().getSeparator(), "/");
                if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS) || name.equals(CheckpointFolder.SEAL_FILE)) {
                    throw new IllegalStateException("a checkpoint holds plain files with names of their own, not " + name);
                }
                files.put(name, new Seal(Files.size(path), Sha256.of(path)));
            }
            DurableFiles.force(path);
        }
        Map<String, Object> sealed = new LinkedHashMap<>();
        files.forEach((name, seal) -> sealed.put(name, Map.of("bytes", seal.bytes(), "sha256", seal.sha256())));
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("format", CheckpointFolder.FORMAT);
        json.put("step", step);
        json.put("files", sealed);
        JsonFiles.write(writing.resolve(CheckpointFolder.SEAL_FILE), json);
        return new LinkedHashMap<>(files);
    }

    private String why(IOException failure) {
        return Said.reason(failure) + "; the disk has " + Said.free(run.checkpointsFolder()) + ".";
    }

    private CheckpointException notWritten(String why, Exception cause) {
        List<String> message = new ArrayList<>();
        message.add(target + ": was not written: " + why);
        Path before = run.last().orElse(null);
        if (before == null) {
            message.add("There is no checkpoint before it: make room and start again.");
        } else {
            try {
                long bytes = CheckpointFolder.open(before, CheckpointFolder.Check.SIZES).bytes();
                message.add(before.getFileName() + " (" + Said.bytes(bytes) + ") still opens: make room for that much and resume.");
            } catch (CheckpointException damaged) {
                message.add("The checkpoint before it is damaged as well: " + damaged.getMessage());
            }
        }
        return new CheckpointException(String.join(" ", message), cause);
    }
}

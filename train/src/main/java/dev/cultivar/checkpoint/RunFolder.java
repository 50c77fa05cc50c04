package dev.cultivar.checkpoint;

import dev.cultivar.format.CheckpointException;
import dev.cultivar.format.DurableFiles;
import dev.cultivar.format.Said;
import dev.cultivar.recipe.RecipeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// A run's folder in the hands of the one process that trains in it, until it is closed or the process ends.
///
/// Whatever happens meanwhile, at any moment the folder holds complete checkpoints and perhaps hidden leftovers, which the
/// next [#open] removes. Who only reads uses [RunFiles], which needs no lock and changes nothing.
public final class RunFolder implements AutoCloseable {
    static final String WRITING = ".writing";
    private static final String REMOVING = ".removing";
    private static final String LINKING = ".linking";

    private final RunFiles files;
    private final RunLock lock;

    private RunFolder(RunFiles files, RunLock lock) {
        this.files = files;
        this.lock = lock;
    }

    /// What fills a checkpoint's folder with files; their content is flushed and hashed afterwards.
    @FunctionalInterface
    public interface Filling {
        void fill(Path folder) throws IOException;
    }

    /// Makes the folder of a new run; one that has something in it is a [RecipeException].
    public static RunFolder create(Path root) {
        try {
            if (Files.exists(root) && !Files.isDirectory(root)) {
                throw new RecipeException(root + ": is a file; expected a new folder. Give --out another one.");
            }
            Files.createDirectories(root);
            refuseUnlessEmpty(root);
            RunLock lock = RunLock.take(root);
            try {
                refuseUnlessEmpty(root); // somebody else may have been faster
                var folder = new RunFolder(new RunFiles(root), lock);
                Files.createDirectories(folder.files.checkpointsFolder());
                return folder;
            } catch (IOException | RuntimeException failure) {
                lock.close();
                throw failure;
            }
        } catch (IOException failure) {
            throw new RecipeException(root + ": cannot be made the folder of a run: " + Said.reason(failure)
                    + ". Give --out another one.");
        }
    }

    private static void refuseUnlessEmpty(Path root) throws IOException {
        if (!names(root).isEmpty()) {
            throw new RecipeException(root + ": exists and is not empty; expected a new folder. Add --resume to go on with the"
                    + " run in it, or give --out another one.");
        }
    }

    private static Set<String> names(Path root) throws IOException {
        Set<String> names = new TreeSet<>();
        try (Stream<Path> all = Files.list(root)) {
            all.forEach(path -> names.add(path.getFileName().toString()));
        }
        RunLock.FILES.forEach(names::remove);
        return names;
    }

    /// Opens the folder of a run to go on with it, and removes what an interrupted write left; a folder that is no run's,
    /// or in which another process trains, is a [RecipeException].
    public static RunFolder open(Path root) {
        RunFiles files = new RunFiles(root);
        try {
            if (!Files.isDirectory(root)) {
                throw new RecipeException(root + ": is not there; expected the folder of a run. Check the path, or start without"
                        + " --resume.");
            }
            if (!names(root).isEmpty() && !Files.exists(files.recipe()) && !Files.isDirectory(files.checkpointsFolder())) {
                throw new RecipeException(root + ": is not the folder of a run: it has neither recipe.yaml nor checkpoints."
                        + " Check the path.");
            }
            RunLock lock = RunLock.take(root);
            try {
                Files.createDirectories(files.checkpointsFolder());
                var folder = new RunFolder(files, lock);
                folder.tidy();
                return folder;
            } catch (IOException | RuntimeException failure) {
                lock.close();
                throw failure;
            }
        } catch (IOException failure) {
            throw new CheckpointException(
                    root + ": cannot be opened: " + Said.reason(failure) + ". Check its permissions.", failure);
        }
    }

    /// Removes what a killed process left half written or half removed, and points `last` where it belongs.
    private void tidy() throws IOException {
        List<Path> leftovers = new ArrayList<>();
        try (Stream<Path> all = Files.list(files.checkpointsFolder())) {
            all.filter(RunFolder::isLeftover).forEach(leftovers::add);
        }
        for (Path leftover : leftovers) {
            DurableFiles.delete(leftover);
        }
        Path link = files.checkpointsFolder().resolve(RunFiles.LAST);
        Path last = files.last().orElse(null);
        if (last == null) {
            Files.deleteIfExists(link);
        } else if (!Files.isSymbolicLink(link) || !Files.readSymbolicLink(link).equals(last.getFileName())) {
            point(RunFiles.LAST, last);
        }
    }

    private static boolean isLeftover(Path path) {
        String name = path.getFileName().toString();
        return name.startsWith(".") && (name.endsWith(WRITING) || name.endsWith(REMOVING) || name.endsWith(LINKING));
    }

    /// Where things lie.
    public RunFiles files() {
        return files;
    }

    /// Opens the run's log for appending; the caller closes it.
    public MetricsFile metrics() {
        return MetricsFile.open(files.metrics());
    }

    /// Publishes a checkpoint and points `last` at it. A full disk is a [CheckpointException] that says which checkpoint
    /// still opens; a step that is published already is an [IllegalStateException].
    public CheckpointFolder publish(long step, Filling filling) {
        CheckpointFolder checkpoint = new Publication(files, step).publish(filling);
        point(RunFiles.LAST, files.last().orElse(checkpoint.path()));
        return checkpoint;
    }

    /// Points `best` at a published checkpoint.
    public void markBest(long step) {
        Path checkpoint = files.checkpoint(step);
        if (!RunFiles.isComplete(checkpoint)) {
            throw new IllegalArgumentException(checkpoint + " is not published");
        }
        point(RunFiles.BEST, checkpoint);
    }

    /// Replaces a link in one move, so that there is always one that points at a complete checkpoint.
    private void point(String name, Path checkpoint) {
        Path link = files.checkpointsFolder().resolve(name);
        Path fresh = link.resolveSibling("." + name + LINKING);
        try {
            Files.deleteIfExists(fresh);
            Files.createSymbolicLink(fresh, checkpoint.getFileName());
            DurableFiles.rename(fresh, link);
        } catch (UnsupportedOperationException _) {
            throw new CheckpointException(link + ": cannot be pointed at " + checkpoint.getFileName() + ", which is complete: this"
                    + " disk has no symbolic links. Put the run on one that has.");
        } catch (IOException failure) {
            throw new CheckpointException(link + ": cannot be pointed at " + checkpoint.getFileName() + ", which is complete: "
                    + Said.reason(failure) + ". Put the run on a disk with room and symbolic links, and resume.", failure);
        }
    }

    /// Removes old checkpoints, all but the newest so many, the best and the last.
    public void retain(int newest) {
        if (newest < 1) {
            throw new IllegalArgumentException("at least 1 checkpoint is kept, got " + newest);
        }
        Path best = files.best().orElse(null);
        List<Map.Entry<Long, Path>> newestFirst =
                new ArrayList<>(files.checkpoints().sequencedEntrySet().reversed());
        for (Map.Entry<Long, Path> old : newestFirst.subList(Math.min(newest, newestFirst.size()), newestFirst.size())) {
            if (best == null || !old.getValue().getFileName().equals(best.getFileName())) {
                remove(old.getValue());
            }
        }
    }

    private static void remove(Path checkpoint) {
        Path removing = checkpoint.resolveSibling("." + checkpoint.getFileName() + REMOVING);
        try {
            DurableFiles.delete(removing);
            DurableFiles.rename(checkpoint, removing); // from here on it does not exist; never a checkpoint with half its files
            DurableFiles.delete(removing);
        } catch (IOException failure) {
            throw new CheckpointException(checkpoint + ": cannot be removed: " + Said.reason(failure)
                    + ". Check its permissions, or keep more checkpoints.", failure);
        }
    }

    /// Lets another process train here.
    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException failure) {
            throw new CheckpointException(files.root() + ": cannot be unlocked: " + Said.reason(failure)
                    + ". The lock ends with this process.", failure);
        }
    }
}

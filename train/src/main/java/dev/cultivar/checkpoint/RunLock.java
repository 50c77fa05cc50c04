package dev.cultivar.checkpoint;

import dev.cultivar.format.Said;
import dev.cultivar.recipe.RecipeException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/// Keeps a second process, and a second thread of this one, from training in a run's folder; it ends with the process,
/// however that ends.
///
/// The operating system's lock is on `.lock`; who holds it stands in `.owner`, a file of its own: on POSIX systems a
/// process loses its lock on a file as soon as it closes *any* descriptor of that file, so nothing may open `.lock` only
/// to look at it, and a second attempt within the process has to be refused before it opens it.
final class RunLock implements AutoCloseable {
    static final String LOCK_FILE = ".lock";
    static final String OWNER_FILE = ".owner";
    /// The files that a lock leaves; a folder with nothing else counts as empty.
    static final List<String> FILES = List.of(LOCK_FILE, OWNER_FILE);

    private final Path owner;
    private final FileChannel channel;

    private RunLock(Path owner, FileChannel channel) {
        this.owner = owner;
        this.channel = channel;
    }

    static RunLock take(Path folder) {
        synchronized (RunLock.class) { // between looking at the owner and becoming it
            Path owner = folder.resolve(OWNER_FILE);
            try {
                if (Files.exists(owner) && Files.readString(owner).equals(me())) {
                    throw inUse(folder, owner);
                }
                FileChannel channel = FileChannel.open(
                        folder.resolve(LOCK_FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                try {
                    FileLock lock = channel.tryLock();
                    if (lock == null) {
                        throw inUse(folder, owner);
                    }
                    Files.writeString(owner, me());
                    return new RunLock(owner, channel);
                } catch (OverlappingFileLockException _) {
                    throw inUse(folder, owner); // somebody removed the owner's file; closing the channel would cost the lock
                } catch (IOException | RuntimeException failure) {
                    channel.close();
                    throw failure;
                }
            } catch (IOException failure) {
                throw new RecipeException(folder + ": cannot be locked for training: " + Said.reason(failure)
                        + ". Use a folder on a disk of this machine that you may write to.");
            }
        }
    }

    /// The process and when it began: a number alone is used again, in a container by every process that comes after.
    private static String me() {
        ProcessHandle process = ProcessHandle.current();
        return process.pid() + " " + process.info().startInstant().map(Object::toString).orElse("") + "\n";
    }

    private static RecipeException inUse(Path folder, Path owner) {
        String process;
        try {
            String said = Files.readString(owner);
            process = said.contains(" ") ? "process " + said.substring(0, said.indexOf(' ')) : "another process";
        } catch (IOException _) {
            process = "another process"; // it has not come to writing its number
        }
        return new RecipeException(folder + ": is in use by " + process + ", which trains in it. Wait until it is done, stop it,"
                + " or give --out another folder.");
    }

    @Override
    public void close() throws IOException {
        synchronized (RunLock.class) {
            if (channel.isOpen()) {
                try (channel) {
                    Files.deleteIfExists(owner);
                }
            }
        }
    }
}

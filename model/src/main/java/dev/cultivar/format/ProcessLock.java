package dev.cultivar.format;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;

/// Waits until nobody else makes the same thing, in this process or another, and keeps others waiting until it is closed.
///
/// The lock is the operating system's, on a file that stays: it ends with the process, however that ends. Threads of one
/// process wait for each other before, because the system's lock is the whole process's. Close it from the thread that took it.
public final class ProcessLock implements AutoCloseable {
    private static final ReentrantLock THREADS = new ReentrantLock();

    private final FileChannel channel;

    private ProcessLock(FileChannel channel) {
        this.channel = channel;
    }

    /// @param file to lock; made, with its folder, where it is missing
    public static ProcessLock take(Path file) {
        THREADS.lock();
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                channel.lock(); // released with the channel
                return new ProcessLock(channel);
            } catch (IOException | RuntimeException failure) {
                channel.close();
                throw failure;
            }
        } catch (IOException failure) {
            THREADS.unlock();
            throw new CheckpointException(file + ": cannot be locked: " + Said.reason(failure)
                    + ". The folder must be on a disk that you may write to.", failure);
        } catch (RuntimeException failure) {
            THREADS.unlock();
            throw failure;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException failure) {
            throw new CheckpointException("a lock cannot be released: " + Said.reason(failure), failure);
        } finally {
            THREADS.unlock();
        }
    }
}

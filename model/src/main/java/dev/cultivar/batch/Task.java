package dev.cultivar.batch;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/// What another thread was asked to do.
public final class Task {
    private Task() {}

    /// Waits for a task and returns what it made; what it threw is thrown here, as it was.
    ///
    /// @param interrupted says what was going on, where this thread is interrupted while it waits
    public static <R> R result(Future<R> task, String interrupted) {
        try {
            return task.get();
        } catch (ExecutionException failed) {
            switch (failed.getCause()) {
                case RuntimeException problem -> throw problem;
                case Error problem -> throw problem;
                case null, default -> throw new IllegalStateException(failed);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted, stopped);
        }
    }
}

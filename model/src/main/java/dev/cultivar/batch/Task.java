package dev.cultivar.batch;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
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
            throw asItWas(failed, new IllegalStateException(failed));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted, stopped);
        }
    }

    /// The same, also while this thread is interrupted: what the task uses must not be let go of before the task ends.
    public static <R> R done(CompletableFuture<R> task) {
        try {
            return task.join();
        } catch (CompletionException failed) {
            throw asItWas(failed, failed);
        }
    }

    /// @param otherwise for what no task may throw
    private static RuntimeException asItWas(Exception failed, RuntimeException otherwise) {
        return switch (failed.getCause()) {
            case RuntimeException problem -> problem;
            case Error problem -> throw problem;
            case null, default -> otherwise;
        };
    }
}

package dev.cultivar.hub;

import dev.cultivar.format.CheckpointException;
import dev.cultivar.format.Said;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/// Tries again what a network may fail at, a bounded number of times, after longer and longer waits.
///
/// @param pause how to wait; tests do not
record Retries(Pause pause) {
    private static final int MOST_WITHOUT_PROGRESS = 4;
    private static final int MOST = 40;
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(2);

    /// Waits for a while.
    @FunctionalInterface
    interface Pause {
        void sleep(Duration time) throws InterruptedException;
    }

    /// Something that may fail.
    @FunctionalInterface
    interface Attempt<T> {
        T run() throws IOException, InterruptedException;
    }

    /// A server that says to come back later.
    static final class BusyException extends IOException {
        private static final long serialVersionUID = 1L;

        private final transient Optional<Duration> after;

        BusyException(String message, Optional<Duration> after) {
            super(message);
            this.after = after;
        }
    }

    /// @param what     is tried, for the message
    /// @param progress how far it is: an attempt that came further begins the count anew
    <T> T run(String what, LongSupplier progress, Attempt<T> attempt) {
        int failures = 0;
        for (int all = 1; ; all++) {
            long before = progress.getAsLong();
            try {
                return attempt.run();
            } catch (IOException failure) {
                failures = progress.getAsLong() > before ? 1 : failures + 1;
                if (failures == MOST_WITHOUT_PROGRESS || all == MOST) {
                    throw new CheckpointException(what + ": failed " + all + " times, at last because " + Said.reason(failure)
                            + ". Check the network and HF_ENDPOINT, and try again: what has come is kept and gone on from."
                            + " Where the model lies in the cache, HF_HUB_OFFLINE=1 uses it.", failure);
                }
                sleep(what, wait(failure, failures));
            } catch (InterruptedException stop) {
                throw interrupted(what);
            }
        }
    }

    private static Duration wait(IOException failure, int failures) {
        Duration growing = Duration.ofSeconds(1L << (failures - 1));
        Duration asked = failure instanceof BusyException busy ? busy.after.orElse(growing) : growing;
        return asked.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : asked;
    }

    private void sleep(String what, Duration time) {
        try {
            pause.sleep(time);
        } catch (InterruptedException stop) {
            throw interrupted(what);
        }
    }

    private static CheckpointException interrupted(String what) {
        Thread.currentThread().interrupt();
        return new CheckpointException(what + ": interrupted; what has come is kept and gone on from");
    }
}

package dev.cultivar.cli;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// Ctrl-C as a question: the first asks the running work to stop in good order, the second stops the process at once.
///
/// The work asks [#requested] between steps, writes its checkpoint and ends with [Exit#INTERRUPTED]. SIGTERM, which
/// service and batch systems send, is treated alike. A shutdown hook could not do this: once the JVM is shutting down, a
/// second signal is no longer heard. Java has no other way to hear signals than the JDK's own class, of which the compiler
/// warns; it is mentioned once.
final class Interruption implements AutoCloseable {
    private final Console console;
    private final Runnable halt;
    private final AtomicInteger signals = new AtomicInteger();
    private volatile boolean closed;

    Interruption(Console console, Runnable halt) {
        this.console = console;
        this.halt = halt;
    }

    /// Listens; once closed, the first signal ends the process.
    static Interruption listen(Console console) {
        var interruption = new Interruption(console, () -> Runtime.getRuntime().halt(Exit.INTERRUPTED.code()));
        for (String name : List.of("INT", "TERM")) {
            sun.misc.Signal.handle(new sun.misc.Signal(name), signal -> interruption.signal());
        }
        return interruption;
    }

    /// Whether somebody asked to stop.
    boolean requested() {
        return signals.get() > 0;
    }

    void signal() {
        if (signals.incrementAndGet() == 1 && !closed) {
            console.note("stopping after this step; again to stop at once");
        } else {
            halt.run();
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}

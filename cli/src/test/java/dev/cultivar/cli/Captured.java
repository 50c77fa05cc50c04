package dev.cultivar.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// A console whose two streams are kept, with a clock that the test turns.
final class Captured {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private long nanos;

    Console console(boolean terminal) {
        return new Console(stream(out), stream(err), terminal, false, () -> nanos);
    }

    Exit run(String... words) {
        return Main.run(words, console(false));
    }

    void passMillis(long millis) {
        nanos += millis * 1_000_000L;
    }

    String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    List<String> errLines() {
        return err().lines().toList();
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }
}

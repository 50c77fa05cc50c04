package dev.cultivar.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.LongSupplier;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// The only place that prints: results on standard output, everything else on standard error.
///
/// With `--json` the result is one JSON document, and lines meant for people go to standard error. Progress is a bar
/// that redraws itself on a terminal, and now and then a plain line anywhere else.
final class Console {
    private static final long BAR_NANOS = 100_000_000L;
    private static final long LINE_NANOS = 5_000_000_000L;
    private static final String ERASE_LINE = "\r\033[K";

    private final PrintStream out;
    private final PrintStream err;
    private final boolean terminal;
    private final boolean json;
    private final LongSupplier nanos;
    private boolean barShown;
    private long shownAtNanos;
    private String shownFor = "";

    Console(PrintStream out, PrintStream err, boolean terminal, boolean json, LongSupplier nanos) {
        this.out = out;
        this.err = err;
        this.terminal = terminal;
        this.json = json;
        this.nanos = nanos;
    }

    /// This process's: always UTF-8, whatever the locale, because others read it.
    static Console ofProcess() {
        return new Console(
                utf8(FileDescriptor.out),
                utf8(FileDescriptor.err),
                Arrays.asList(System.getProperty("cultivar.terminal", "").split(",")).contains("err"),
                false,
                System::nanoTime);
    }

    private static PrintStream utf8(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }

    /// The same, with one JSON document on standard output.
    Console forJson() {
        return new Console(out, err, terminal, true, nanos);
    }

    /// Whether the answer shall be a JSON document.
    boolean json() {
        return json;
    }

    /// A line of the result for people.
    synchronized void line(String text) {
        endProgress();
        (json ? err : out).println(text);
    }

    /// A part of a line of the result for people, shown at once; more of it follows.
    synchronized void text(String text) {
        endProgress();
        PrintStream to = json ? err : out;
        to.print(text);
        to.flush();
    }

    /// The result for programs; does nothing unless `--json` was given.
    ///
    /// @param value maps, lists, records, numbers, strings
    synchronized void document(Object value) {
        if (json) {
            endProgress();
            var mapper = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
            out.println(mapper.writeValueAsString(value));
            out.flush();
        }
    }

    /// Something that people should know, and that is no result.
    synchronized void note(String text) {
        endProgress();
        err.println(text);
    }

    /// Where in the program a problem came from.
    synchronized void trace(Throwable problem) {
        endProgress();
        problem.printStackTrace(err);
    }

    /// Shows how far it is; call it as often as you like.
    synchronized void progress(Progress progress) {
        long now = nanos.getAsLong();
        boolean news = progress.last() || !progress.what().equals(shownFor);
        if (!news && now - shownAtNanos < (terminal ? BAR_NANOS : LINE_NANOS)) {
            return;
        }
        shownAtNanos = now;
        shownFor = progress.last() ? "" : progress.what();
        if (terminal) {
            err.print(ERASE_LINE + progress.bar());
            err.flush();
            barShown = true;
            if (progress.last()) {
                endProgress();
            }
        } else {
            err.println(progress.line());
        }
    }

    /// Leaves the bar as it stands and goes to the next line.
    synchronized void endProgress() {
        if (barShown) {
            err.println();
            barShown = false;
        }
    }

    /// Standard output, for help pages.
    PrintStream out() {
        return out;
    }

    /// Standard error, for usage.
    PrintStream err() {
        return err;
    }
}

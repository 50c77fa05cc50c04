package dev.cultivar.checkpoint;

import dev.cultivar.format.CheckpointException;
import dev.cultivar.format.DurableFiles;
import dev.cultivar.format.JsonFiles;
import dev.cultivar.format.Said;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// A run's log: one JSON object a line, each with its `step`, appended and never changed.
///
/// A line reaches the operating system before [#append] returns, so a kill loses none; [#force] makes them outlive a loss
/// of power. A resumed run first drops what its checkpoint does not know with [#truncateAfter]: the log is then the log of
/// a run that nobody interrupted.
public final class MetricsFile implements AutoCloseable {
    private static final String STEP = "step";

    private final Path file;
    private FileChannel channel;

    private MetricsFile(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /// Opens a log for appending; it is made where there is none, and a torn last line is dropped.
    public static MetricsFile open(Path file) {
        try {
            var metrics = new MetricsFile(file, appending(file));
            if (metrics.isTorn()) {
                metrics.truncateAfter(Long.MAX_VALUE);
            }
            return metrics;
        } catch (IOException failure) {
            throw broken(file, "cannot be opened", failure);
        }
    }

    private static FileChannel appending(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private boolean isTorn() throws IOException {
        try (var reading = FileChannel.open(file)) {
            ByteBuffer end = ByteBuffer.allocate(1);
            return reading.size() > 0 && reading.read(end, reading.size() - 1) == 1 && end.get(0) != '\n';
        }
    }

    /// Appends an event, which has its step as a whole number under `step`; a full disk leaves no half of a line.
    public void append(Map<String, ? extends @Nullable Object> event) {
        if (!(event.get(STEP) instanceof Long || event.get(STEP) instanceof Integer)) {
            throw new IllegalArgumentException("an event needs its step as a whole number, got " + event);
        }
        ByteBuffer line = ByteBuffer.wrap((JsonFiles.line(event) + "\n").getBytes(StandardCharsets.UTF_8));
        try {
            long before = channel.size();
            try {
                while (line.hasRemaining()) {
                    channel.write(line);
                }
            } catch (IOException failure) {
                channel.truncate(before);
                throw failure;
            }
        } catch (IOException failure) {
            throw broken(file, "cannot be appended to", failure);
        }
    }

    /// Flushes what was appended to the disk.
    public void force() {
        try {
            channel.force(true);
        } catch (IOException failure) {
            throw broken(file, "cannot be flushed", failure);
        }
    }

    /// Drops every event after a step, and a torn last line, in one move.
    public void truncateAfter(long step) {
        try {
            channel.close();
            DurableFiles.write(file, kept -> eachLine(file, (line, event) -> {
                if (event.get(STEP) instanceof Long at && at <= step) {
                    ByteBuffer bytes = ByteBuffer.wrap(line);
                    while (bytes.hasRemaining()) {
                        kept.write(bytes);
                    }
                }
            }));
            channel = appending(file);
        } catch (IOException failure) {
            throw broken(file, "cannot be cut after step " + step, failure);
        }
    }

    /// Every event of a log, which may still be growing: a torn last line is left out.
    public static List<SequencedMap<String, @Nullable Object>> read(Path file) {
        List<SequencedMap<String, @Nullable Object>> events = new ArrayList<>();
        try {
            eachLine(file, (_, event) -> events.add(event));
        } catch (IOException failure) {
            throw broken(file, "cannot be read", failure);
        }
        return events;
    }

    @FunctionalInterface
    private interface Line {
        /// @param bytes with the line break
        void take(byte[] bytes, SequencedMap<String, @Nullable Object> event) throws IOException;
    }

    private static void eachLine(Path file, Line line) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            long number = 1;
            for (byte[] bytes = line(in); bytes.length > 0; bytes = line(in), number++) {
                if (bytes[bytes.length - 1] != '\n') {
                    return; // torn by a kill
                }
                SequencedMap<String, @Nullable Object> event;
                try {
                    event = JsonFiles.parse(new String(bytes, StandardCharsets.UTF_8), file + " line " + number);
                } catch (CheckpointException damaged) {
                    if (in.read() < 0) {
                        return; // the last line, torn by a loss of power
                    }
                    throw damaged;
                }
                line.take(bytes, event);
            }
        }
    }

    private static byte[] line(InputStream in) throws IOException {
        var bytes = new ByteArrayOutputStream();
        for (int next = in.read(); next >= 0; next = in.read()) {
            bytes.write(next);
            if (next == '\n') {
                break;
            }
        }
        return bytes.toByteArray();
    }

    private static CheckpointException broken(Path file, String what, IOException failure) {
        return new CheckpointException(file + ": " + what + ": " + Said.reason(failure)
                + ". Check that the disk has room and that the file may be written.", failure);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException failure) {
            throw broken(file, "cannot be closed", failure);
        }
    }
}

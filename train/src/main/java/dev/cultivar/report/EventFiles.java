package dev.cultivar.report;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.zip.CRC32C;

/// Writes a run's curves as TensorBoard event files.
///
/// Of the Event message five fields are ever written, so its bytes are made here rather than by a protobuf compiler:
/// a field is its number and wire type, then its value, and a message inside a message is a field with a length.
/// A run that resumes starts a new file, whose first event makes TensorBoard drop what the killed run had written from
/// that step on.
public final class EventFiles implements AutoCloseable {
    // tensorboard/compat/proto/event.proto and summary.proto: field numbers, shifted by three, plus the wire type.
    private static final int EVENT_WALL_TIME = 1 << 3 | 1; // double
    private static final int EVENT_STEP = 2 << 3;          // varint
    private static final int EVENT_FILE_VERSION = 3 << 3 | 2;
    private static final int EVENT_SUMMARY = 5 << 3 | 2;
    private static final int EVENT_SESSION_LOG = 7 << 3 | 2;
    private static final int SUMMARY_VALUE = 1 << 3 | 2;
    private static final int VALUE_TAG = 1 << 3 | 2;
    private static final int VALUE_SIMPLE = 2 << 3 | 5;    // float
    private static final int SESSION_STATUS = 1 << 3;
    private static final int SESSION_START = 1;

    private final OutputStream out;
    private final Path file;
    private final InstantSource clock;

    private EventFiles(OutputStream out, Path file, InstantSource clock) {
        this.out = out;
        this.file = file;
        this.clock = clock;
    }

    /// Starts a new file in a folder.
    ///
    /// @param step where the run starts or goes on: 0, or the step of the checkpoint
    public static EventFiles start(Path folder, long step) {
        return start(folder, step, InstantSource.system());
    }

    static EventFiles start(Path folder, long step, InstantSource clock) {
        long seconds = clock.instant().getEpochSecond();
        try {
            Files.createDirectories(folder);
            for (int attempt = 0; ; attempt++) {
                // TensorBoard reads the files in the order of their names.
                Path file = folder.resolve("events.out.tfevents.%010d.cultivar.%04d".formatted(seconds, attempt));
                try {
                    var events = new EventFiles(Files.newOutputStream(file, StandardOpenOption.CREATE_NEW), file, clock);
                    events.write(new Fields().text(EVENT_FILE_VERSION, "brain.Event:2"), 0);
                    var started = new Fields().number(SESSION_STATUS, SESSION_START);
                    // TensorBoard drops what is at or after this event's step; the checkpoint's own step stays.
                    events.write(new Fields().message(EVENT_SESSION_LOG, started), step == 0 ? 0 : step + 1);
                    return events;
                } catch (FileAlreadyExistsException taken) {
                    continue; // another start within the same second
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": no event file can be started there", e);
        }
    }

    /// Where the events go.
    public Path file() {
        return file;
    }

    /// One point of one curve.
    ///
    /// @param tag  the curve's name; a slash groups: `train/loss`
    /// @param step x
    public void scalar(String tag, long step, double value) {
        var point = new Fields().text(VALUE_TAG, tag).single(VALUE_SIMPLE, (float) value);
        try {
            write(new Fields().message(EVENT_SUMMARY, new Fields().message(SUMMARY_VALUE, point)), step);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": an event could not be written", e);
        }
    }

    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": could not be closed", e);
        }
    }

    /// One TFRecord, in one write, so that a reader of a growing file meets whole ones: length, its checksum, the event,
    /// its checksum.
    private void write(Fields content, long step) throws IOException {
        double now = clock.millis() / 1e3;
        byte[] event = new Fields().real(EVENT_WALL_TIME, now).number(EVENT_STEP, step).all(content).bytes();
        ByteBuffer record = ByteBuffer.allocate(event.length + 16).order(ByteOrder.LITTLE_ENDIAN);
        record.putLong(event.length);
        record.putInt(masked(record.array(), 0, 8));
        record.put(event);
        record.putInt(masked(event, 0, event.length));
        out.write(record.array());
    }

    /// TFRecord's checksum: CRC-32C, rotated and shifted, as a checksum of data that hold checksums would else be weak.
    static int masked(byte[] bytes, int from, int length) {
        var crc = new CRC32C();
        crc.update(bytes, from, length);
        return Integer.rotateRight((int) crc.getValue(), 15) + 0xA282EAD8;
    }

    /// Fields of a protobuf message, one after the other.
    private static final class Fields {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(64);

        Fields number(int key, long value) {
            varint(key);
            varint(value);
            return this;
        }

        Fields real(int key, double value) {
            varint(key);
            bytes.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putDouble(value).array());
            return this;
        }

        Fields single(int key, float value) {
            varint(key);
            bytes.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(value).array());
            return this;
        }

        Fields text(int key, String value) {
            return delimited(key, value.getBytes(StandardCharsets.UTF_8));
        }

        Fields message(int key, Fields value) {
            return delimited(key, value.bytes());
        }

        Fields all(Fields other) {
            bytes.writeBytes(other.bytes());
            return this;
        }

        byte[] bytes() {
            return bytes.toByteArray();
        }

        private Fields delimited(int key, byte[] value) {
            varint(key);
            varint(value.length);
            bytes.writeBytes(value);
            return this;
        }

        /// Seven bits a byte, the low ones first; the top bit says that more follow.
        private void varint(long value) {
            long rest = value;
            while ((rest & ~0x7FL) != 0) {
                bytes.write((int) (rest & 0x7F | 0x80));
                rest >>>= 7;
            }
            bytes.write((int) rest);
        }
    }
}

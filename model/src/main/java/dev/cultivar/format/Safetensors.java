package dev.cultivar.format;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.SequencedMap;

/// A safetensors file opened for reading: named tensors whose bytes are mapped, not read, so that opening costs the header.
///
/// The header is checked whole before anything is mapped (`SafetensorsHeader`), at least as strictly as the format's
/// reference implementation: an open file has tensors that fill it without overlap or hole. The mapped bytes are
/// read-only, may be read by any thread, and are valid until [#close]; the file must not be changed meanwhile (Cultivar
/// never changes a file in place, it replaces it).
public final class Safetensors implements AutoCloseable {
    /// The longest header, as in the reference implementation.
    static final long LONGEST_HEADER = 100_000_000;

    private static final int LENGTH_BYTES = 8;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Path file;
    private final SafetensorsHeader.Content content;
    private final Arena arena;
    private final MemorySegment mapped;

    private Safetensors(Path file, SafetensorsHeader.Content content, Arena arena, MemorySegment mapped) {
        this.file = file;
        this.content = content;
        this.arena = arena;
        this.mapped = mapped;
    }

    /// A tensor's place in the file.
    ///
    /// @param shape  sizes of its dimensions; empty for a single value
    /// @param offset of its first byte, from the start of the file
    /// @param bytes  how many it has: the product of the shape times the size of an element
    public record Entry(String name, ElementType type, long[] shape, long offset, long bytes) {
        public Entry {
            shape = shape.clone();
        }

        @Override
        public long[] shape() {
            return shape.clone();
        }

        /// How many values it has.
        public long elements() {
            return bytes / type.bytes();
        }

        @Override
        public String toString() {
            return name + " " + type + Arrays.toString(shape);
        }
    }

    /// Opens and checks a file, or says with a [CheckpointException] why it is no safetensors file.
    public static Safetensors open(Path file) {
        if (Files.isDirectory(file)) {
            throw new CheckpointException(file + ": is a folder; expected a safetensors file. Name the file within it.");
        }
        try (FileChannel channel = FileChannel.open(file)) {
            long size = channel.size();
            SafetensorsHeader.Content content = header(file, channel, size);
            Arena arena = Arena.ofShared();
            try {
                return new Safetensors(file, content, arena, channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena));
            } catch (IOException | RuntimeException | Error failure) {
                arena.close();
                throw failure;
            }
        } catch (IOException failure) {
            throw new CheckpointException(
                    file + ": cannot be read: " + Said.reason(failure) + ". Check the path and its permissions.", failure);
        }
    }

    private static SafetensorsHeader.Content header(Path file, FileChannel channel, long size) throws IOException {
        byte[] first = Channels.newInputStream(channel.position(0)).readNBytes(LENGTH_BYTES + 1);
        if (first.length <= LENGTH_BYTES || first[LENGTH_BYTES] != '{') {
            throw OtherFormat.refusal(file, first, size);
        }
        long length = MemorySegment.ofArray(first).get(LONG, 0);
        if (length < 0 || length > LONGEST_HEADER || length > size - LENGTH_BYTES) {
            throw new CheckpointException(file + ": its header claims " + Long.toUnsignedString(length)
                    + " bytes; expected at most " + Math.min(LONGEST_HEADER, size - LENGTH_BYTES) + " in a file of " + size
                    + ". The file is cut short or damaged: copy, download or write it again.");
        }
        InputStream header = new FirstBytes(Channels.newInputStream(channel.position(LENGTH_BYTES)), length);
        return SafetensorsHeader.read(file, header, LENGTH_BYTES + length, size - LENGTH_BYTES - length);
    }

    /// So many bytes of a stream, and then its end.
    private static final class FirstBytes extends InputStream {
        private final InputStream in;
        private long left;

        FirstBytes(InputStream in, long left) {
            this.in = in;
            this.left = left;
        }

        @Override
        public int read() throws IOException {
            return left-- > 0 ? in.read() : -1;
        }

        @Override
        public int read(byte[] target, int at, int most) throws IOException {
            int read = left <= 0 ? -1 : in.read(target, at, (int) Math.min(most, left));
            left -= Math.max(read, 0);
            return read;
        }
    }

    public Path file() {
        return file;
    }

    /// Every tensor by name, in the order of the bytes.
    public SequencedMap<String, Entry> entries() {
        return content.entries();
    }

    /// The texts of `__metadata__`; empty where there are none.
    public Map<String, String> metadata() {
        return content.metadata();
    }

    /// A tensor's place; a name that the file lacks is a [CheckpointException].
    public Entry entry(String name) {
        Entry entry = content.entries().get(name);
        if (entry == null) {
            throw new CheckpointException(file + ": has no tensor " + Said.name(name) + "; it has "
                    + Said.names(content.entries().keySet()) + ". Check that the file belongs to this model.");
        }
        return entry;
    }

    /// A tensor's bytes as they lie in the file, little endian and row-major; read-only, valid until [#close].
    public MemorySegment bytes(String name) {
        Entry entry = entry(name);
        return mapped.asSlice(entry.offset(), entry.bytes());
    }

    /// The values of a tensor of real numbers, copied; F64 is rounded to float.
    public float[] floats(String name) {
        Entry entry = entry(name);
        MemorySegment from = bytes(name);
        float[] values = new float[count(entry)];
        switch (entry.type()) {
            case F32 -> MemorySegment.copy(from, FLOAT, 0, values, 0, values.length);
            case F64 -> setAll(values, i -> (float) from.getAtIndex(DOUBLE, i));
            case F16 -> setAll(values, i -> Float.float16ToFloat(from.getAtIndex(SHORT, i)));
            case BF16 -> setAll(values, i -> Float.intBitsToFloat(from.getAtIndex(SHORT, i) << 16));
            case I64, I32, I16, I8, U8, BOOL -> throw unlike(entry, "real numbers (F32, F16, BF16, F64)");
        }
        return values;
    }

    /// The values of a tensor of whole numbers, copied; false is 0 and true is 1.
    public long[] longs(String name) {
        Entry entry = entry(name);
        MemorySegment from = bytes(name);
        long[] values = new long[count(entry)];
        switch (entry.type()) {
            case I64 -> MemorySegment.copy(from, LONG, 0, values, 0, values.length);
            case I32 -> Arrays.setAll(values, i -> from.getAtIndex(INT, i));
            case I16 -> Arrays.setAll(values, i -> from.getAtIndex(SHORT, i));
            case I8 -> Arrays.setAll(values, i -> from.get(ValueLayout.JAVA_BYTE, i));
            case U8, BOOL -> Arrays.setAll(values, i -> from.get(ValueLayout.JAVA_BYTE, i) & 0xFF);
            case F64, F32, F16, BF16 -> throw unlike(entry, "whole numbers (I64, I32, I16, I8, U8, BOOL)");
        }
        return values;
    }

    private interface FloatAt {
        float value(int index);
    }

    private static void setAll(float[] values, FloatAt at) {
        for (int i = 0; i < values.length; i++) {
            values[i] = at.value(i);
        }
    }

    private int count(Entry entry) {
        if (entry.elements() > Integer.MAX_VALUE - 8) {
            throw new CheckpointException(file + ": tensor " + Said.name(entry.name()) + " has " + entry.elements()
                    + " values, and a Java array holds at most " + (Integer.MAX_VALUE - 8) + ". Read it with bytes().");
        }
        return (int) entry.elements();
    }

    private CheckpointException unlike(Entry entry, String expected) {
        return new CheckpointException(file + ": tensor " + Said.name(entry.name()) + " is " + entry.type() + "; expected "
                + expected + ". Check that the file belongs to this model.");
    }

    /// Unmaps the file; segments that came from it must not be used any more.
    @Override
    public void close() {
        arena.close();
    }
}

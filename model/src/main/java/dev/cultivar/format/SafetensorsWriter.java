package dev.cultivar.format;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;

/// Writes safetensors files, one tensor after another, so that no more than one needs to be in memory.
///
/// The file appears whole or not at all ([DurableFiles]). The same tensors give the same bytes. Tensors lie in the order
/// of the list, those with larger elements first, so that every tensor begins at a multiple of its element's size and
/// can be used where it is mapped.
public final class SafetensorsWriter {
    /// What transformers wants to see in a file before it loads it.
    public static final Map<String, String> PYTORCH = Map.of("format", "pt");

    private static final int CHUNK_BYTES = 1 << 20;

    private SafetensorsWriter() {}

    /// A tensor to write.
    ///
    /// @param shape sizes of its dimensions; empty for a single value
    /// @param bytes asked once, when it is this tensor's turn; little endian and row-major, exactly as many as the shape needs
    public record Tensor(String name, ElementType type, long[] shape, Supplier<MemorySegment> bytes) {
        public Tensor {
            if (name.equals(SafetensorsHeader.METADATA)) {
                throw new IllegalArgumentException("no tensor can be named " + name);
            }
            for (long size : shape) {
                if (size < 0) {
                    throw new IllegalArgumentException("tensor " + Said.name(name) + ": a size must be at least 0, got " + size);
                }
            }
            shape = shape.clone();
        }

        public static Tensor of(String name, ElementType type, long[] shape, MemorySegment bytes) {
            return new Tensor(name, type, shape, () -> bytes);
        }

        @Override
        public long[] shape() {
            return shape.clone();
        }

        /// How many bytes it takes.
        public long size() {
            long size = type.bytes();
            for (long dimension : shape) {
                size = Math.multiplyExact(size, dimension);
            }
            return size;
        }
    }

    /// Writes tensors with the metadata [#PYTORCH].
    public static void write(Path file, List<Tensor> tensors) {
        write(file, PYTORCH, tensors);
    }

    /// Writes tensors, replacing a file that is there; a full disk is a [CheckpointException] and leaves the old file.
    public static void write(Path file, Map<String, String> metadata, List<Tensor> tensors) {
        List<Tensor> ordered = tensors.stream()
                .sorted(Comparator.comparing((Tensor tensor) -> -tensor.type().bytes())) // stable
                .toList();
        byte[] header = header(metadata, ordered);
        long needed = header.length;
        for (Tensor tensor : ordered) {
            needed = Math.addExact(needed, tensor.size());
        }
        try {
            DurableFiles.write(file, channel -> {
                writeAll(channel, ByteBuffer.wrap(header));
                for (Tensor tensor : ordered) {
                    writeTensor(channel, tensor);
                }
            });
        } catch (IOException failure) {
            throw new CheckpointException(file + ": cannot be written: " + Said.reason(failure) + ". It needs "
                    + Said.bytes(needed) + ", and the disk has " + Said.free(file.toAbsolutePath().getParent())
                    + "; free some space or write elsewhere.", failure);
        }
    }

    private static byte[] header(Map<String, String> metadata, List<Tensor> tensors) {
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(new byte[Long.BYTES]); // the length, which is known at the end
        try (JsonGenerator json = JsonText.FACTORY.createGenerator(ObjectWriteContext.empty(), bytes)) {
            json.writeStartObject();
            if (!metadata.isEmpty()) {
                json.writeName(SafetensorsHeader.METADATA).writeStartObject();
                new TreeMap<>(metadata).forEach(json::writeStringProperty);
                json.writeEndObject();
            }
            Set<String> names = new HashSet<>();
            long begin = 0;
            for (Tensor tensor : tensors) {
                if (!names.add(tensor.name())) {
                    throw new IllegalArgumentException("two tensors are named " + Said.name(tensor.name()));
                }
                json.writeName(tensor.name()).writeStartObject();
                json.writeStringProperty("dtype", tensor.type().name());
                json.writeName("shape").writeArray(tensor.shape(), 0, tensor.shape().length);
                json.writeName("data_offsets").writeArray(new long[] {begin, begin + tensor.size()}, 0, 2);
                json.writeEndObject();
                begin += tensor.size();
            }
            json.writeEndObject();
        }
        while (bytes.size() % Long.BYTES != 0) {
            bytes.write(' ');
        }
        byte[] header = bytes.toByteArray();
        int length = header.length - Long.BYTES;
        if (length > Safetensors.LONGEST_HEADER) {
            throw new IllegalArgumentException("the header takes " + length + " bytes; readers accept at most "
                    + Safetensors.LONGEST_HEADER + ": shorten names or metadata");
        }
        ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
        return header;
    }

    private static void writeTensor(FileChannel channel, Tensor tensor) throws IOException {
        MemorySegment bytes = tensor.bytes().get();
        if (bytes.byteSize() != tensor.size()) {
            throw new IllegalArgumentException("tensor " + Said.name(tensor.name()) + " needs " + tensor.size()
                    + " bytes, got " + bytes.byteSize());
        }
        byte[] staging = bytes.isNative() ? new byte[0] : new byte[(int) Math.min(CHUNK_BYTES, bytes.byteSize())];
        for (long at = 0; at < bytes.byteSize(); at += CHUNK_BYTES) {
            MemorySegment chunk = bytes.asSlice(at, Math.min(CHUNK_BYTES, bytes.byteSize() - at));
            if (bytes.isNative()) {
                writeAll(channel, chunk.asByteBuffer());
            } else { // an array of any type: only bytes can be wrapped
                MemorySegment.copy(chunk, 0, MemorySegment.ofArray(staging), 0, chunk.byteSize());
                writeAll(channel, ByteBuffer.wrap(staging, 0, (int) chunk.byteSize()));
            }
        }
    }

    private static void writeAll(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}

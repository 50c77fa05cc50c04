package dev.cultivar.precompute;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.function.BiConsumer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// One file of a store: entries one after another, written by one process, read by any, never changed but at its end.
///
/// The file: a header of 16 bytes (magic `CVFROZEN`, version), then for each entry a header of 48 bytes (key, bytes of values, checksum of
/// the values, checksum of this header before it, 4 unused) and the values, to a multiple of 8 bytes. What a kill left half written at the
/// end is shorter than its header says, or no header at all, and is not there.
final class Segment implements AutoCloseable {
    static final String ENDING = ".frozen";
    static final int HEADER = 16;
    static final int ENTRY = 48;
    private static final long MAGIC = 0x435646524F5A454EL; // "CVFROZEN"
    private static final int VERSION = 1;
    private static final long TOUCHED_AGAIN_NANOS = 10_000_000_000L;

    private final Path file;
    private @Nullable Arena arena;
    private MemorySegment mapped = MemorySegment.NULL;
    private long scanned = HEADER;
    private long bytes;
    private long touched;
    private boolean used;

    Segment(Path file) {
        this.file = file;
    }

    Path file() {
        return file;
    }

    /// The file's size when it was looked at last.
    long bytes() {
        return bytes;
    }

    /// Whether this store has read or written here since [#forget].
    boolean used() {
        return used;
    }

    void forget() {
        used = false;
    }

    /// Where an entry's values lie.
    record Place(Segment segment, long from, int length, int checksum) {}

    static ByteBuffer header() {
        return ByteBuffer.allocate(HEADER).putLong(MAGIC).putInt(VERSION).putInt(0).flip();
    }

    /// Whether a file is a segment, or may yet become one: whoever made it has not come to writing its header.
    static boolean isOne(Path file) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(HEADER);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() < HEADER) {
                return file.getFileName().toString().endsWith(ENDING);
            }
            while (header.hasRemaining() && channel.read(header) >= 0) {}
        }
        return header.flip().equals(header());
    }

    /// Reads the headers that came since the last look; false where one is damaged, behind which nothing is found.
    boolean scan(BiConsumer<Key, Place> found) throws IOException {
        long size = Files.size(file);
        if (size == bytes || size < HEADER) {
            return true;
        }
        bytes = size;
        ByteBuffer header = ByteBuffer.allocate(ENTRY);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            while (scanned + ENTRY <= size) {
                header.clear();
                while (header.hasRemaining() && channel.read(header, scanned + header.position()) >= 0) {}
                header.flip();
                if (checksum(header.slice(0, Key.BYTES + 8)) != header.getInt(Key.BYTES + 8)) {
                    return false;
                }
                int length = header.getInt(Key.BYTES);
                if (length < 0 || scanned + ENTRY + length > size) {
                    return true;
                }
                found.accept(Key.of(header), new Place(this, scanned + ENTRY, length, header.getInt(Key.BYTES + 4)));
                scanned += span(length);
            }
        }
        return true;
    }

    /// Notes entries that this process has written itself.
    void wrote(long size) {
        bytes = size;
        scanned = size;
    }

    private void map(long size) throws IOException {
        close();
        Arena next = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, size, next);
            arena = next;
        } finally {
            if (arena != next) {
                next.close();
            }
        }
    }

    /// Copies the values out; false where they are not as they were written.
    boolean read(Place place, MemorySegment into) {
        try {
            if (place.from() + place.length() > mapped.byteSize()) {
                map(Files.size(file));
            }
            touch();
            into.copyFrom(mapped.asSlice(place.from(), place.length()));
            return place.length() == into.byteSize() && checksum(into.asByteBuffer()) == place.checksum();
        } catch (IOException | IndexOutOfBoundsException | InternalError gone) {
            return false; // the file was removed or cut by somebody; a page that is not there any more is an InternalError
        }
    }

    /// Unmaps the file.
    @Override
    public void close() {
        if (arena != null) {
            mapped = MemorySegment.NULL;
            arena.close();
            arena = null;
        }
    }

    /// Who was used last is what a file's time says, to other processes too.
    void touch() {
        long now = System.nanoTime();
        if (!used || now - touched > TOUCHED_AGAIN_NANOS) {
            used = true;
            touched = now;
            try {
                Files.setLastModifiedTime(file, FileTime.from(java.time.Instant.now()));
            } catch (IOException readOnly) {
                // then nobody will make room here either
            }
        }
    }

    /// An entry takes so many bytes of a file.
    static long span(long length) {
        return ENTRY + Math.ceilDiv(length, 8) * 8;
    }

    /// Appends an entry to what is to be written.
    static void put(ByteBuffer out, Key key, MemorySegment values) {
        int from = out.position();
        key.into(out);
        out.putInt((int) values.byteSize()).putInt(checksum(values.asByteBuffer()));
        out.putInt(checksum(out.slice(from, Key.BYTES + 8))).putInt(0);
        out.put(values.asByteBuffer());
        out.position(from + (int) span(values.byteSize()));
    }

    private static int checksum(ByteBuffer bytes) {
        var sum = new CRC32C();
        sum.update(bytes);
        return (int) sum.getValue();
    }
}

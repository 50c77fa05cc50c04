package dev.cultivar.corpus;

import dev.cultivar.batch.DataException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/// A stream of tokens in a memory-mapped file: what is read is paged in by the system, and nothing is copied to the heap.
///
/// The file, little endian: a header of 128 bytes (magic `CVSTREAM`, int version, int bytes of an id, long tokens, long documents,
/// 64 characters of fingerprint, long bytes of text), then the ids as unsigned 16-bit numbers where the vocabulary fits and as 32-bit ones otherwise,
/// then zeros up to a multiple of eight, then for each document the place of its first token as a long.
final class TokenFile implements TokenStream {
    static final long MAGIC = 0x4D41455254535643L; // "CVSTREAM"
    static final int VERSION = 1;
    static final int HEADER = 128;
    static final int NARROW = 2;
    static final int WIDE = 4;

    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Arena arena;
    private final MemorySegment file;
    private final int width;
    private final long length;
    private final int documents;
    private final long index;
    private final String fingerprint;

    private TokenFile(Arena arena, MemorySegment file) {
        this.arena = arena;
        this.file = file;
        this.width = file.get(INT, 12);
        this.length = file.get(LONG, 16);
        this.documents = Math.toIntExact(file.get(LONG, 24));
        this.index = indexAt(length, width);
        this.fingerprint = fingerprint(file);
    }

    /// Where the index of documents starts.
    static long indexAt(long length, int width) {
        return (HEADER + width * length + 7) / 8 * 8;
    }

    /// How many bytes an id takes.
    static int width(int vocabulary) {
        return vocabulary <= 1 << 16 ? NARROW : WIDE;
    }

    static TokenFile open(Path path, String fingerprint) {
        Arena arena = Arena.ofShared();
        boolean done = false;
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            MemorySegment file = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            String wrong = wrong(file, fingerprint);
            if (!wrong.isEmpty()) {
                throw new DataException(path + " " + wrong + "; delete it, and it is written anew");
            }
            TokenFile stream = new TokenFile(arena, file);
            done = true;
            return stream;
        } catch (NoSuchFileException e) {
            throw new DataException(path + " does not exist", e);
        } catch (IOException e) {
            throw new DataException(path + " cannot be read: " + e.getMessage(), e);
        } finally {
            if (!done) {
                arena.close();
            }
        }
    }

    private static String wrong(MemorySegment file, String fingerprint) {
        long size = file.byteSize();
        if (size < HEADER || file.get(LONG, 0) != MAGIC) {
            return "is no stream of tokens";
        }
        if (file.get(INT, 8) != VERSION) {
            return "has version " + file.get(INT, 8) + ", expected " + VERSION;
        }
        int width = file.get(INT, 12);
        long length = file.get(LONG, 16);
        long documents = file.get(LONG, 24);
        boolean sound = (width == NARROW || width == WIDE) && length >= 0 && length <= size && documents >= 0
                && documents <= Math.min(size, Integer.MAX_VALUE) && size == indexAt(length, width) + 8 * documents;
        if (!sound) {
            return "has " + size + " bytes, which is not what " + length + " tokens of " + width + " bytes and " + documents
                    + " documents take";
        }
        if (!fingerprint(file).equals(fingerprint)) {
            return "holds other data: its fingerprint is " + fingerprint(file) + ", expected " + fingerprint;
        }
        return wrongIndex(file, indexAt(length, width), length, documents);
    }

    private static String wrongIndex(MemorySegment file, long index, long length, long documents) {
        long last = -1;
        for (long document = 0; document < documents; document++) {
            long start = file.get(LONG, index + 8 * document);
            if (start <= last || start >= length || document == 0 && start != 0) {
                return "has a damaged index at document " + document;
            }
            last = start;
        }
        return documents == 0 && length > 0 ? "has tokens of no document" : "";
    }

    private static String fingerprint(MemorySegment file) {
        return new String(file.asSlice(32, 64).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.US_ASCII);
    }

    @Override
    public long bytes() {
        return file.get(LONG, 96);
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public int documents() {
        return documents;
    }

    @Override
    public long documentStart(int document) {
        Objects.checkIndex(document, documents);
        return file.get(LONG, index + 8L * document);
    }

    @Override
    public void read(long from, int count, int[] into, int at) {
        Objects.checkFromIndexSize(from, count, length);
        Objects.checkFromIndexSize(at, count, into.length);
        if (width == WIDE) {
            MemorySegment.copy(file, INT, HEADER + 4 * from, into, at, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            into[at + i] = Short.toUnsignedInt(file.get(SHORT, HEADER + 2 * (from + i)));
        }
    }

    @Override
    public String fingerprint() {
        return fingerprint;
    }

    @Override
    public void close() {
        arena.close();
    }
}

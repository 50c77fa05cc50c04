package dev.cultivar.corpus;

import dev.cultivar.batch.DataException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// For each document of a source, in the order of reading, whether it stays and how long it is: four bytes each, in a mapped file
/// of which no more than is looked at lies in memory.
final class Verdicts implements AutoCloseable {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Path file;
    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
    private MemorySegment mapped = MemorySegment.NULL;
    private long documents;

    Verdicts(Path folder) {
        try {
            Files.createDirectories(folder);
            file = Files.createTempFile(folder, "verdicts-", ".part");
            channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
        } catch (IOException e) {
            throw new DataException(folder + " cannot be written to: " + e.getMessage() + ". Is the disk full, or the folder read-only?", e);
        }
    }

    /// @param continued whether it goes on where the one before it ended
    void keep(int characters, boolean continued) {
        put(characters << 1 | (continued ? 1 : 0));
    }

    /// @param step number of the step that leaves it out
    void drop(int step) {
        put(-1 - step);
    }

    /// A verdict as [#raw] gives it.
    void put(int verdict) {
        if (!buffer.hasRemaining()) {
            drain();
        }
        buffer.putInt(verdict);
        documents++;
    }

    private void drain() {
        try {
            buffer.flip();
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            buffer.clear();
        } catch (IOException e) {
            throw new DataException(file + " cannot be written: " + e.getMessage() + ". Is the disk full?", e);
        }
    }

    /// Lets the verdicts be looked at.
    void finish() {
        drain();
        try {
            mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, 4 * documents, Arena.ofAuto());
            channel.close(); // the mapping stays, and the file is gone with it
        } catch (IOException e) {
            throw new DataException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    long documents() {
        return documents;
    }

    /// A document's verdict as it is stored.
    int raw(long document) {
        return mapped.get(INT, 4 * document);
    }

    boolean isKept(long document) {
        return mapped.get(INT, 4 * document) >= 0;
    }

    /// Of a document that stays; 0 of one that does not.
    int characters(long document) {
        return Math.max(0, mapped.get(INT, 4 * document)) >> 1;
    }

    /// Whether a document that stays goes on where the one before it ended.
    boolean isContinued(long document) {
        int verdict = mapped.get(INT, 4 * document);
        return verdict >= 0 && (verdict & 1) == 1;
    }

    /// Leaves out one that was to stay.
    void revoke(long document, int step) {
        mapped.set(INT, 4 * document, -1 - step);
    }

    @Override
    public void close() {
        try {
            channel.close();
            mapped = MemorySegment.NULL;
        } catch (IOException e) {
            throw new DataException(file + " cannot be deleted: " + e.getMessage(), e);
        }
    }
}

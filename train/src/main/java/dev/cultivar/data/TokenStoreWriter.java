package dev.cultivar.data;

import dev.cultivar.batch.DataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// Writes a [TokenStore] row by row in constant memory; the file appears under its name when it is complete, or never.
final class TokenStoreWriter implements AutoCloseable {
    private static final int BUFFER = 1 << 16;

    private final Path file;
    private final Path pieces;
    private final Path index;
    private final FileChannel pieceChannel;
    private final FileChannel indexChannel;
    private final ByteBuffer pieceBuffer = ByteBuffer.allocateDirect(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
    private final ByteBuffer indexBuffer = ByteBuffer.allocateDirect(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
    private final ByteBuffer header = ByteBuffer.allocate(TokenStore.HEADER).order(ByteOrder.LITTLE_ENDIAN);
    private long rows;
    private long written;

    /// Both temporary files lie beside the final one, so that a rename is atomic.
    TokenStoreWriter(Path file, String fingerprint, int maxLength) {
        if (fingerprint.length() != 64) {
            throw new IllegalArgumentException("a fingerprint has 64 characters, got " + fingerprint);
        }
        this.file = file;
        try {
            Path folder = file.toAbsolutePath().getParent();
            Files.createDirectories(folder);
            pieces = Files.createTempFile(folder, "tokens-", ".part");
            index = Files.createTempFile(folder, "tokens-", ".index");
            pieceChannel = FileChannel.open(pieces, StandardOpenOption.WRITE);
            indexChannel = FileChannel.open(index, StandardOpenOption.READ, StandardOpenOption.WRITE);
            header.putLong(TokenStore.MAGIC).putInt(TokenStore.VERSION).putInt(maxLength).putLong(0).putLong(0)
                    .put(fingerprint.getBytes(StandardCharsets.US_ASCII));
            drain(header.duplicate().order(ByteOrder.LITTLE_ENDIAN).position(0).limit(TokenStore.HEADER), pieceChannel);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    void add(TokenRow row) {
        try {
            if (indexBuffer.remaining() < TokenStore.INDEX) {
                drain(indexBuffer.flip(), indexChannel);
                indexBuffer.clear();
            }
            indexBuffer.putLong(written).putInt(row.first().length).putInt(row.second().length)
                    .putInt(row.target().length).putInt(row.cut()).putLong(row.origin());
            for (int i = 0; i < row.starts().length; i++) {
                int id = i < row.first().length ? row.first()[i] : row.second()[i - row.first().length];
                put(row.starts()[i] ? id | TokenStore.STARTS_WORD : id);
            }
            for (int number : row.target()) {
                put(number);
            }
            rows++;
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private void put(int number) throws IOException {
        if (pieceBuffer.remaining() < 4) {
            drain(pieceBuffer.flip(), pieceChannel);
            pieceBuffer.clear();
        }
        pieceBuffer.putInt(number);
        written++;
    }

    /// Puts the index behind the pieces, flushes to disk, and gives the file its name.
    void finish() {
        try {
            drain(pieceBuffer.flip(), pieceChannel);
            drain(indexBuffer.flip(), indexChannel);
            long size = indexChannel.size();
            indexChannel.position(0);
            for (long at = 0; at < size; ) {
                at += indexChannel.transferTo(at, size - at, pieceChannel);
            }
            header.putLong(16, rows).putLong(24, written);
            ByteBuffer whole = header.duplicate().position(0).limit(TokenStore.HEADER);
            while (whole.hasRemaining()) {
                pieceChannel.write(whole, whole.position());
            }
            pieceChannel.force(true);
            pieceChannel.close();
            Files.move(pieces, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private static void drain(ByteBuffer buffer, FileChannel channel) throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    private DataException failed(IOException e) {
        return new DataException(file + " cannot be written: " + e.getMessage() + ". Is the disk full, or the folder read-only?", e);
    }

    /// Leaves no temporary file behind.
    @Override
    public void close() {
        try (pieceChannel; indexChannel) {
            Files.deleteIfExists(pieces);
            Files.deleteIfExists(index);
        } catch (IOException e) {
            throw failed(e);
        }
    }
}

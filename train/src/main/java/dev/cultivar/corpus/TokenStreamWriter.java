package dev.cultivar.corpus;

import dev.cultivar.batch.DataException;
import dev.cultivar.format.DurableFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// Writes a [TokenStream] in constant memory, so that a process that is killed on the way goes on where it was.
///
/// While it is written the stream is three files beside the final one: the ids, the starts of documents, and a small journal
/// that says how much of both is safely on the disk and which place of the source that was. A writer for the same fingerprint
/// cuts both files back to what the journal says and goes on from there; another fingerprint starts anew.
public final class TokenStreamWriter implements AutoCloseable {
    private static final int BUFFER = 1 << 18;
    static final long DURABLE_EVERY_BYTES = 32L << 20;
    private static final long JOURNAL_MAGIC = 0x4C414E52554F4A43L; // "CJOURNAL"

    private final Path file;
    private final Path journal;
    private final Path idsPath;
    private final Path indexPath;
    private final String fingerprint;
    private final int vocabulary;
    private final OptionalInt end;
    private final int width;
    private final FileChannel ids;
    private final FileChannel index;
    private final ByteBuffer idBuffer = ByteBuffer.allocateDirect(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
    private final ByteBuffer indexBuffer = ByteBuffer.allocateDirect(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
    private final long durableEvery;
    private final long resumedAt;
    private long tokens;
    private long documents;
    private long bytes;
    private boolean pending; // what comes next begins a document
    private boolean open; // the last document has tokens, and no end yet
    private long sinceDurable;

    /// @param file        appears when [#finish] was called, or never
    /// @param fingerprint SHA-256 of everything that the tokens depend on, 64 characters
    /// @param vocabulary  every id is below it; up to 65,536 an id takes two bytes, else four
    /// @param end         follows each document where it is given
    public TokenStreamWriter(Path file, String fingerprint, int vocabulary, OptionalInt end) {
        this(file, fingerprint, vocabulary, end, DURABLE_EVERY_BYTES);
    }

    /// @param durableEvery so many bytes of tokens are made safe at once
    TokenStreamWriter(Path file, String fingerprint, int vocabulary, OptionalInt end, long durableEvery) {
        this.durableEvery = durableEvery;
        if (fingerprint.length() != 64) {
            throw new IllegalArgumentException("a fingerprint has 64 characters, got " + fingerprint);
        }
        this.file = file.toAbsolutePath();
        this.fingerprint = fingerprint;
        this.vocabulary = vocabulary;
        this.end = end;
        this.width = TokenFile.width(vocabulary);
        this.journal = sibling(".journal");
        this.idsPath = sibling(".ids");
        this.indexPath = sibling(".starts");
        try {
            Files.createDirectories(java.util.Objects.requireNonNull(this.file.getParent()));
            ids = FileChannel.open(idsPath, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            alone();
            index = FileChannel.open(indexPath, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            resumedAt = resume();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private Path sibling(String ending) {
        return file.resolveSibling("." + file.getFileName() + ending);
    }

    /// Two processes that write one file would mix their tokens; the lock goes with the channel.
    private void alone() throws IOException {
        try {
            FileLock lock = ids.tryLock();
            if (lock == null) {
                ids.close();
                throw new DataException(file + " is being written by another process; wait for it, or give this run a folder of its own");
            }
        } catch (OverlappingFileLockException e) {
            ids.close();
            throw new DataException(file + " is being written by this process already", e);
        }
    }

    private long resume() throws IOException {
        ByteBuffer entry = readJournal();
        if (entry == null) {
            Files.deleteIfExists(journal);
            ids.truncate(0);
            index.truncate(0);
            ids.write(ByteBuffer.allocate(TokenFile.HEADER), 0);
        } else {
            tokens = entry.getLong(72);
            documents = entry.getLong(80);
            pending = (entry.getLong(96) & 1) != 0;
            open = (entry.getLong(96) & 2) != 0;
            bytes = entry.getLong(104);
            ids.truncate(TokenFile.HEADER + width * tokens);
            index.truncate(8 * documents);
        }
        ids.position(TokenFile.HEADER + width * tokens);
        index.position(8 * documents);
        return entry == null ? 0 : entry.getLong(88);
    }

    private @Nullable ByteBuffer readJournal() throws IOException {
        if (!Files.exists(journal) || Files.size(journal) != 112) {
            return null;
        }
        ByteBuffer entry = ByteBuffer.wrap(Files.readAllBytes(journal)).order(ByteOrder.LITTLE_ENDIAN);
        boolean sound = entry.getLong(0) == JOURNAL_MAGIC
                && new String(entry.array(), 8, 64, StandardCharsets.US_ASCII).equals(fingerprint)
                && entry.getLong(72) >= 0 && entry.getLong(80) >= 0
                && ids.size() >= TokenFile.HEADER + width * entry.getLong(72) && index.size() >= 8 * entry.getLong(80);
        return sound ? entry : null;
    }

    /// The place of the last [#mark] that a writer before this one made durable; 0 where there was none.
    public long resumedAt() {
        return resumedAt;
    }

    /// How many tokens there are so far.
    public long tokens() {
        return tokens;
    }

    /// How many documents there are so far.
    public long documents() {
        return documents;
    }

    /// What is added next belongs to a new document; one without tokens is none.
    public void startDocument() {
        endDocument();
        pending = true;
    }

    /// Counts bytes of text, in UTF-8, that the tokens stand for.
    public void text(long more) {
        bytes += more;
    }

    private void endDocument() {
        if (open && end.isPresent()) {
            put(new int[] {end.getAsInt()});
        }
        open = false;
    }

    public void add(int[] more) {
        if (more.length == 0) {
            return;
        }
        if (pending || documents == 0) {
            start();
        }
        put(more);
        open = true;
    }

    private void put(int[] more) {
        try {
            for (int id : more) {
                if (id < 0 || id >= vocabulary) {
                    throw new IllegalArgumentException("an id must be in [0, " + vocabulary + "), got " + id);
                }
                if (idBuffer.remaining() < width) {
                    drain(idBuffer, ids);
                }
                if (width == TokenFile.NARROW) {
                    idBuffer.putShort((short) id);
                } else {
                    idBuffer.putInt(id);
                }
            }
            tokens += more.length;
            sinceDurable += (long) width * more.length;
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private void start() {
        if (documents == Integer.MAX_VALUE) {
            throw new DataException(file + " would have more than 2,147,483,647 documents; take document: file or paragraph");
        }
        try {
            if (!indexBuffer.hasRemaining()) {
                drain(indexBuffer, index);
            }
            indexBuffer.putLong(tokens);
        } catch (IOException e) {
            throw failed(e);
        }
        documents++;
        pending = false;
    }

    /// Everything so far came from before `place` of the source; every so often it is made durable.
    public void mark(long place) {
        if (sinceDurable >= durableEvery) {
            durable(place);
        }
    }

    /// Puts everything so far safely on the disk.
    void durable(long place) {
        try {
            drain(idBuffer, ids);
            drain(indexBuffer, index);
            ids.force(false);
            index.force(false);
            ByteBuffer entry = ByteBuffer.allocate(112).order(ByteOrder.LITTLE_ENDIAN);
            entry.putLong(JOURNAL_MAGIC).put(fingerprint.getBytes(StandardCharsets.US_ASCII))
                    .putLong(tokens).putLong(documents).putLong(place).putLong((pending ? 1 : 0) + (open ? 2 : 0)).putLong(bytes).flip();
            DurableFiles.write(journal, channel -> {
                while (entry.hasRemaining()) {
                    channel.write(entry);
                }
            });
            sinceDurable = 0;
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /// Puts the index behind the ids, flushes to disk, and gives the file its name.
    public void finish() {
        endDocument();
        try {
            drain(idBuffer, ids);
            drain(indexBuffer, index);
            ids.position(TokenFile.HEADER + width * tokens);
            ids.write(ByteBuffer.allocate((int) (TokenFile.indexAt(tokens, width) - ids.position())));
            for (long at = 0; at < 8 * documents; ) {
                at += index.transferTo(at, 8 * documents - at, ids);
            }
            ByteBuffer header = ByteBuffer.allocate(TokenFile.HEADER).order(ByteOrder.LITTLE_ENDIAN);
            header.putLong(TokenFile.MAGIC).putInt(TokenFile.VERSION).putInt(width).putLong(tokens).putLong(documents)
                    .put(fingerprint.getBytes(StandardCharsets.US_ASCII)).putLong(bytes).rewind();
            ids.write(header, 0);
            ids.force(true);
            ids.close();
            index.close();
            DurableFiles.rename(idsPath, file);
            Files.deleteIfExists(indexPath);
            Files.deleteIfExists(journal);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private static void drain(ByteBuffer buffer, FileChannel channel) throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }

    private DataException failed(IOException e) {
        return new DataException(String.format(java.util.Locale.ROOT,
                "%s cannot be written any further: %s. Is the disk full, or the folder read-only? Make room (%,d tokens took %,d MB so far)"
                        + " and run the same command again: it goes on from the last block that is safe",
                file, e.getMessage(), tokens, (width * tokens) >> 20), e);
    }

    /// Leaves what was not finished on the disk, for the writer that goes on.
    @Override
    public void close() {
        try (ids; index) {
            idBuffer.clear();
        } catch (IOException e) {
            throw failed(e);
        }
    }
}

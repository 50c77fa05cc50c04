package dev.cultivar.data;

import dev.cultivar.batch.DataException;
import dev.cultivar.text.TokenGrid;
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
import java.util.Arrays;

/// Encoded rows in a memory-mapped file: written once, then read by any number of threads without a copy in the heap.
///
/// The file, little endian: a header of 128 bytes (magic `CVTOKENS`, int version, int longest row, long rows, long pieces,
/// 64 characters of fingerprint), then each row's pieces as ints whose sign bit says that it starts a word, and behind them its
/// target, then an index of 32 bytes a row (long first int, int pieces of the first segment, int of the second, int numbers of
/// the target, int cut, long origin).
public final class TokenStore implements AutoCloseable {
    static final long MAGIC = 0x534E454B4F545643L; // "CVTOKENS"
    static final int VERSION = 2;
    static final int HEADER = 128;
    static final int INDEX = 32;
    static final int STARTS_WORD = 0x80000000;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Arena arena;
    private final MemorySegment file;
    private final int rows;
    private final long index;
    private final int maxLength;
    private final String fingerprint;

    private TokenStore(Arena arena, MemorySegment file) {
        this.arena = arena;
        this.file = file;
        this.maxLength = file.get(INT, 12);
        this.rows = Math.toIntExact(file.get(LONG, 16));
        this.index = HEADER + 4 * file.get(LONG, 24);
        this.fingerprint = new String(file.asSlice(32, 64).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.US_ASCII);
    }

    /// Opens a store that was written for a fingerprint; anything else there is an error.
    public static TokenStore open(Path path, String fingerprint) {
        Arena arena = Arena.ofShared();
        boolean done = false;
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            MemorySegment file = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            String wrong = wrong(file, fingerprint);
            if (!wrong.isEmpty()) {
                throw new DataException(path + " " + wrong + "; delete it, and it is written anew");
            }
            TokenStore store = new TokenStore(arena, file);
            done = true;
            return store;
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
            return "is no token store";
        }
        if (file.get(INT, 8) != VERSION) {
            return "has version " + file.get(INT, 8) + ", expected " + VERSION;
        }
        long rows = file.get(LONG, 16);
        long pieces = file.get(LONG, 24);
        if (rows < 0 || pieces < 0 || rows > size / INDEX || pieces > size / 4 || size != HEADER + 4 * pieces + INDEX * rows) {
            return "has " + size + " bytes, which is not what " + rows + " rows of " + pieces + " pieces take";
        }
        String found = new String(file.asSlice(32, 64).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.US_ASCII);
        if (!found.equals(fingerprint)) {
            return "holds other data: its fingerprint is " + found + ", expected " + fingerprint;
        }
        return wrongIndex(file, rows, pieces);
    }

    /// Rows lie one after another, so that a damaged index is found before it allocates or reads anything.
    private static String wrongIndex(MemorySegment file, long rows, long pieces) {
        long next = 0;
        for (long row = 0; row < rows; row++) {
            long at = HEADER + 4 * pieces + INDEX * row;
            int first = file.get(INT, at + 8);
            int second = file.get(INT, at + 12);
            int target = file.get(INT, at + 16);
            if (file.get(LONG, at) != next || first < 0 || second < 0 || target < 0) {
                return "has a damaged index at row " + row;
            }
            next += (long) first + second + target;
        }
        return next == pieces ? "" : "has an index of " + next + " pieces, expected " + pieces;
    }

    public int rows() {
        return rows;
    }

    /// The longest row that was allowed, special tokens included.
    public int maxLength() {
        return maxLength;
    }

    /// SHA-256 of everything that the rows depend on.
    public String fingerprint() {
        return fingerprint;
    }

    /// All pieces of all rows, without special ones.
    public long pieces() {
        long pieces = 0;
        for (int row = 0; row < rows; row++) {
            pieces += firstLength(row) + secondLength(row);
        }
        return pieces;
    }

    /// A row's tokens in a batch, special ones included.
    public int length(int row) {
        return TokenGrid.length(firstLength(row), secondLength(row));
    }

    public int[] lengths() {
        int[] lengths = new int[rows];
        Arrays.setAll(lengths, this::length);
        return lengths;
    }

    public int firstLength(int row) {
        return file.get(INT, at(row) + 8);
    }

    public int secondLength(int row) {
        return file.get(INT, at(row) + 12);
    }

    /// What the row's label became, see [Targets].
    public int[] target(int row) {
        int[] target = new int[file.get(INT, at(row) + 16)];
        long from = HEADER + 4 * (file.get(LONG, at(row)) + firstLength(row) + secondLength(row));
        for (int i = 0; i < target.length; i++) {
            target[i] = file.get(INT, from + 4L * i);
        }
        return target;
    }

    /// How many pieces of the row were cut off.
    public int cut(int row) {
        return file.get(INT, at(row) + 20);
    }

    /// The row of the source, as in [Example#row].
    public long origin(int row) {
        return file.get(LONG, at(row) + 24);
    }

    public TokenRow row(int row) {
        int[] first = new int[firstLength(row)];
        int[] second = new int[secondLength(row)];
        boolean[] starts = new boolean[first.length + second.length];
        long from = HEADER + 4 * file.get(LONG, at(row));
        for (int i = 0; i < starts.length; i++) {
            int packed = file.get(INT, from + 4L * i);
            starts[i] = packed < 0;
            if (i < first.length) {
                first[i] = packed & ~STARTS_WORD;
            } else {
                second[i - first.length] = packed & ~STARTS_WORD;
            }
        }
        return new TokenRow(first, second, starts, target(row), cut(row), origin(row));
    }

    private long at(int row) {
        if (row < 0 || row >= rows) {
            throw new IndexOutOfBoundsException("row must be in [0, " + rows + "), got " + row);
        }
        return index + (long) INDEX * row;
    }

    /// Unmaps the file; no thread may be reading.
    @Override
    public void close() {
        arena.close();
    }
}

package dev.cultivar.pictures;

import dev.cultivar.batch.DataException;
import dev.cultivar.batch.Draw;
import dev.cultivar.data.Fingerprint;
import dev.cultivar.format.DurableFiles;
import dev.cultivar.image.Fit;
import dev.cultivar.image.Picture;
import dev.cultivar.recipe.PicturesRecipe.Shape;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;

/// All pictures of a source in one form, as bytes in a mapped file: decoding happens once, before training, and finds what cannot be read.
///
/// The file is named by a fingerprint of where the pictures come from (names, sizes, times, or what is drawn) and of the form, so a second
/// run finds it. Behind a header it holds a key of each picture's values, and then the values.
public final class PictureStore implements StoredPictures, AutoCloseable {
    private static final long MAGIC = 0x31534552_55544349L; // says ICTURES1
    private static final int HEADER = 64;
    private static final int SOME = 256; // pictures that are decoded together
    private static final int MOST_TOLD = 20;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    private final Arena arena;
    private final MemorySegment file;
    private final PictureRows rows;
    private final Shape shape;
    private final String fingerprint;

    private PictureStore(Arena arena, MemorySegment file, PictureRows rows, Shape shape, String fingerprint) {
        this.arena = arena;
        this.file = file;
        this.rows = rows;
        this.shape = shape;
        this.fingerprint = fingerprint;
    }

    /// Opens the pictures of a source in the form that is wanted; reads or draws them where the folder has none of them yet.
    ///
    /// @throws DataException that lists what cannot be read
    static PictureStore open(PictureRows rows, Shape shape, Path folder) {
        Fingerprint identity = new Fingerprint().add("pictures 1").add(rows.size());
        identity.add(shape.height()).add(shape.width()).add(shape.channels()).add(shape.fit().name());
        rows.identify(identity);
        Path file = folder.resolve("pictures-" + identity.hex() + ".bin");
        long bytes = HEADER + rows.size() * (8L + StoredPictures.values(shape));
        try {
            Files.createDirectories(folder);
            if (!Files.exists(file) || Files.size(file) != bytes) {
                // Whoever else writes the same at once writes the same bytes, under a name of its own.
                Path own = folder.resolve(file.getFileName() + "." + ProcessHandle.current().pid() + "-" + Thread.currentThread().threadId());
                DurableFiles.write(own, channel -> write(rows, shape, channel));
                DurableFiles.rename(own, file);
            }
            return map(file, rows, shape);
        } catch (IOException failure) {
            throw new DataException(file + ": the pictures cannot be kept there: " + failure.getMessage() + ". They take "
                    + bytes / 1_000_000 + " MB", failure);
        }
    }

    private static PictureStore map(Path file, PictureRows rows, Shape shape) throws IOException {
        Arena arena = Arena.ofShared();
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            MemorySegment mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            if (mapped.get(LONG, 0) != MAGIC) {
                throw new DataException(file + ": holds no pictures; remove it, and they are read again");
            }
            var content = new Fingerprint();
            for (int row = 0; row < rows.size(); row++) {
                content.add(mapped.get(LONG, HEADER + 8L * row)).add(rows.label(row));
            }
            return new PictureStore(arena, mapped, rows, shape, content.hex());
        } catch (IOException | RuntimeException problem) {
            arena.close();
            throw problem;
        }
    }

    private static void write(PictureRows rows, Shape shape, FileChannel channel) throws IOException {
        var header = ByteBuffer.allocate(HEADER + 8 * rows.size()).order(java.nio.ByteOrder.nativeOrder());
        header.putLong(0, MAGIC);
        fill(channel, header.duplicate());
        List<Unread> unread = new ArrayList<>();
        for (int from = 0; from < rows.size(); from += SOME) {
            int first = from;
            int count = Math.min(SOME, rows.size() - from);
            var faults = new ConcurrentLinkedQueue<Unread>();
            byte[][] decoded = new byte[count][];
            IntStream.range(0, count).parallel().forEach(i -> decoded[i] = decoded(rows, first + i, shape, faults));
            unread.addAll(faults);
            for (int i = 0; i < count && unread.isEmpty(); i++) {
                header.putLong(HEADER + 8 * (from + i), key(decoded[i]));
                fill(channel, ByteBuffer.wrap(decoded[i]));
            }
        }
        refuse(unread, rows);
        channel.position(0);
        fill(channel, header);
        channel.position(channel.size());
    }

    private static void fill(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private record Unread(int row, String why) {}

    private static byte[] decoded(PictureRows rows, int row, Shape shape, ConcurrentLinkedQueue<Unread> faults) {
        try {
            return formed(rows.picture(row), shape).pixels();
        } catch (DataException fault) {
            faults.add(new Unread(row, String.valueOf(fault.getMessage())));
            return new byte[0];
        }
    }

    /// A picture in the form that a model takes.
    public static Picture formed(Picture picture, Shape shape) {
        Fit fit = switch (shape.fit()) {
            case CROP -> Fit.CROP;
            case STRETCH -> Fit.STRETCH;
            case PAD -> Fit.PAD;
        };
        return picture.withChannels(shape.channels()).fitted(shape.height(), shape.width(), fit);
    }

    private static void refuse(List<Unread> unread, PictureRows rows) {
        if (unread.isEmpty()) {
            return;
        }
        List<String> told = new ArrayList<>();
        unread.stream().sorted(java.util.Comparator.comparingInt(Unread::row)).limit(MOST_TOLD).forEach(each -> told.add(each.why()));
        throw new DataException(rows.name() + ": " + unread.size() + " of " + rows.size() + " pictures cannot be read:\n  " + String.join("\n  ", told)
                + (unread.size() > MOST_TOLD ? "\n  and " + (unread.size() - MOST_TOLD) + " more" : "")
                + "\nMend or remove them; nothing was trained.");
    }

    /// Equal for equal pictures; two that differ share one with chance 2^-64.
    private static long key(byte[] pixels) {
        long key = pixels.length;
        int at = 0;
        var values = ByteBuffer.wrap(pixels);
        for (; at + 8 <= pixels.length; at += 8) {
            key = Draw.mix(key ^ (values.getLong(at) + 0x9E3779B97F4A7C15L));
        }
        for (; at < pixels.length; at++) {
            key = Draw.mix(key ^ (pixels[at] + 0x9E3779B97F4A7C15L));
        }
        return key;
    }

    @Override
    public String name() {
        return rows.name();
    }

    @Override
    public int size() {
        return rows.size();
    }

    @Override
    public Shape shape() {
        return shape;
    }

    @Override
    public String label(int row) {
        return rows.label(row);
    }

    @Override
    public String place(int row) {
        return rows.place(row);
    }

    /// SHA-256 of the weights of the model that drew the pictures; empty where none did.
    public Optional<String> maker() {
        return rows.maker();
    }

    @Override
    public String fingerprint() {
        return fingerprint;
    }

    @Override
    public long key(int row) {
        return file.get(LONG, HEADER + 8L * row);
    }

    @Override
    public void read(int row, byte[] into) {
        int values = StoredPictures.values(shape);
        if (into.length != values) {
            throw new IllegalArgumentException("a picture has " + values + " values, got room for " + into.length);
        }
        MemorySegment.copy(file, ValueLayout.JAVA_BYTE, HEADER + 8L * rows.size() + (long) values * row, into, 0, values);
    }

    /// Unmaps the file; no thread may be reading.
    @Override
    public void close() {
        arena.close();
    }
}

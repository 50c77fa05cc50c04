package dev.cultivar.precompute;

import dev.cultivar.batch.DataException;
import dev.cultivar.format.Said;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Values on disk, found by what they depend on: a folder of files that any number of processes share, bounded in bytes.
///
/// Each opened store appends to files of its own and reads everybody's, so that no process waits for another, none can damage what
/// another wrote, and a kill costs no more than the entry that was being written. There is no index on disk: it is read from the
/// files' entries. What cannot be read or written is said once, and the values are computed as if there were no store.
public final class FrozenStore implements AutoCloseable {
    private static final long LARGEST_SEGMENT = 64L << 20;
    private static final long SMALLEST_SEGMENT = 64L << 10;
    /// Checkpoints must find room beside the store.
    private static final long LEFT_FREE = 256L << 20;

    private final Path folder;
    private final long limit;
    private final long segmentLimit;
    private final Consumer<String> said;
    private final SequencedMap<Path, Segment> segments = new TreeMap<>();
    private final Map<Key, Segment.Place> index = new HashMap<>();
    private final Set<String> saidBefore = new HashSet<>();
    private @Nullable FileChannel out;
    private @Nullable Segment current;
    private boolean writable = true;

    private FrozenStore(Path folder, long limit, Consumer<String> said) {
        this.folder = folder;
        this.limit = limit;
        this.segmentLimit = Math.clamp(limit / 16, SMALLEST_SEGMENT, LARGEST_SEGMENT);
        this.said = said;
    }

    /// Values under a key.
    record Entry(Key key, MemorySegment values) {}

    /// Opens the store in a folder, and makes the folder where it is not there.
    ///
    /// @param limit the most bytes that its files may take
    /// @param said  gets a sentence for each thing that goes wrong, once
    /// @throws DataException where the folder is something else, or cannot be made or read
    public static FrozenStore open(Path folder, long limit, Consumer<String> said) {
        var store = new FrozenStore(folder, limit, said);
        try {
            Files.createDirectories(folder);
            for (Path file : list(folder)) {
                if (!isOurs(file)) {
                    throw new DataException(folder + ": holds " + Said.name(file.getFileName().toString())
                            + ", which is no part of a store of frozen work of this version; give precompute.folder a folder of its own");
                }
            }
            store.refresh();
            return store;
        } catch (IOException failure) {
            store.close();
            throw new DataException(folder + ": cannot be made or read: " + Said.reason(failure)
                    + ". Give precompute.folder a folder that you may write to", failure);
        } catch (RuntimeException foreign) {
            store.close();
            throw foreign;
        }
    }

    private static boolean isOurs(Path file) throws IOException {
        try {
            return file.getFileName().toString().endsWith(Segment.ENDING) && Segment.isOne(file);
        } catch (NoSuchFileException removed) {
            return true; // another process has made room
        }
    }

    private static List<Path> list(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    /// How many entries are known.
    public synchronized int entries() {
        return index.size();
    }

    /// Looks for what other processes have written, and for what they have removed.
    synchronized void refresh() {
        try {
            List<Path> files = new ArrayList<>();
            for (Path file : list(folder)) {
                if (file.getFileName().toString().endsWith(Segment.ENDING) && scan(file)) {
                    files.add(file);
                }
            }
            if (segments.size() > files.size()) {
                Set<Path> there = new HashSet<>(files);
                segments.keySet().stream().filter(file -> !there.contains(file)).toList().forEach(this::forget);
            }
        } catch (IOException failure) {
            sayOnce("unreadable", folder + " cannot be read: " + Said.reason(failure) + "; what it holds is computed anew");
        }
    }

    /// Whether the file is still there.
    private boolean scan(Path file) throws IOException {
        try {
            if (!segments.computeIfAbsent(file, Segment::new).scan(index::put)) {
                sayOnce("damaged", file + " is damaged; what is behind the damage is computed anew");
            }
            return true;
        } catch (NoSuchFileException removed) {
            return false;
        }
    }

    private void forget(Path file) {
        Segment gone = java.util.Objects.requireNonNull(segments.remove(file));
        gone.close();
        index.values().removeIf(place -> place.segment() == gone);
    }

    /// Copies the values under a key, checked; false where there are none, or damaged ones.
    synchronized boolean read(Key key, MemorySegment into) {
        Segment.Place place = index.get(key);
        if (place == null) {
            return false;
        }
        boolean sound = place.segment().read(place, into);
        if (!sound) {
            index.remove(key);
            if (Files.exists(place.segment().file())) {
                sayOnce("damaged", place.segment().file() + " is damaged; the entries that are not as they were written are computed anew");
            }
        }
        return sound;
    }

    /// What was used up to now is not needed any more: it goes first when room is made.
    synchronized void forgetUses() {
        segments.values().forEach(Segment::forget);
    }

    /// Keeps values, as far as there is room.
    synchronized void add(List<Entry> entries) {
        long span = entries.stream().mapToLong(entry -> Segment.span(entry.values().byteSize())).sum();
        if (!writable || entries.isEmpty() || !makeRoom(span)) {
            return;
        }
        try {
            FileChannel channel = segment(span);
            ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(span));
            List<Segment.Place> places = new ArrayList<>();
            Segment into = java.util.Objects.requireNonNull(current);
            long at = channel.position();
            for (Entry entry : entries) {
                long from = at + bytes.position();
                Segment.put(bytes, entry.key(), entry.values());
                int checksum = bytes.getInt((int) (from - at) + Key.BYTES + 4);
                places.add(new Segment.Place(into, from + Segment.ENTRY, (int) entry.values().byteSize(), checksum));
            }
            bytes.flip();
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            into.wrote(channel.position());
            into.touch();
            for (int i = 0; i < places.size(); i++) {
                index.put(entries.get(i).key(), places.get(i));
            }
        } catch (IOException failure) {
            writable = false;
            sayOnce("unwritable", folder + " cannot be written: " + Said.reason(failure) + " (" + Said.free(folder)
                    + "); what it holds is used, the rest is computed anew. The training is not concerned");
        }
    }

    /// The file to append to.
    private FileChannel segment(long span) throws IOException {
        if (out != null && out.position() + span > segmentLimit) {
            out.close();
            out = null;
        }
        if (out == null) {
            if (Files.getFileStore(folder).getUsableSpace() < LEFT_FREE + segmentLimit) {
                throw new IOException("less than " + Said.bytes(LEFT_FREE + segmentLimit) + " are free, which checkpoints may need");
            }
            out = create();
            ByteBuffer header = Segment.header();
            while (header.hasRemaining()) {
                out.write(header);
            }
        }
        return out;
    }

    /// Names rise with time, so that of two entries under a key the younger one is found.
    private FileChannel create() throws IOException {
        for (int attempt = 0; ; attempt++) {
            Path file = folder.resolve("%013x-%x-%x%s".formatted(
                    System.currentTimeMillis(), ProcessHandle.current().pid(), attempt, Segment.ENDING));
            try {
                FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                Segment made = new Segment(file);
                segments.put(file, made);
                current = made;
                return channel;
            } catch (FileAlreadyExistsException another) {
                // a store that was opened in the same millisecond
            }
        }
    }

    /// Removes the files that were used least recently; false where none is left but those that this store uses.
    private boolean makeRoom(long span) {
        long total = span + segments.values().stream().mapToLong(Segment::bytes).sum();
        if (total <= limit) {
            return true;
        }
        refresh(); // others may have removed something
        total = span + segments.values().stream().mapToLong(Segment::bytes).sum();
        List<Segment> idle = new ArrayList<>(segments.values().stream().filter(each -> !each.used() && each != current).toList());
        idle.sort(Comparator.comparingLong(FrozenStore::lastUsed));
        for (Segment segment : idle) {
            if (total <= limit) {
                break;
            }
            try {
                Files.deleteIfExists(segment.file());
                total -= segment.bytes();
                forget(segment.file());
            } catch (IOException failure) {
                // another process may have it mapped; then it stays
            }
        }
        if (total > limit) {
            sayOnce("full", folder + " is full at " + Said.bytes(limit) + ", all of it in use; what does not fit is computed anew in each epoch. Raise"
                    + " precompute.megabytes");
            return false;
        }
        return true;
    }

    private static long lastUsed(Segment segment) {
        try {
            return Files.getLastModifiedTime(segment.file()).toMillis();
        } catch (IOException gone) {
            return 0;
        }
    }

    private void sayOnce(String what, String text) {
        if (saidBefore.add(what)) {
            said.accept(text);
        }
    }

    @Override
    public synchronized void close() {
        try (FileChannel last = out) {
            out = null;
        } catch (IOException failure) {
            // what was written is there; nothing was promised about the rest
        }
        index.clear();
        segments.values().forEach(Segment::close);
        segments.clear();
    }
}

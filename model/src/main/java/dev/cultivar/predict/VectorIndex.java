package dev.cultivar.predict;

import dev.cultivar.format.CheckpointException;
import dev.cultivar.format.ElementType;
import dev.cultivar.format.Safetensors;
import dev.cultivar.format.SafetensorsWriter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// Vectors that are searched for the nearest ones to another, by the cosine of their angle: exactly, by all products.
///
/// Vectors are kept with length 1, so a product is a cosine. Each product is summed in one order, whichever thread computes it, so any number of threads
/// gives the same bits; any number may search at once. On disk an index is one safetensors file: `vectors` (N, W), the entries' names, and of which model
/// the vectors are, since those of another lie elsewhere.
public final class VectorIndex implements AutoCloseable {
    private static final String FORMAT = "cultivar_vectors";
    private static final String VERSION = "1";
    private static final String MODEL = "model";
    private static final String VECTORS = "vectors";
    private static final String IDS = "ids";
    private static final String ENDS = "id_ends";
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    /// Vectors whose products are computed by one thread at once; a block of 384 numbers each takes 1.5 MB.
    private static final int BLOCK = 1_024;

    private final String model;
    private final Map<String, String> facts;
    private final int width;
    private final List<String> ids;
    private final MemorySegment vectors; // (N, W)
    private final Runnable free;

    private VectorIndex(String model, Map<String, String> facts, int width, List<String> ids, MemorySegment vectors, Runnable free) {
        this.model = model;
        this.facts = Map.copyOf(facts);
        this.width = width;
        this.ids = List.copyOf(ids);
        this.vectors = vectors;
        this.free = free;
    }

    /// An entry that is near.
    ///
    /// @param place      in the order in which entries were added, from 0
    /// @param id         its name
    /// @param similarity the cosine, from -1 to 1
    public record Hit(int place, String id, float similarity) {}

    /// Takes vectors one by one; of one thread.
    public static final class Builder {
        private final String model;
        private final int width;
        private final List<String> ids = new ArrayList<>();
        private final List<float[]> vectors = new ArrayList<>();

        private Builder(String model, int width) {
            if (width < 1) {
                throw new IllegalArgumentException("a vector has at least one number, got " + width);
            }
            this.model = model;
            this.width = width;
        }

        /// @param id     the entry's name; two may be equal
        /// @param vector of any length but of as many numbers as all others; copied
        public Builder add(String id, float[] vector) {
            vectors.add(unit(vector, width));
            ids.add(id);
            return this;
        }

        /// @param facts what else is kept with the index, for whoever opens it
        public VectorIndex build(Map<String, String> facts) {
            var arena = Arena.ofShared();
            MemorySegment all = arena.allocate(Math.max(1, (long) vectors.size() * width * Float.BYTES), Float.BYTES);
            for (int i = 0; i < vectors.size(); i++) {
                MemorySegment.copy(vectors.get(i), 0, all, FLOAT, (long) i * width * Float.BYTES, width);
            }
            return new VectorIndex(model, facts, width, ids, all.asSlice(0, (long) vectors.size() * width * Float.BYTES), arena::close);
        }
    }

    /// @param model fingerprint of the model that makes the vectors, as [ModelFingerprint] gives it
    /// @param width numbers of a vector
    public static Builder of(String model, int width) {
        return new Builder(model, width);
    }

    /// A copy of length 1; of a vector of zeros, which points nowhere, zeros.
    private static float[] unit(float[] vector, int width) {
        if (vector.length != width) {
            throw new IllegalArgumentException("a vector of " + vector.length + " numbers; this index holds vectors of " + width);
        }
        double squares = 0;
        for (float each : vector) {
            squares += (double) each * each;
        }
        if (!Double.isFinite(squares)) {
            throw new IllegalArgumentException("a vector with a number that is none or infinite");
        }
        double length = Math.sqrt(squares);
        float[] unit = new float[width];
        for (int i = 0; i < width && length > 0; i++) {
            unit[i] = (float) (vector[i] / length);
        }
        return unit;
    }

    public int size() {
        return ids.size();
    }

    /// Numbers of a vector.
    public int width() {
        return width;
    }

    /// The fingerprint of the model that made the vectors.
    public String model() {
        return model;
    }

    /// What whoever built it kept with it.
    public Map<String, String> facts() {
        return facts;
    }

    /// The nearest entries, nearest first; of equally near ones the one that was added first.
    ///
    /// @param vector of any length
    /// @param count  at most so many; fewer where the index is smaller
    public List<Hit> nearest(float[] vector, int count) {
        return nearest(List.of(vector), count).getFirst();
    }

    /// The nearest entries to each of several vectors, in their order; faster than one by one, since each block is read once for all.
    public List<List<Hit>> nearest(List<float[]> vectors, int count) {
        if (count < 1) {
            throw new IllegalArgumentException("at least one entry is to be found, got " + count);
        }
        List<float[]> units = vectors.stream().map(vector -> unit(vector, width)).toList();
        List<Nearest[]> blocks = IntStream.range(0, (size() + BLOCK - 1) / BLOCK).parallel().mapToObj(block -> block(block, units, count)).toList();
        List<List<Hit>> found = new ArrayList<>();
        for (int query = 0; query < units.size(); query++) {
            var all = new Nearest(Math.min(count, size()));
            for (Nearest[] block : blocks) {
                all.add(block[query]);
            }
            found.add(all.hits(ids));
        }
        return found;
    }

    /// The nearest of one block to each query.
    private Nearest[] block(int block, List<float[]> units, int count) {
        int from = block * BLOCK;
        int rows = Math.min(BLOCK, size() - from);
        float[] values = new float[rows * width];
        MemorySegment.copy(vectors, FLOAT, (long) from * width * Float.BYTES, values, 0, values.length);
        var nearest = new Nearest[units.size()];
        for (int query = 0; query < nearest.length; query++) {
            nearest[query] = new Nearest(Math.min(count, rows));
            for (int row = 0; row < rows; row++) {
                nearest[query].add(from + row, dot(values, row * width, units.get(query)));
            }
        }
        return nearest;
    }

    /// Eight sums side by side: the processor waits for none of them, and their order is always the same.
    private static float dot(float[] values, int from, float[] vector) {
        float a = 0;
        float b = 0;
        float c = 0;
        float d = 0;
        float e = 0;
        float f = 0;
        float g = 0;
        float h = 0;
        int i = 0;
        for (; i + 8 <= vector.length; i += 8) {
            int at = from + i;
            a += values[at] * vector[i];
            b += values[at + 1] * vector[i + 1];
            c += values[at + 2] * vector[i + 2];
            d += values[at + 3] * vector[i + 3];
            e += values[at + 4] * vector[i + 4];
            f += values[at + 5] * vector[i + 5];
            g += values[at + 6] * vector[i + 6];
            h += values[at + 7] * vector[i + 7];
        }
        float rest = 0;
        for (; i < vector.length; i++) {
            rest += values[from + i] * vector[i];
        }
        return (a + e) + (b + f) + ((c + g) + (d + h)) + rest;
    }

    /// The best so far, in order.
    private static final class Nearest {
        private final int[] places;
        private final float[] similarities;
        private int size;

        private Nearest(int most) {
            places = new int[most];
            similarities = new float[most];
        }

        /// Places come in rising order, so an equally near one stays behind those that are there.
        private void add(int place, float similarity) {
            if (size == places.length && similarity <= similarities[size - 1]) {
                return;
            }
            int at = size < places.length ? size++ : size - 1;
            for (; at > 0 && similarities[at - 1] < similarity; at--) {
                similarities[at] = similarities[at - 1];
                places[at] = places[at - 1];
            }
            similarities[at] = similarity;
            places[at] = place;
        }

        private void add(Nearest later) {
            for (int i = 0; i < later.size; i++) {
                add(later.places[i], later.similarities[i]);
            }
        }

        private List<Hit> hits(List<String> ids) {
            return IntStream.range(0, size).mapToObj(i -> new Hit(places[i], ids.get(places[i]), similarities[i])).toList();
        }
    }

    /// Writes the index; the file appears whole or not at all, and one that is there is replaced.
    public void save(Path file) {
        List<byte[]> names = ids.stream().map(id -> id.getBytes(StandardCharsets.UTF_8)).toList();
        long[] ends = new long[names.size()];
        long end = 0;
        for (int i = 0; i < ends.length; i++) {
            end += names.get(i).length;
            ends[i] = end;
        }
        byte[] bytes = new byte[Math.toIntExact(end)];
        for (int i = 0; i < ends.length; i++) {
            System.arraycopy(names.get(i), 0, bytes, (int) ends[i] - names.get(i).length, names.get(i).length);
        }
        Map<String, String> metadata = new LinkedHashMap<>(facts);
        metadata.put(FORMAT, VERSION);
        metadata.put(MODEL, model);
        SafetensorsWriter.write(file, metadata, List.of(
                SafetensorsWriter.Tensor.of(VECTORS, ElementType.F32, new long[] {size(), width}, vectors),
                SafetensorsWriter.Tensor.of(ENDS, ElementType.I64, new long[] {size()}, MemorySegment.ofArray(ends)),
                SafetensorsWriter.Tensor.of(IDS, ElementType.U8, new long[] {end}, MemorySegment.ofArray(bytes))));
    }

    /// Opens an index; its vectors are mapped, so that one that is larger than the heap is searched too.
    ///
    /// @param model fingerprint of the model that is to be searched with
    /// @throws CheckpointException if the file is no index, is damaged, or is of another model
    public static VectorIndex open(Path file, String model) {
        Safetensors stored = Safetensors.open(file);
        try {
            return read(file, stored, model);
        } catch (RuntimeException problem) {
            stored.close();
            throw problem;
        }
    }

    private static VectorIndex read(Path file, Safetensors stored, String model) {
        Map<String, String> facts = new LinkedHashMap<>(stored.metadata());
        String version = String.valueOf(facts.remove(FORMAT));
        if (!version.equals(VERSION)) {
            throw new CheckpointException(file + ": is no index of vectors (" + FORMAT + " is " + version + ", expected " + VERSION
                    + "); name the file that an index was saved to");
        }
        String made = String.valueOf(facts.remove(MODEL));
        if (!made.equals(model)) {
            throw new CheckpointException(file + ": its vectors are of another model (" + shortly(made) + ", expected " + shortly(model)
                    + "), and distances between vectors of two models mean nothing; search with the model that made it, or name another file");
        }
        long[] shape = stored.entry(VECTORS).shape();
        long[] ends = stored.longs(ENDS);
        boolean sound = shape.length == 2 && shape[0] == ends.length && shape[1] > 0 && shape[1] <= Integer.MAX_VALUE / BLOCK
                && stored.entry(VECTORS).type() == ElementType.F32 && stored.entry(IDS).type() == ElementType.U8;
        byte[] bytes = stored.bytes(IDS).toArray(ValueLayout.JAVA_BYTE);
        List<String> ids = new ArrayList<>(ends.length);
        long from = 0;
        for (long end : ends) {
            if (!sound || end < from || end > bytes.length) {
                break;
            }
            ids.add(new String(bytes, (int) from, (int) (end - from), StandardCharsets.UTF_8));
            from = end;
        }
        if (!sound || ids.size() != ends.length || from != bytes.length) {
            throw new CheckpointException(file + ": its vectors " + Arrays.toString(shape) + " and its " + ends.length
                    + " names do not fit together; the file is damaged, so build the index again");
        }
        return new VectorIndex(made, facts, (int) shape[1], ids, stored.bytes(VECTORS), stored::close);
    }

    private static String shortly(String fingerprint) {
        return fingerprint.length() > 12 ? fingerprint.substring(0, 12) : fingerprint;
    }

    /// Frees the vectors; nobody may be searching any more.
    @Override
    public void close() {
        free.run();
    }
}

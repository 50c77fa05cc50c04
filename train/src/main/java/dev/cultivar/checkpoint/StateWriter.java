package dev.cultivar.checkpoint;

import dev.cultivar.format.ElementType;
import dev.cultivar.format.JsonFiles;
import dev.cultivar.format.SafetensorsWriter;
import dev.cultivar.format.SafetensorsWriter.Tensor;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.TreeMap;

/// Collects a run's state, name by name, and writes it as two files: `state.safetensors` for tensors and `progress.json`
/// for single values.
///
/// Names are ordered in the files, so that the same state gives the same bytes whatever the order of saving. Bytes of
/// tensors are not copied when they are put: they have to stay valid until [#write] returns.
public final class StateWriter {
    static final String TENSORS_FILE = "state.safetensors";
    static final String VALUES_FILE = "progress.json";
    /// The key of a double that JSON does not hold (NaN, infinity), as its 64 bits in hexadecimal digits.
    static final String BITS = "bits";

    private final String prefix;
    private final Map<String, Object> values;
    private final Map<String, Tensor> tensors;

    public StateWriter() {
        this("", new TreeMap<>(), new TreeMap<>());
    }

    private StateWriter(String prefix, Map<String, Object> values, Map<String, Tensor> tensors) {
        this.prefix = prefix;
        this.values = values;
        this.tensors = tensors;
    }

    /// A writer whose names begin with `name.`, over the same files.
    public StateWriter under(String name) {
        return new StateWriter(prefix + named(name) + ".", values, tensors);
    }

    /// Puts a whole number.
    public void whole(String name, long value) {
        put(name, value);
    }

    /// Puts a real number, which comes back to the bit.
    public void real(String name, double value) {
        put(name, Double.isFinite(value) ? value : Map.of(BITS, Long.toHexString(Double.doubleToRawLongBits(value))));
    }

    /// Puts a text.
    public void text(String name, String value) {
        put(name, value);
    }

    /// Puts a yes or no.
    public void flag(String name, boolean value) {
        put(name, value);
    }

    /// Puts a list of whole numbers, as a tensor.
    public void wholes(String name, long... values) {
        tensor(name, ElementType.I64, new long[] {values.length}, MemorySegment.ofArray(values.clone()));
    }

    /// Puts a list of real numbers, as a tensor.
    public void reals(String name, double... values) {
        tensor(name, ElementType.F64, new long[] {values.length}, MemorySegment.ofArray(values.clone()));
    }

    /// Puts a tensor by its bytes, little endian and row-major, which have to stay valid until [#write] returns.
    public void tensor(String name, ElementType type, long[] shape, MemorySegment bytes) {
        Tensor tensor = Tensor.of(fresh(name), type, shape, bytes);
        if (tensor.size() != bytes.byteSize()) {
            throw new IllegalArgumentException(
                    "'" + tensor.name() + "' needs " + tensor.size() + " bytes, got " + bytes.byteSize());
        }
        tensors.put(tensor.name(), tensor);
    }

    private void put(String name, Object value) {
        values.put(fresh(name), value);
    }

    private String fresh(String name) {
        String full = prefix + named(name);
        if (values.containsKey(full) || tensors.containsKey(full)) {
            throw new IllegalStateException("'" + full + "' is in the state already; two parts of it use one name");
        }
        return full;
    }

    private static String named(String name) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a part of the state needs a name");
        }
        return name;
    }

    /// Writes both files into a folder; a full disk is a [dev.cultivar.format.CheckpointException].
    public void write(Path folder) {
        SafetensorsWriter.write(folder.resolve(TENSORS_FILE), new ArrayList<>(tensors.values()));
        JsonFiles.write(folder.resolve(VALUES_FILE), values);
    }
}

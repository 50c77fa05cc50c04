package dev.cultivar.checkpoint;

import dev.cultivar.format.CheckpointException;
import dev.cultivar.format.ElementType;
import dev.cultivar.format.JsonFiles;
import dev.cultivar.format.Said;
import dev.cultivar.format.Safetensors;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Hands back the state that a [StateWriter] wrote, strictly: an absent name, another type or shape, and a name that
/// nobody asked for are [CheckpointException]s.
///
/// Closing the reader that was opened closes it for all that came from it by [#under].
public final class StateReader implements AutoCloseable {
    private static final String ELSEWHERE = ". The checkpoint was written by another recipe or version of the program:"
            + " go on with the recipe that lies in it.";
    private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Path folder;
    private final String prefix;
    private final Map<String, @Nullable Object> values;
    private final Safetensors tensors;
    private final Set<String> taken;

    private StateReader(
            Path folder, String prefix, Map<String, @Nullable Object> values, Safetensors tensors, Set<String> taken) {
        this.folder = folder;
        this.prefix = prefix;
        this.values = values;
        this.tensors = tensors;
        this.taken = taken;
    }

    /// Opens the state that lies in a folder.
    public static StateReader open(Path folder) {
        Map<String, @Nullable Object> values = JsonFiles.read(folder.resolve(StateWriter.VALUES_FILE));
        return new StateReader(
                folder, "", values, Safetensors.open(folder.resolve(StateWriter.TENSORS_FILE)), new HashSet<>());
    }

    /// A reader of the names that begin with `name.`, over the same files.
    public StateReader under(String name) {
        return new StateReader(folder, prefix + name + ".", values, tensors, taken);
    }

    /// The names here, without this reader's prefix.
    public SortedSet<String> names() {
        SortedSet<String> names = new TreeSet<>();
        for (Set<String> all : List.of(values.keySet(), tensors.entries().keySet())) {
            all.stream().filter(name -> name.startsWith(prefix)).map(name -> name.substring(prefix.length())).forEach(names::add);
        }
        return names;
    }

    /// Takes a whole number.
    public long whole(String name) {
        return value(name) instanceof Long value ? value : refuse(name, "a whole number");
    }

    /// Takes a real number, to the bit.
    public double real(String name) {
        return switch (value(name)) {
            case Double value -> value;
            case Map<?, ?> map when map.get(StateWriter.BITS) instanceof String bits && bits.matches("[0-9a-f]{1,16}") ->
                Double.longBitsToDouble(Long.parseUnsignedLong(bits, 16));
            case null, default -> refuse(name, "a real number");
        };
    }

    /// Takes a text.
    public String text(String name) {
        return value(name) instanceof String value ? value : refuse(name, "a text");
    }

    /// Takes a yes or no.
    public boolean flag(String name) {
        return value(name) instanceof Boolean value ? value : refuse(name, "true or false");
    }

    /// Takes a list of whole numbers.
    public long[] wholes(String name) {
        tensor(name, ElementType.I64, new long[] {length(name)});
        return tensors.longs(prefix + name);
    }

    /// Takes a list of real numbers.
    public double[] reals(String name) {
        return tensor(name, ElementType.F64, new long[] {length(name)}).toArray(DOUBLE);
    }

    private long length(String name) {
        Safetensors.Entry entry = tensors.entries().get(prefix + name);
        return entry == null || entry.shape().length != 1 ? 0 : entry.shape()[0];
    }

    /// Takes a tensor's bytes, little endian and row-major; they are mapped, read-only, and valid until [#close].
    public MemorySegment tensor(String name, ElementType type, long... shape) {
        String expected = "a tensor " + type + Arrays.toString(shape);
        Safetensors.Entry entry = tensors.entries().get(prefix + name);
        if (entry == null || entry.type() != type || !Arrays.equals(entry.shape(), shape)) {
            return refuse(name, expected);
        }
        taken.add(prefix + name);
        return tensors.bytes(prefix + name);
    }

    private @Nullable Object value(String name) {
        taken.add(prefix + name);
        return values.get(prefix + name);
    }

    private <T> T refuse(String name, String expected) {
        String full = prefix + name;
        Safetensors.Entry entry = tensors.entries().get(full);
        Object value = values.get(full);
        String got;
        if (entry != null) {
            got = "a tensor " + entry.type() + Arrays.toString(entry.shape());
        } else if (value != null) {
            got = switch (value) {
                case Long _ -> "a whole number";
                case Double _ -> "a real number";
                case String _ -> "a text";
                case Boolean _ -> "true or false";
                default -> "something else";
            };
        } else {
            got = "nothing; under '" + prefix + "' there are " + Said.names(names());
        }
        throw new CheckpointException(folder + ": the state's " + Said.name(full) + " is not as this run needs it: expected "
                + expected + ", got " + got + ELSEWHERE);
    }

    /// Says that everything under this reader's prefix should have been taken by now; what was not is one error that lists it.
    public void finish() {
        SortedSet<String> left = names();
        left.removeIf(name -> taken.contains(prefix + name));
        if (!left.isEmpty()) {
            SortedSet<String> full = new TreeSet<>();
            left.forEach(name -> full.add(prefix + name));
            throw new CheckpointException(folder + ": this run has no place for " + left.size() + " of the state's names: "
                    + String.join(", ", full) + ELSEWHERE);
        }
    }

    @Override
    public void close() {
        tensors.close();
    }
}

package dev.cultivar.nn;

import dev.cultivar.format.CheckpointException;
import dev.cultivar.format.ElementType;
import dev.cultivar.format.Safetensors;
import dev.cultivar.torch.Scope;
import dev.cultivar.torch.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/// The tensors of a checkpoint's files, found by name; keeps account of what was asked for, what fitted and what was never asked for.
public final class StoredWeights implements Weights.Stored {
    /// How many names of a kind a message lists: those of two layers of most families.
    private static final int MOST_NAMES = 40;

    private final String place;
    private final String prefix;
    private final HeadNames names;
    private final Map<String, Safetensors> files = new LinkedHashMap<>();
    private final Map<String, String> inFile = new LinkedHashMap<>();
    private final Predicate<String> hidden;
    private final Set<String> used = new LinkedHashSet<>();
    /// How many times the values of the files a configuration may ask for before nothing of it is believed, and how many in any case.
    private static final long MOST_TIMES = 8;
    private static final long ALWAYS_ALLOWED = 16_000_000;

    private final List<String> misshaped = new ArrayList<>();
    private final List<Mismatch.Misshaped> shapes = new ArrayList<>();

    /// @param place  the folder, for messages
    /// @param prefix of the backbone's names, which a bare backbone's file leaves out
    /// @param files  that hold tensors
    /// @param names  of the head over labels
    /// @param hidden names that are to be treated as absent
    /// @param leftOut names of the files that are no parameters
    /// @param head    what the names of the one head begin with that is read of several; empty where names are what they are
    StoredWeights(
            String place, String prefix, HeadNames names, List<Safetensors> files, Predicate<String> hidden, Predicate<String> leftOut, String head) {
        this.place = place;
        this.prefix = prefix;
        this.names = names;
        this.hidden = hidden;
        for (Safetensors file : files) {
            for (String name : file.entries().keySet()) {
                boolean ofHead = !head.isEmpty() && name.startsWith(head);
                boolean ofOther = !head.isEmpty() && !ofHead && name.startsWith(ModelFolder.HEADS + ".");
                if (!leftOut.test(name) && !ofOther) {
                    String called = ofHead ? name.substring(head.length()) : name;
                    this.files.put(called, file);
                    inFile.put(called, name);
                }
            }
        }
        this.bare = this.files.keySet().stream().noneMatch(name -> name.startsWith(prefix));
        this.allowed = ALWAYS_ALLOWED + MOST_TIMES * files.stream()
                .flatMap(file -> file.entries().values().stream())
                .mapToLong(Safetensors.Entry::elements)
                .sum();
    }

    private final boolean bare;
    private long allowed;
    private @Nullable AdapterTensors adapter;

    /// Lets an adapter's tensors stand over those of the base.
    StoredWeights under(@Nullable AdapterTensors tensors) {
        adapter = tensors;
        return this;
    }

    @Override
    public Optional<Tensor> find(String name, long... shape) {
        allow(name, shape);
        String stored = bare && name.startsWith(prefix) && !files.containsKey(name) ? name.substring(prefix.length()) : name;
        Safetensors file = files.get(stored);
        if (hidden.test(name)) {
            return Optional.empty();
        }
        if (adapter != null && adapter.has(name)) {
            used.add(stored);
            return adapter.find(name, shape);
        }
        if (file == null) {
            return Optional.empty();
        }
        used.add(stored);
        var entry = file.entry(inFile.getOrDefault(stored, stored));
        if (!Arrays.equals(entry.shape(), shape)) {
            shapes.add(new Mismatch.Misshaped(name, entry.shape(), shape));
            misshaped.add(name + " is " + Arrays.toString(entry.shape()) + ", expected " + Arrays.toString(shape));
            return Optional.empty();
        }
        return Optional.of(values(place, file, entry));
    }

    /// What the files lack is made anew, so a damaged configuration could ask for more than there is memory.
    private void allow(String name, long[] shape) {
        try {
            long count = 1;
            for (long size : shape) {
                count = Math.multiplyExact(count, size);
                if (size < 0) {
                    throw new CheckpointException(place + ": config.json gives " + name + " the shape " + Arrays.toString(shape)
                            + "; expected sizes from 0. Correct it, or copy or download the file again.");
                }
            }
            allowed = Math.subtractExact(allowed, count);
        } catch (ArithmeticException overflow) {
            allowed = -1;
        }
        if (allowed < 0) {
            throw new CheckpointException(place + ": config.json asks for far more than the files hold, at " + name + " of shape "
                    + Arrays.toString(shape) + ". config.json and the weights do not belong together, or one of them is damaged.");
        }
    }

    /// A tensor's values as float32, whole numbers as int64, in memory of their own.
    static Tensor values(String place, Safetensors file, Safetensors.Entry entry) {
        Tensor mapped = Tensors.view(file.bytes(entry.name()), type(place, entry.name(), entry.type()), entry.shape());
        return entry.type() == ElementType.F32 || entry.type() == ElementType.I64 ? mapped.clone() : mapped.to(ScalarType.Float);
    }

    private static ScalarType type(String place, String name, ElementType type) {
        return switch (type) {
            case F32 -> ScalarType.Float;
            case F64 -> ScalarType.Double;
            case F16 -> ScalarType.Half;
            case BF16 -> ScalarType.BFloat16;
            case I64 -> ScalarType.Long;
            case I32, I16, I8, U8, BOOL ->
                    throw new CheckpointException(place + ": tensor " + name + " is " + type + "; weights must be F32, F64, F16 or BF16");
        };
    }

    @Override
    public boolean has(String name) {
        return (files.containsKey(name) || adapter != null && adapter.has(name)) && !hidden.test(name);
    }

    /// Checks the account. One error lists every fault.
    ///
    /// @param weights   that were declared against this store
    /// @param mayBeNew  names that need not have been stored
    /// @param mayRemain names that need not have been asked for: the heads of other tasks
    /// @return names that were left out
    public List<String> finish(Weights weights, Predicate<String> mayBeNew, Predicate<String> mayRemain) {
        if (adapter != null) {
            misshaped.addAll(adapter.misshaped());
        }
        List<String> missing = weights.fresh().stream()
                .filter(name -> !mayBeNew.test(name) && misshaped.stream().noneMatch(fault -> fault.startsWith(name + " is ")))
                .toList();
        List<String> rest = new ArrayList<>(files.keySet().stream().filter(name -> !used.contains(name)).toList());
        if (adapter != null) {
            rest.addAll(adapter.rest());
        }
        List<String> unexpected = rest.stream().filter(name -> !mayRemain.test(bare && !weights.has(name) ? prefix + name : name) && !mayRemain.test(name)).toList();
        List<String> faults = new ArrayList<>();
        if (!missing.isEmpty()) {
            faults.add(missing.size() + " tensors missing (" + some(missing) + ")");
        }
        if (!unexpected.isEmpty()) {
            faults.add(unexpected.size() + " tensors unexpected (" + some(unexpected) + ")");
        }
        if (!misshaped.isEmpty()) {
            faults.add(misshaped.size() + " tensors of another shape (" + some(misshaped) + ")");
        }
        if (!faults.isEmpty()) {
            throw new CheckpointException(place + ": " + String.join("; ", faults) + "." + advice(missing, unexpected));
        }
        return rest;
    }

    /// Refuses weights that are no numbers: training would only spread them.
    ///
    /// @param weights that were declared against this store
    public void requireFinite(Weights weights) {
        List<String> faults = new ArrayList<>();
        try (var scope = Scope.open(); var without = new NoGradient()) {
            for (String name : weights.names()) {
                Tensor values = weights.master(name);
                if (values.numel() > 0 && !Double.isFinite(values.sum().item_double())) { // cheap; a sum may overflow, so it is only a hint
                    long wrong = values.numel() - torch.isfinite(values).sum().item_long();
                    if (wrong > 0) {
                        faults.add(name + " (" + wrong + " of " + values.numel() + ")");
                    }
                }
            }
        }
        if (!faults.isEmpty()) {
            throw new CheckpointException(place + ": " + faults.size() + " tensors hold values that are NaN or infinite: " + some(faults)
                    + ". The model diverged before it was saved, or the file is damaged: take an earlier checkpoint, or download it again.");
        }
    }

    private String advice(List<String> missing, List<String> unexpected) {
        if (misshaped.stream().map(fault -> fault.replaceFirst("^heads\\.[^.]+\\.", "")).anyMatch(names::owns)) {
            return " The checkpoint's classifier has other labels; add objective.head=new to replace it, for one of several tasks objective.tasks.NAME.head=new.";
        }
        return " " + new Mismatch(missing, unexpected, shapes, used.size() - shapes.size(), names).reason();
    }

    private static String some(List<String> names) {
        return String.join(", ", names.subList(0, Math.min(MOST_NAMES, names.size())))
                + (names.size() > MOST_NAMES ? ", and " + (names.size() - MOST_NAMES) + " more" : "");
    }
}

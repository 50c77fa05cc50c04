package dev.cultivar.nn;

import dev.cultivar.format.CheckpointException;
import dev.cultivar.format.ElementType;
import dev.cultivar.format.Safetensors;
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

/// The tensors of a checkpoint's files, found by name; keeps account of what was asked for, what fitted and what was never asked for.
public final class StoredWeights implements Weights.Stored {
    private final String place;
    private final String prefix;
    private final Map<String, Safetensors> files = new LinkedHashMap<>();
    private final Predicate<String> hidden;
    private final Set<String> used = new LinkedHashSet<>();
    private final List<String> misshaped = new ArrayList<>();

    /// @param place  the folder, for messages
    /// @param prefix of the backbone's names, which a bare backbone's file leaves out
    /// @param files  that hold tensors
    /// @param hidden names that are to be treated as absent
    /// @param leftOut names of the files that are no parameters
    StoredWeights(String place, String prefix, List<Safetensors> files, Predicate<String> hidden, Predicate<String> leftOut) {
        this.place = place;
        this.prefix = prefix;
        this.hidden = hidden;
        for (Safetensors file : files) {
            for (String name : file.entries().keySet()) {
                if (!leftOut.test(name)) {
                    this.files.put(name, file);
                }
            }
        }
        this.bare = this.files.keySet().stream().noneMatch(name -> name.startsWith(prefix));
    }

    private final boolean bare;

    @Override
    public Optional<Tensor> find(String name, long... shape) {
        String stored = bare && name.startsWith(prefix) && !files.containsKey(name) ? name.substring(prefix.length()) : name;
        Safetensors file = files.get(stored);
        if (file == null || hidden.test(name)) {
            return Optional.empty();
        }
        used.add(stored);
        var entry = file.entry(stored);
        if (!Arrays.equals(entry.shape(), shape)) {
            misshaped.add(name + " is " + Arrays.toString(entry.shape()) + ", expected " + Arrays.toString(shape));
            return Optional.empty();
        }
        Tensor mapped = Tensors.view(file.bytes(stored), type(stored, entry.type()), shape);
        Tensor own = entry.type() == ElementType.F32 ? mapped.clone() : mapped.to(ScalarType.Float);
        return Optional.of(own);
    }

    private ScalarType type(String name, ElementType type) {
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

    /// Whether the checkpoint has a tensor of that name.
    public boolean has(String name) {
        return files.containsKey(name) && !hidden.test(name);
    }

    /// Checks the account. One error lists every fault.
    ///
    /// @param weights   that were declared against this store
    /// @param mayBeNew  names that need not have been stored
    /// @param mayRemain names that need not have been asked for: the heads of other tasks
    /// @return names that were left out
    public List<String> finish(Weights weights, Predicate<String> mayBeNew, Predicate<String> mayRemain) {
        List<String> missing = weights.fresh().stream()
                .filter(name -> !mayBeNew.test(name) && misshaped.stream().noneMatch(fault -> fault.startsWith(name + " is ")))
                .toList();
        List<String> rest = files.keySet().stream().filter(name -> !used.contains(name)).toList();
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

    private String advice(List<String> missing, List<String> unexpected) {
        if (misshaped.stream().anyMatch(RowClassifier::owns)) {
            return " The checkpoint's classifier has other labels; add objective.head=new to replace it.";
        }
        if (missing.isEmpty() && unexpected.isEmpty()) {
            return " config.json and the weights do not belong together.";
        }
        return " The weights do not fit config.json, or another kind of model wrote them.";
    }

    private static String some(List<String> names) {
        return String.join(", ", names.subList(0, Math.min(12, names.size()))) + (names.size() > 12 ? ", ..." : "");
    }
}

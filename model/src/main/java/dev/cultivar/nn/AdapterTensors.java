package dev.cultivar.nn;

import dev.cultivar.format.Safetensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;

/// The tensors of an adapter's file under the model's own names; keeps account of what was asked for.
///
/// PEFT's names say how its modules wrap each other: `base_model.model.` before everything (without `model.` where nothing stands on layers),
/// `base_layer` and `modules_to_save` within. A bare backbone's leave out what its names start with elsewhere.
final class AdapterTensors implements Weights.Stored {
    private final String place;
    private final String prefix;
    private final Safetensors file;
    private final Map<String, String> stored = new LinkedHashMap<>();
    private final Set<String> used = new LinkedHashSet<>();
    private final List<String> misshaped = new ArrayList<>();

    /// @param place  of the file, for messages
    /// @param prefix of the backbone's names
    /// @param wrapped what PEFT puts before the names of the model that it wraps
    AdapterTensors(String place, String prefix, String wrapped, Safetensors file) {
        this.place = place;
        this.prefix = prefix;
        this.file = file;
        for (String name : file.entries().keySet()) {
            if (!name.contains(".original_module.")) { // what the base has there
                String inner = name.startsWith(wrapped) ? name.substring(wrapped.length()) : name;
                stored.put(inner.replace(".base_layer.", ".").replace(".modules_to_save.", "."), name);
            }
        }
    }

    private Optional<String> known(String name) {
        String bare = name.startsWith(prefix) ? name.substring(prefix.length()) : name;
        return stored.containsKey(name) ? Optional.of(name) : Optional.of(bare).filter(stored::containsKey);
    }

    private Optional<Safetensors.Entry> entry(String name) {
        return known(name).map(stored::get).map(file::entry);
    }

    @Override
    public boolean has(String name) {
        return known(name).isPresent();
    }

    /// How large the tensor of that name is; empty where there is none.
    Optional<long[]> shape(String name) {
        return entry(name).map(Safetensors.Entry::shape);
    }

    @Override
    public Optional<Tensor> find(String name, long... shape) {
        known(name).ifPresent(used::add);
        return entry(name).flatMap(entry -> {
            if (!Arrays.equals(entry.shape(), shape)) {
                misshaped.add(name + " is " + Arrays.toString(entry.shape()) + ", expected " + Arrays.toString(shape));
                return Optional.empty();
            }
            return Optional.of(StoredWeights.values(place, file, entry));
        });
    }

    /// Names of tensors that nobody asked for.
    List<String> rest() {
        return stored.keySet().stream().filter(name -> !used.contains(name)).toList();
    }

    List<String> misshaped() {
        return misshaped;
    }

    void close() {
        file.close();
    }
}

package dev.cultivar.verify;

import dev.cultivar.nn.Weights;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/// Stored tensors under other names than those of the file.
///
/// @param stored  as the file has them
/// @param modules what modules are called in the file, by their names here; others are called what they are called here
record Renamed(Weights.Stored stored, Map<String, String> modules) implements Weights.Stored {

    /// The file's name.
    String of(String name) {
        int dot = name.lastIndexOf('.');
        String module = name.substring(0, Math.max(0, dot));
        return modules.getOrDefault(module, module) + name.substring(Math.max(0, dot));
    }

    @Override
    public Optional<Tensor> find(String name, long... shape) {
        return stored.find(of(name), shape);
    }

    @Override
    public boolean has(String name) {
        return stored.has(of(name));
    }
}

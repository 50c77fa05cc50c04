package dev.cultivar.format;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A `model.safetensors.index.json`: which tensor of a large model lies in which of several files.
///
/// @param file    where it was read
/// @param tensors name of the tensor to name of the file beside the index
public record ShardIndex(Path file, SequencedMap<String, String> tensors) {
    /// What the file is called.
    public static final String NAME = "model.safetensors.index.json";

    /// A plain name, so that no index leads out of its folder.
    private static final Pattern SHARD = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,200}\\.safetensors");

    public ShardIndex {
        tensors = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(tensors));
    }

    /// Reads and checks an index, or says with a [CheckpointException] why it is none.
    public static ShardIndex read(Path file) {
        Map<String, @Nullable Object> index = JsonFiles.read(file);
        if (!(index.get("weight_map") instanceof Map<?, ?> map) || map.isEmpty()) {
            throw new CheckpointException(file + ": has no weight_map; expected an object that names the file of each tensor."
                    + " Copy or download the file again.");
        }
        SequencedMap<String, String> tensors = new LinkedHashMap<>();
        map.forEach((name, shard) -> {
            if (!(shard instanceof String text) || !SHARD.matcher(text).matches()) {
                throw new CheckpointException(file + ": tensor " + Said.name(String.valueOf(name)) + " lies in "
                        + Said.name(String.valueOf(shard)) + (String.valueOf(shard).endsWith(".bin")
                                ? ", a pickle. A pickle can run any code when it is read, so none is; get the model's safetensors."
                                : "; expected the name of a .safetensors file beside the index. Copy or download it again."));
            }
            tensors.put((String) name, text);
        });
        return new ShardIndex(file, tensors);
    }

    /// The files, each once, in the order in which tensors name them first.
    public SequencedSet<String> shards() {
        return new LinkedHashSet<>(tensors.values());
    }
}

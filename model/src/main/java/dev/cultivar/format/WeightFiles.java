package dev.cultivar.format;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/// The files of a model's folder that hold its weights: `model.safetensors`, or the shards that an index names, and
/// `head.safetensors` where there is one.
///
/// Shards and index must agree: every tensor lies where the index says, once, and no tensor lies where it does not. A folder
/// with nothing but a pickle is refused with the way out.
public final class WeightFiles {
    /// Weights in one file.
    public static final String WHOLE = "model.safetensors";

    private static final String HEAD = "head.safetensors";
    private static final List<String> PICKLES = List.of(".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle");
    private static final String AGAIN = ". Copy or download the folder again.";

    private WeightFiles() {}

    /// The names of a folder's files, in the order in which they are opened.
    public static List<String> names(Path folder) {
        List<String> names = new ArrayList<>();
        if (Files.exists(folder.resolve(WHOLE))) {
            names.add(WHOLE); // goes before an index, as in transformers
        } else if (Files.exists(folder.resolve(ShardIndex.NAME))) {
            names.addAll(ShardIndex.read(folder.resolve(ShardIndex.NAME)).shards());
        } else {
            throw none(folder);
        }
        if (Files.exists(folder.resolve(HEAD))) {
            names.add(HEAD);
        }
        return names;
    }

    /// Opens and checks the files, or says with a [CheckpointException] what is wrong with the folder.
    public static List<Safetensors> open(Path folder) {
        List<String> names = names(folder);
        boolean sharded = !names.getFirst().equals(WHOLE);
        if (sharded) {
            List<String> absent = names.stream().filter(name -> !Files.exists(folder.resolve(name))).toList();
            if (!absent.isEmpty()) {
                throw new CheckpointException(folder.resolve(ShardIndex.NAME) + ": names " + absent.size() + " of " + names.size()
                        + " files that are not there: " + Said.names(absent) + AGAIN);
            }
        }
        List<Safetensors> files = new ArrayList<>();
        try {
            names.forEach(name -> files.add(Safetensors.open(folder.resolve(name))));
            if (sharded) {
                agree(ShardIndex.read(folder.resolve(ShardIndex.NAME)), files);
            }
            return files;
        } catch (RuntimeException | Error failure) {
            files.forEach(Safetensors::close);
            throw failure;
        }
    }

    private static void agree(ShardIndex index, List<Safetensors> files) {
        List<String> faults = new ArrayList<>();
        for (Safetensors file : files) {
            String shard = file.file().getFileName().toString();
            if (shard.equals(HEAD)) {
                continue;
            }
            say(faults, shard + " lacks", index.tensors().entrySet().stream()
                    .filter(entry -> entry.getValue().equals(shard) && !file.entries().containsKey(entry.getKey()))
                    .map(Map.Entry::getKey)
                    .toList());
            say(faults, shard + " has, unknown to the index,",
                    file.entries().keySet().stream().filter(name -> !index.tensors().containsKey(name)).toList());
            say(faults, shard + " has, though the index says that another file does,", file.entries().keySet().stream()
                    .filter(name -> !index.tensors().getOrDefault(name, shard).equals(shard))
                    .toList());
        }
        if (!faults.isEmpty()) {
            throw new CheckpointException(index.file() + ": does not belong to the files beside it: " + String.join("; ", faults) + AGAIN);
        }
    }

    private static void say(List<String> faults, String what, List<String> names) {
        if (!names.isEmpty()) {
            faults.add(what + " " + Said.names(names));
        }
    }

    private static CheckpointException none(Path folder) {
        List<String> names = list(folder);
        for (String name : names) {
            String lower = name.toLowerCase(Locale.ROOT);
            if (lower.endsWith(".bin.index.json") || PICKLES.stream().anyMatch(lower::endsWith)) {
                return new CheckpointException(folder.resolve(name) + ": a pickle can run code when it is opened, so it is not read, and the"
                        + " folder has no " + WHOLE + ". Convert it where you trust it: in Python, load it and save_pretrained(folder,"
                        + " safe_serialization=True); or take the model's safetensors.");
            }
        }
        return new CheckpointException(folder + ": is no model, " + WHOLE + " is missing"
                + (names.isEmpty() ? " and the folder is empty" : "; the folder has " + Said.names(names))
                + ". Give a run folder with a checkpoint, a checkpoint, or a Hugging Face folder.");
    }

    private static List<String> list(Path folder) {
        try (Stream<Path> list = Files.list(folder)) {
            return list.map(path -> path.getFileName().toString()).sorted().toList();
        } catch (IOException unreadable) {
            return List.of();
        }
    }
}

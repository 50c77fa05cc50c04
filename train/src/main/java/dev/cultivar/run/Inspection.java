package dev.cultivar.run;

import dev.cultivar.checkpoint.CheckpointFolder;
import dev.cultivar.checkpoint.RunFiles;
import dev.cultivar.format.CheckpointException;
import dev.cultivar.format.JsonFiles;
import dev.cultivar.format.ModelPlace;
import dev.cultivar.format.Safetensors;
import dev.cultivar.format.WeightFiles;
import dev.cultivar.nn.ModelFolder;
import dev.cultivar.recipe.Recipe;
import dev.cultivar.recipe.RecipeReader;
import dev.cultivar.zoo.Models;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What a model is made of and whether its files are as they were written, found without computing anything.
///
/// @param folder      of the model
/// @param config      what `config.json` says
/// @param labels      a classifier's labels; may be none
/// @param tensors     in the order of the files
/// @param recipe      that it was trained by; none in folders that others wrote
/// @param checkpoints of the run, the oldest first; the checkpoint itself where it is no run
public record Inspection(
        Path folder,
        Map<String, @Nullable Object> config,
        List<String> labels,
        List<Stored> tensors,
        Optional<Recipe> recipe,
        List<Kept> checkpoints) {

    /// A tensor on disk.
    ///
    /// @param file  that it lies in
    /// @param dtype as safetensors spells it
    public record Stored(String file, String name, String dtype, List<Long> shape, long elements, long bytes) {}

    /// The tensors of one layer, or of a module outside the layers.
    ///
    /// @param dtypes that occur
    /// @param shape  of the weights, where there is one
    public record Module(String name, int tensors, long elements, long bytes, List<String> dtypes, String shape) {}

    /// A checkpoint.
    ///
    /// @param problem what is wrong with its files; empty where every hash is as it was written
    public record Kept(String name, long step, long bytes, boolean best, boolean last, String problem) {}

    /// @param run a run folder (its best checkpoint, else its last), a checkpoint or a Hugging Face folder
    public static Inspection of(String run) {
        Path folder = Models.find(run);
        Path whole = ModelFolder.around(folder).orElse(folder);
        List<Kept> kept = kept(Path.of(ModelPlace.model(run)), whole);
        Map<String, @Nullable Object> config;
        List<String> labels;
        try (var model = ModelFolder.open(folder)) {
            config = Files.exists(folder.resolve("config.json")) ? JsonFiles.read(folder.resolve("config.json")) : new LinkedHashMap<>();
            labels = model.hasClassifier() ? model.labels() : List.of();
        }
        List<Stored> tensors = new ArrayList<>();
        for (String file : weightFiles(whole)) {
            try (var stored = Safetensors.open(whole.resolve(file))) {
                stored.entries().values().forEach(entry -> tensors.add(new Stored(
                        file, entry.name(), entry.type().toString(), Arrays.stream(entry.shape()).boxed().toList(),
                        entry.elements(), entry.bytes())));
            }
        }
        return new Inspection(folder, config, labels, tensors, recorded(whole), kept);
    }

    /// An adapter's folder has its own weights, not its base's.
    private static List<String> weightFiles(Path folder) {
        String adapter = "adapter_model.safetensors";
        return Files.exists(folder.resolve(adapter)) ? List.of(adapter) : WeightFiles.names(folder);
    }

    private static Optional<Recipe> recorded(Path folder) {
        Path file = folder.resolve("recipe.yaml");
        return Files.exists(file) ? Optional.of(RecipeReader.read(file, List.of())) : Optional.empty();
    }

    private static List<Kept> kept(Path run, Path folder) {
        var files = new RunFiles(run);
        if (!Files.isDirectory(files.checkpointsFolder())) {
            return Files.exists(folder.resolve("checkpoint.json")) ? List.of(kept(folder, false, false)) : List.of();
        }
        Optional<Path> best = files.best();
        Optional<Path> last = files.last();
        return files.checkpoints().values().stream()
                .map(path -> kept(path, best.filter(path::equals).isPresent(), last.filter(path::equals).isPresent()))
                .toList();
    }

    private static Kept kept(Path path, boolean best, boolean last) {
        String name = path.getFileName().toString();
        try {
            CheckpointFolder sound = CheckpointFolder.open(path);
            return new Kept(name, sound.step(), sound.bytes(), best, last, "");
        } catch (CheckpointException damaged) {
            return new Kept(name, -1, 0, best, last, String.valueOf(damaged.getMessage()));
        }
    }

    /// The tensors by layer, and by module where there are no layers.
    public List<Module> modules() {
        SequencedMap<String, List<Stored>> groups = new LinkedHashMap<>();
        tensors.forEach(tensor -> groups.computeIfAbsent(module(tensor.name()), name -> new ArrayList<>()).add(tensor));
        List<Module> modules = new ArrayList<>();
        groups.forEach((name, members) -> modules.add(new Module(
                name,
                members.size(),
                members.stream().mapToLong(Stored::elements).sum(),
                members.stream().mapToLong(Stored::bytes).sum(),
                List.copyOf(new TreeSet<>(members.stream().map(Stored::dtype).toList())),
                shape(name, members))));
        return modules;
    }

    /// `bert.encoder.layer.3` for all that lies in a layer; else the name without its last part.
    private static String module(String name) {
        String[] parts = name.split("\\.");
        for (int i = 0; i < parts.length; i++) {
            if (parts[i].matches("\\d+")) {
                return String.join(".", Arrays.copyOf(parts, i + 1));
            }
        }
        return parts.length == 1 ? name : name.substring(0, name.lastIndexOf('.'));
    }

    private static String shape(String module, List<Stored> members) {
        List<String> weights = members.stream()
                .filter(member -> member.name().equals(module + ".weight"))
                .map(member -> member.shape().toString())
                .toList();
        return weights.size() == 1 ? weights.getFirst() : members.size() == 1 ? members.getFirst().shape().toString() : "";
    }

    public long elements() {
        return tensors.stream().mapToLong(Stored::elements).sum();
    }

    /// Whether every checkpoint is as it was written.
    public boolean sound() {
        return checkpoints.stream().allMatch(kept -> kept.problem().isEmpty());
    }
}

package dev.cultivar.format;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Where a model is: a run folder stands for its best checkpoint, else its last; a checkpoint and a Hugging Face folder for themselves.
public final class ModelPlace {
    private ModelPlace() {}

    /// The folder that holds `config.json` and the weights. Of a model with several heads `MODEL#HEAD` is one of them.
    ///
    /// @param model what the user wrote
    public static Path find(String model) {
        Path place = Path.of(model);
        int mark = model.lastIndexOf('#');
        if (mark > 0 && !Files.isDirectory(place)) {
            return head(model, find(model.substring(0, mark)), model.substring(mark + 1));
        }
        if (!Files.isDirectory(place)) {
            throw new CheckpointException(model + ": no such folder; expected a run folder, a checkpoint or a Hugging Face folder."
                    + " Names of models (minilm, hf:org/name) are resolved by module zoo: Models.find(name)");
        }
        Path checkpoints = place.resolve("checkpoints");
        if (!Files.isDirectory(checkpoints)) {
            return place;
        }
        for (String name : List.of("best", "last")) {
            if (Files.isDirectory(checkpoints.resolve(name))) {
                return followed(checkpoints.resolve(name));
            }
        }
        throw new CheckpointException(model + ": the run has no complete checkpoint yet; train it, or go on with --resume");
    }

    /// What stands before the `#` of `MODEL#HEAD`: the model; all of it where no head is named.
    public static String model(String model) {
        int mark = model.lastIndexOf('#');
        return mark > 0 && !Files.isDirectory(Path.of(model)) ? model.substring(0, mark) : model;
    }

    /// The head that `MODEL#HEAD` names; empty where none is named.
    public static Optional<String> head(String model) {
        String whole = model(model);
        return whole.equals(model) ? Optional.empty() : Optional.of(model.substring(whole.length() + 1));
    }

    private static Path head(String asked, Path model, String head) {
        Path heads = model.resolve("heads");
        if (!head.isEmpty() && !head.contains("/") && !head.startsWith(".") && Files.isRegularFile(heads.resolve(head).resolve("config.json"))) {
            return heads.resolve(head);
        }
        try (Stream<Path> there = Files.isDirectory(heads) ? Files.list(heads) : Stream.empty()) {
            List<String> names = there.map(each -> String.valueOf(each.getFileName())).sorted().toList();
            throw new CheckpointException(asked + ": has no head called '" + head + "'; " + (names.isEmpty()
                    ? "it has one head without a name, so leave #" + head + " out"
                    : "its heads are " + String.join(", ", names)));
        } catch (IOException unreadable) {
            throw new CheckpointException(heads + ": cannot be looked into: " + unreadable.getMessage(), unreadable);
        }
    }

    /// What a link points at, so that all files that are opened are of one checkpoint, also when the link moves on meanwhile.
    private static Path followed(Path place) {
        try {
            return Files.isSymbolicLink(place) ? place.resolveSibling(Files.readSymbolicLink(place)) : place;
        } catch (IOException unreadable) {
            throw new CheckpointException(place + ": the link cannot be read: " + unreadable.getMessage(), unreadable);
        }
    }
}

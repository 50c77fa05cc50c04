package dev.cultivar.format;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Where a model is: a run folder stands for its best checkpoint, else its last; a checkpoint and a Hugging Face folder for themselves.
public final class ModelPlace {
    private ModelPlace() {}

    /// The folder that holds `config.json` and the weights.
    ///
    /// @param model what the user wrote
    public static Path find(String model) {
        Path place = Path.of(model);
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

    /// What a link points at, so that all files that are opened are of one checkpoint, also when the link moves on meanwhile.
    private static Path followed(Path place) {
        try {
            return Files.isSymbolicLink(place) ? place.resolveSibling(Files.readSymbolicLink(place)) : place;
        } catch (IOException unreadable) {
            throw new CheckpointException(place + ": the link cannot be read: " + unreadable.getMessage(), unreadable);
        }
    }
}

package dev.cultivar.zoo;

import dev.cultivar.format.CheckpointException;
import dev.cultivar.format.ModelPlace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Turns what a user calls a model into the folder that holds it, fetched or written out first where need be.
///
/// A model is a folder (a run's, a checkpoint, a Hugging Face folder) or a name of the zoo. A folder goes first: whoever has
/// one called `minilm` means it.
public final class Models {
    private final ModelCache cache;

    private Models(Map<String, String> environment) {
        this.cache = ModelCache.of(environment, Path.of(System.getProperty("user.home", ".")), System.getProperty("os.name", ""));
    }

    /// The folder that holds `config.json` and the weights.
    ///
    /// @param model what the user wrote
    public static Path find(String model) {
        return new Models(System.getenv()).folder(model);
    }

    /// The same with another environment, `CULTIVAR_HOME` for instance.
    public static Models with(Map<String, String> environment) {
        return new Models(environment);
    }

    /// The folder that holds `config.json` and the weights.
    ///
    /// @param model what the user wrote
    public Path folder(String model) {
        if (Files.isDirectory(Path.of(model))) {
            return ModelPlace.find(model);
        }
        return ZooModel.named(model).map(cache::get).orElseThrow(() -> unknown(model));
    }

    private static CheckpointException unknown(String model) {
        List<String> names = ZooModel.all().stream().map(ZooModel::name).toList();
        return new CheckpointException(model + ": no such folder, and no model of that name; expected a run folder, a checkpoint,"
                + " a Hugging Face folder, or a name of the zoo (" + String.join(", ", names) + ")");
    }
}

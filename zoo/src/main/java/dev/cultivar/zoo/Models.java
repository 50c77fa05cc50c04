package dev.cultivar.zoo;

import dev.cultivar.format.CheckpointException;
import dev.cultivar.format.ModelPlace;
import dev.cultivar.format.Said;
import dev.cultivar.hub.Hub;
import dev.cultivar.hub.HubName;
import dev.cultivar.hub.HubSettings;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Turns what a user calls a model into the folder that holds it, fetched or written out first where need be.
///
/// A model is a folder (a run's, a checkpoint, a Hugging Face folder), a name of the zoo, or `hf:org/name@revision`, a hub's. A
/// folder goes first: whoever has one called `minilm` means it.
public final class Models {
    private final Map<String, String> environment;
    private final Hub.Listener listener;

    private Models(Map<String, String> environment, Hub.Listener listener) {
        this.environment = environment;
        this.listener = listener;
    }

    /// The folder that holds `config.json` and the weights.
    ///
    /// @param model what the user wrote
    public static Path find(String model) {
        return with(System.getenv(), Hub.Listener.NONE).folder(model);
    }

    /// The same with another environment, or with somebody who hears how far a transfer is.
    public static Models with(Map<String, String> environment, Hub.Listener listener) {
        return new Models(environment, listener);
    }

    /// The folder that holds `config.json` and the weights; a hub's model is fetched only where the cache lacks some of it.
    ///
    /// @param model what the user wrote
    public Path folder(String model) {
        if (model.startsWith(HubName.SCHEME)) {
            Path found = hub().find(HubName.parse(beforeHead(model)));
            return model.contains("#") ? ModelPlace.find(found + model.substring(model.lastIndexOf('#'))) : found;
        }
        if (isFolder(model) || isFolder(beforeHead(model))) {
            return ModelPlace.find(model);
        }
        return ZooModel.named(model).map(cache()::get).orElseThrow(() -> unknown(model));
    }

    /// The same, but a hub is asked whether it has a newer one.
    public Path newest(String model) {
        return model.startsWith(HubName.SCHEME) ? hub().fetch(HubName.parse(model)) : folder(model);
    }

    /// Whether a model of the zoo has been written out already.
    public boolean has(ZooModel model) {
        return cache().has(model);
    }

    /// Where a model of the zoo lies or would lie.
    public Path place(ZooModel model) {
        return cache().place(model);
    }

    /// Models of a hub that lie in its cache.
    public List<Hub.Kept> ofHub() {
        return hub().kept();
    }

    private Hub hub() {
        return new Hub(HubSettings.of(environment, user()), listener);
    }

    private ModelCache cache() {
        return ModelCache.of(environment, user(), System.getProperty("os.name", ""));
    }

    private static Path user() {
        return Path.of(System.getProperty("user.home", "."));
    }

    private static boolean isFolder(String model) {
        try {
            return Files.isDirectory(Path.of(model));
        } catch (InvalidPathException noPath) {
            return false;
        }
    }

    /// What stands before the name of one of several heads.
    private static String beforeHead(String model) {
        return model.contains("#") ? model.substring(0, model.lastIndexOf('#')) : model;
    }

    private static CheckpointException unknown(String model) {
        List<String> names = ZooModel.all().stream().map(ZooModel::name).toList();
        boolean ofHub = model.matches("[\\w.-]+/[\\w.-]+(@.+)?");
        return new CheckpointException(model + ": no such folder, and no model of that name; expected a run folder, a checkpoint,"
                + " a Hugging Face folder, a name of the zoo (" + String.join(", ", names) + "), or hf:org/name[@revision] of a hub."
                + (ofHub ? " Did you mean 'hf:" + model + "'?" : Said.meant(model, names)));
    }
}

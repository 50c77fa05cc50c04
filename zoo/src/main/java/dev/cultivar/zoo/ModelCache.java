package dev.cultivar.zoo;

import dev.cultivar.format.CheckpointException;
import dev.cultivar.format.DurableFiles;
import dev.cultivar.format.ProcessLock;
import dev.cultivar.format.Said;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/// The user's folder of models that the zoo has written out: each one once, whole or not at all, under a name that its content gives.
///
/// @param folder `cultivar/models` below the platform's cache folder, or `models` below `CULTIVAR_HOME`
record ModelCache(Path folder) {

    /// @param environment of the process
    /// @param home        the user's folder
    /// @param system      the operating system's name
    static ModelCache of(Map<String, String> environment, Path home, String system) {
        String chosen = environment.getOrDefault("CULTIVAR_HOME", "");
        if (!chosen.isBlank()) {
            return new ModelCache(Path.of(chosen).resolve("models"));
        }
        return new ModelCache(cache(environment, home, system.toLowerCase(Locale.ROOT)).resolve("cultivar").resolve("models"));
    }

    private static Path cache(Map<String, String> environment, Path home, String system) {
        String xdg = environment.getOrDefault("XDG_CACHE_HOME", "");
        if (!xdg.isBlank()) {
            return Path.of(xdg);
        }
        String local = environment.getOrDefault("LOCALAPPDATA", "");
        if (system.startsWith("windows") && !local.isBlank()) {
            return Path.of(local);
        }
        return system.startsWith("mac") ? home.resolve("Library").resolve("Caches") : home.resolve(".cache");
    }

    /// Where a model lies or would lie.
    Path place(ZooModel model) {
        return folder.resolve(model.folder());
    }

    /// Whether it has been written out.
    boolean has(ZooModel model) {
        return Files.isDirectory(place(model));
    }

    /// The model's folder, written out first where that has not been done; others that want it meanwhile wait.
    Path get(ZooModel model) {
        Path place = place(model);
        if (has(model)) {
            return place;
        }
        try (var lock = ProcessLock.take(folder.resolve("." + model.folder() + ".lock"))) {
            if (!has(model)) {
                Path making = folder.resolve("." + model.folder() + ".making");
                DurableFiles.delete(making); // what a killed process left
                Files.createDirectories(making);
                try {
                    new EmbeddedModel(model).write(making);
                    DurableFiles.rename(making, place);
                } catch (Throwable failure) {
                    delete(making, failure);
                    throw failure;
                }
            }
            return place;
        } catch (IOException failure) {
            throw new CheckpointException(place + ": the model " + model.name() + " cannot be written there: " + Said.reason(failure)
                    + ". It needs " + Said.bytes(2 * model.bytes()) + " for a moment and " + Said.bytes(model.bytes())
                    + " to stay, and the disk has " + Said.free(folder) + "; CULTIVAR_HOME names another folder.", failure);
        }
    }

    private static void delete(Path making, Throwable failure) {
        try {
            DurableFiles.delete(making);
        } catch (IOException left) {
            failure.addSuppressed(left);
        }
    }
}

package dev.cultivar;

import dev.cultivar.recipe.Recipe;
import dev.cultivar.run.Extensions;
import dev.cultivar.run.TrainingRun;
import java.nio.file.Path;

/// Trains: the same job as the command line's, from Java.
public final class Cultivar {
    private final Extensions extensions;

    private Cultivar(Extensions extensions) {
        this.extensions = extensions;
    }

    /// With nothing but what is built in.
    public static Cultivar create() {
        return new Cultivar(Extensions.NONE);
    }

    /// With custom members of a recipe's families.
    public static Cultivar with(Extensions extensions) {
        return new Cultivar(extensions);
    }

    /// Trains into a new folder.
    public TrainingRun.Result train(Recipe recipe, Path folder) {
        return TrainingRun.run(recipe, request(folder));
    }

    /// Goes on in a folder, to the bits that an undisturbed run would have reached.
    public TrainingRun.Result resume(Recipe recipe, Path folder) {
        return TrainingRun.run(recipe, request(folder).resuming());
    }

    private TrainingRun.Request request(Path folder) {
        return TrainingRun.Request.to(folder).with(extensions, java.util.Map.of());
    }
}

package dev.cultivar.study;

import dev.cultivar.checkpoint.RunFiles;
import dev.cultivar.format.JsonFiles;
import dev.cultivar.recipe.Recipe;
import dev.cultivar.recipe.RecipeException;
import dev.cultivar.run.TrainingRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// The folder of a study: a run folder for each of its runs, and a small file for each thing that was measured on them.
///
/// A study that was killed and is started again finds what is done and goes on with the rest.
///
/// @param folder the study's
public record Study(Path folder) {

    /// Opens the study, or starts it; a folder whose study asks something else is refused.
    ///
    /// @param question what makes the study this one: its name and settings
    public static Study open(Path folder, SequencedMap<String, Object> question) {
        Path file = folder.resolve("study.json");
        try {
            if (Files.exists(file)) {
                Map<String, ?> stored = JsonFiles.read(file);
                // Both go through the same writer: 500 and 500L are the same number in a file.
                if (!JsonFiles.line(stored).equals(JsonFiles.line(JsonFiles.parse(JsonFiles.line(question), "question")))) {
                    throw new RecipeException(folder + ": the study in it asks " + JsonFiles.line(stored) + ", not " + JsonFiles.line(question)
                            + ". Give --out another folder, or remove this one.");
                }
            } else {
                Files.createDirectories(folder);
                try (var content = Files.list(folder)) {
                    if (content.findAny().isPresent()) {
                        throw new RecipeException(folder + ": exists and holds no study; give --out another folder");
                    }
                }
                JsonFiles.write(file, question);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return new Study(folder);
    }

    /// The folder of one of its runs.
    public Path run(String name) {
        return folder.resolve(name);
    }

    /// Trains, goes on with, or finds done, the run of that name.
    ///
    /// @param request how; its folder is the run's
    public void train(Recipe recipe, TrainingRun.Request request) {
        Path done = request.out().resolve("done.json");
        if (Files.exists(done)) {
            return;
        }
        TrainingRun.Result result = TrainingRun.run(recipe, request.resuming());
        if (result.reason().equals("interrupted")) {
            throw new Interrupted(request.out());
        }
        JsonFiles.write(done, Map.of(
                "reason", result.reason(),
                "steps", result.progress().step(),
                "tokens", result.progress().tokens(),
                "seconds", result.progress().seconds(),
                "trainable_parameters", result.trainableParameters()));
    }

    /// What came of a finished run.
    public Map<String, @Nullable Object> outcome(String name) {
        return JsonFiles.read(run(name).resolve("done.json"));
    }

    /// The log of a run.
    public Path metrics(String name) {
        return new RunFiles(run(name)).metrics();
    }

    /// Whether something has been measured and kept.
    boolean hasMeasured(String name) {
        return Files.exists(measuredFile(name));
    }

    private Path measuredFile(String name) {
        return folder.resolve("measured").resolve(name + ".json");
    }

    /// Something measured: found if it was before, else measured now and kept.
    public Map<String, @Nullable Object> measured(String name, Measuring measuring) {
        Path file = measuredFile(name);
        if (!Files.exists(file)) {
            try {
                Files.createDirectories(file.getParent());
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
            JsonFiles.write(file, measuring.measure());
        }
        return JsonFiles.read(file);
    }

    /// Measures something that JSON can say.
    @FunctionalInterface
    public interface Measuring {
        Map<String, ? extends @Nullable Object> measure();
    }

    /// The user asked to stop; the run that was under way published a checkpoint.
    public static final class Interrupted extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Interrupted(Path run) {
            super(run + " was interrupted; the same command goes on with it");
        }
    }
}

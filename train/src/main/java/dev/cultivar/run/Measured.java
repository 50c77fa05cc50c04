package dev.cultivar.run;

import dev.cultivar.batch.Batch;
import dev.cultivar.data.BatchMaker;
import dev.cultivar.data.CanonicalBatches;
import dev.cultivar.data.RowByRow;
import dev.cultivar.loop.Evaluations;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.ModelFolder;
import dev.cultivar.objective.Measurement;
import dev.cultivar.objective.Objective;
import dev.cultivar.recipe.DataRecipe;
import dev.cultivar.recipe.Recipe;
import dev.cultivar.recipe.RecipeReader;
import dev.cultivar.torch.Scope;
import dev.cultivar.torch.Torch;
import dev.cultivar.zoo.Models;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.BiFunction;
import java.util.function.Function;

/// A checkpoint of a run, opened to be measured on tasks of a recipe: the run's own, or another that names other rows.
public final class Measured implements AutoCloseable {
    private static final String RECIPE = "recipe.yaml";

    private final Path checkpoint;
    private final Recipe recipe;
    private final Path cache;
    private final Material material;
    private final Built built;

    private Measured(Path checkpoint, Recipe recipe, Path cache, Material material, Built built) {
        this.checkpoint = checkpoint;
        this.recipe = recipe;
        this.cache = cache;
        this.material = material;
        this.built = built;
    }

    /// The recipe that a run's checkpoint was made by.
    ///
    /// @param run a run folder or a checkpoint; of one of several heads what concerns its task
    public static Recipe recipe(Path run) {
        Path model = Models.find(run.toString());
        Optional<Path> around = ModelFolder.around(model);
        Recipe whole = RecipeReader.read(around.orElse(model).resolve(RECIPE), List.of());
        return around.isPresent() ? whole.ofTask(String.valueOf(model.getFileName())) : whole;
    }

    /// Whether a model's folder, or that of one of its heads, tells what it was made by.
    public static boolean hasRecipe(Path model) {
        return Files.exists(ModelFolder.around(model).orElse(model).resolve(RECIPE));
    }

    /// @param run     a run folder or a checkpoint
    /// @param recipe  names the tasks, in `evaluate.tasks`
    /// @param cache   where encoded rows are kept
    /// @param threads of each operator
    public static Measured open(Path run, Recipe recipe, Path cache, int threads, Extensions extensions) {
        return open(run, recipe, cache, threads, extensions, CanonicalBatches::new);
    }

    /// The same, each row computed by itself as a prediction is: slower, and no score is a bit away from what predictions give.
    public static Measured openRowByRow(Path run, Recipe recipe, Path cache, int threads, Extensions extensions) {
        return open(run, recipe, cache, threads, extensions, RowByRow::new);
    }

    private static Measured open(
            Path run, Recipe recipe, Path cache, int threads, Extensions extensions, Function<BatchMaker, Iterable<Batch>> measured) {
        Path checkpoint = Models.find(run.toString());
        Torch.threads(threads);
        Material material = Material.of(recipe, Optional.of(checkpoint), cache, extensions, measured);
        try {
            return new Measured(checkpoint, recipe, cache, material, Built.of(recipe, material.task(), Optional.of(checkpoint), 1, extensions));
        } catch (RuntimeException problem) {
            material.close();
            throw problem;
        }
    }

    /// Puts the weights of another run's backbone in place of this one's; heads stay as they are.
    public void replaceBackbone(Path other) {
        try (var folder = ModelFolder.open(Models.find(other.toString()));
                var scope = Scope.open()) {
            var stored = folder.stored(name -> false);
            Model model = built.model();
            if (folder.base().isPresent() || model.weights().adapters().inUse().isPresent()) {
                throw new dev.cultivar.format.CheckpointException(other + ": backbones are exchanged between whole models; merge an adapter into its base first");
            }
            for (String name : model.weights().names()) {
                int depth = model.backbone().depth(name);
                if (depth >= 0 && depth <= model.backbone().layers()) {
                    model.weights()
                            .set(name, stored.find(name, model.weights().shape(name))
                                    .orElseThrow(() -> new dev.cultivar.format.CheckpointException(
                                            other + ": its backbone has no " + name + " of the same shape")));
                }
            }
        }
    }

    /// Measures the model on each task by what `start` makes of the objective and the model.
    public <M extends Measurement> SequencedMap<String, M> each(BiFunction<Objective, Model, M> start) {
        SequencedMap<String, M> measured = new LinkedHashMap<>();
        material.source().tasks().forEach((String task, Iterable<Batch> batches) -> {
            M measurement = start.apply(built.turns().getLast().objective(), built.model());
            Evaluations.measure(measurement, batches);
            measured.put(task, measurement);
        });
        return measured;
    }

    /// Whether the model copies the pictures that it learned from, by the recipe's judge too where it names one; empty for a model that draws none.
    public Optional<CopyAudit> copies() {
        return Samples.draws(built.model()) && recipe.data() instanceof DataRecipe.Images
                ? Optional.of(CopyAudit.of(checkpoint, recipe, cache, built.judge()))
                : Optional.empty();
    }

    @Override
    public void close() {
        built.close();
        material.close();
    }
}

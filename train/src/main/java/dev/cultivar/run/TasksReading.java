package dev.cultivar.run;

import dev.cultivar.batch.Batch;
import dev.cultivar.data.Audit;
import dev.cultivar.data.BatchMaker;
import dev.cultivar.data.Feed;
import dev.cultivar.data.TaskBatches;
import dev.cultivar.data.TaskFeed;
import dev.cultivar.loop.FeedSource;
import dev.cultivar.nn.ModelFolder;
import dev.cultivar.objective.LabelFacts;
import dev.cultivar.recipe.DataRecipe;
import dev.cultivar.recipe.ObjectiveRecipe;
import dev.cultivar.recipe.Recipe;
import dev.cultivar.recipe.RecipeException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;

/// Rows of several tasks that share a backbone, on their way to micro-batches of one task each.
final class TasksReading {
    private TasksReading() {}

    /// Each task's rows as if it were alone, marked with its number, and the micro-batches of all in turn.
    static Material material(
            Recipe recipe, DataRecipe.Tasks data, Optional<Path> checkpoint, Path cache, Function<BatchMaker, Iterable<Batch>> measured) {
        if (!(recipe.turns().getLast().objective() instanceof ObjectiveRecipe.Tasks objectives)) {
            throw new IllegalStateException("data of kind tasks have an objective of the same kind");
        }
        for (String asked : recipe.evaluate().tasks()) {
            if (data.tasks().keySet().stream().noneMatch(name -> asked.startsWith(name + "."))) {
                throw new RecipeException("evaluate.tasks names " + asked + ", which is of none of the tasks " + data.tasks().keySet()
                        + "; give it as " + data.tasks().firstEntry().getKey() + ".test");
            }
        }
        SequencedMap<String, RowsReading.Ready> ready = new LinkedHashMap<>();
        List<Runnable> closing = new ArrayList<>();
        try {
            data.tasks().forEach((name, rows) -> {
                int number = ready.size();
                Optional<Path> head = checkpoint.map(folder -> ModelFolder.head(folder, name));
                RowsReading.Ready own =
                        new RowsReading(recipe.ofTask(name), rows, head, name).ready(cache, measured, maker -> new TaskBatches(maker, number));
                closing.addAll(own.closing());
                ready.put(name, own);
            });
            return together(recipe, data, objectives, ready, closing);
        } catch (RuntimeException problem) {
            closing.reversed().forEach(Runnable::run);
            throw problem;
        }
    }

    /// @param closing what is let go of at the end; feeds are added
    private static Material together(
            Recipe recipe,
            DataRecipe.Tasks data,
            ObjectiveRecipe.Tasks objectives,
            SequencedMap<String, RowsReading.Ready> ready,
            List<Runnable> closing) {
        SequencedMap<String, Feed> trained = new LinkedHashMap<>();
        SequencedMap<String, Iterable<Batch>> tasks = new LinkedHashMap<>();
        SequencedMap<String, String> fingerprints = new LinkedHashMap<>();
        SequencedMap<String, LabelFacts> facts = new LinkedHashMap<>();
        ready.forEach((name, own) -> {
            closing.add(own.feed()::close); // before its store; again where the source has closed it
            if (objectives.weight(name) > 0) {
                trained.put(name, own.feed());
            }
            own.tasks().forEach((part, batches) -> tasks.put(name + "." + part, batches));
            own.fingerprints().forEach((part, hash) -> fingerprints.put(name + "." + part, hash));
            facts.put(name, own.task().labels());
        });
        SequencedMap<String, Iterable<Batch>> asked = new LinkedHashMap<>();
        recipe.evaluate().tasks().forEach(name -> asked.put(name, Objects.requireNonNull(tasks.get(name))));
        RowsReading.Ready first = ready.firstEntry().getValue();
        boolean alike = ready.values().stream().allMatch(own -> own.train().fixedInputs().equals(first.train().fixedInputs()));
        return new Material(
                new FeedSource(new TaskFeed(trained, data.temperature(), recipe.seed()), asked),
                Optional.of(first.tokenizer()),
                first.task().with(LabelFacts.ofTasks(facts)),
                alike ? first.train().fixedInputs() : List.of(),
                fingerprints,
                closing);
    }

    /// Each task's rows, looked at.
    static Audit audit(Recipe recipe, DataRecipe.Tasks data, Path cache) {
        SequencedMap<String, Audit> each = new LinkedHashMap<>();
        data.tasks().forEach((name, rows) -> each.put(name, new RowsReading(recipe.ofTask(name), rows, Optional.empty(), name).audit(cache)));
        return Audit.ofTasks(each);
    }
}

package dev.cultivar.run;

import dev.cultivar.checkpoint.Progress;
import dev.cultivar.checkpoint.RunFolder;
import dev.cultivar.checkpoint.StateWriter;
import dev.cultivar.format.JsonFiles;
import dev.cultivar.loop.Keeper;
import dev.cultivar.loop.TrainingLoop;
import dev.cultivar.nn.LatentPictures;
import dev.cultivar.nn.ModelFolder;
import dev.cultivar.objective.LabelFacts;
import dev.cultivar.objective.Tasks;
import dev.cultivar.recipe.ObjectiveRecipe;
import dev.cultivar.recipe.Recipe;
import dev.cultivar.recipe.RecipeWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// Puts the model, the tokenizer and all state into the run's folder.
final class FolderKeeper implements Keeper {
    private final Recipe recipe;
    private final Material material;
    private final Built built;
    private final RunFolder folder;
    private Optional<TrainingLoop> loop = Optional.empty();

    FolderKeeper(Recipe recipe, Material material, Built built, RunFolder folder) {
        this.recipe = recipe;
        this.material = material;
        this.built = built;
        this.folder = folder;
    }

    /// Whose state is kept; to be said before the first checkpoint.
    void keep(TrainingLoop whose) {
        loop = Optional.of(whose);
    }

    @Override
    public void publish(Progress progress, boolean best) {
        folder.publish(progress.step(), this::fill);
        if (best) {
            folder.markBest(progress.step());
        }
        Samples.write(folder.files(), built.model(), progress.step());
        folder.retain(recipe.checkpoint().keep());
    }

    private void fill(Path into) throws IOException {
        LabelFacts facts = material.task().labels();
        built.average().serve(() -> {
            ModelFolder.write(into, built.model(), facts.names(), told(facts));
            if (recipe.turns().getLast().objective() instanceof ObjectiveRecipe.Tasks tasks) {
                tasks.tasks().keySet().forEach(task -> head(into, task, facts.ofTask(task)));
            }
        });
        if (recipe.turns().getLast().objective() instanceof ObjectiveRecipe.Embedding embedding) {
            HeadFacts.layout(recipe, embedding).write(into, built.model().backbone().width());
        }
        if (!facts.pictures().none()) {
            JsonFiles.write(into.resolve("preprocessor_config.json"), HeadFacts.processor(facts.pictures()));
        }
        material.tokenizer().ifPresent(tokenizer -> tokenizer.save(into, recipe.batching().maxLength()));
        var state = new StateWriter();
        loop.orElseThrow().save(state);
        state.write(into);
        Files.writeString(into.resolve("recipe.yaml"), RecipeWriter.write(recipe), StandardCharsets.UTF_8);
        Files.copy(folder.files().provenance(), into.resolve("provenance.json"));
    }

    /// What is told of the heads, and of a network that makes pictures.
    private Map<String, Object> told(LabelFacts facts) {
        Map<String, Object> told = HeadFacts.of(recipe, facts);
        for (Object network : built.model().networks().values()) {
            if (network instanceof LatentPictures pictures) {
                told.put(LatentPictures.KEY, pictures.settings().json());
            }
        }
        return told;
    }

    private void head(Path into, String task, LabelFacts facts) {
        Tasks heads = (Tasks) built.turns().getLast().objective();
        heads.parts().stream().filter(part -> part.name().equals(task)).forEach(part ->
                ModelFolder.writeHead(into, task, part.model(), facts.names(), HeadFacts.of(recipe.ofTask(task), facts)));
    }

    @Override
    public Optional<String> newest() {
        return folder.files().last().map(Path::toString);
    }
}

package dev.cultivar.run;

import dev.cultivar.checkpoint.RunFiles;
import dev.cultivar.format.JsonFiles;
import dev.cultivar.recipe.DeviceRecipe;
import dev.cultivar.recipe.EvaluateRecipe;
import dev.cultivar.recipe.Every;
import dev.cultivar.recipe.HorizonRecipe;
import dev.cultivar.recipe.Recipe;
import dev.cultivar.recipe.RecipeException;
import dev.cultivar.recipe.RecipeReader;
import dev.cultivar.recipe.RecipeWriter;
import dev.cultivar.recipe.StoppingRecipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;

/// Turns what a recipe leaves to the machine into values, once, at a run's first start; a resume uses the same ones.
final class Resolution {
    /// Steps of a run that is only there to be timed.
    private static final long MANY = 1_000_000;

    private final Extensions extensions;
    private final Path cache;
    private final SequencedMap<String, Object> facts = new LinkedHashMap<>();

    Resolution(Extensions extensions, Path cache) {
        this.extensions = extensions;
        this.cache = cache;
    }

    /// What was measured on the way, for provenance.
    Map<String, Object> facts() {
        return facts;
    }

    Recipe first(Recipe recipe) {
        Recipe decided = recipe.withDevice(Device.resolve(recipe.device(), recipe.batching(), recipe.data()));
        if (decided.horizon() instanceof HorizonRecipe.Minutes(double minutes)) {
            Recipe timed = decided.withHorizon(new HorizonRecipe.Steps(MANY))
                    .withEvaluate(new EvaluateRecipe(new Every.Never(), List.of()))
                    .withStopping(new StoppingRecipe.None());
            long steps = TrainingRun.stepsIn(minutes, timed, extensions, cache, facts);
            return decided.withHorizon(new HorizonRecipe.Steps(steps));
        }
        return decided;
    }

    /// The resolved recipe of a run that is gone on with; it must be what the given one resolves to, on the same kind of machine.
    Recipe again(Recipe recipe, RunFiles run) {
        Recipe stored = RecipeReader.read(run.recipe(), List.of());
        boolean exact = recipe.resume() == Recipe.Resume.EXACT;
        DeviceRecipe device = recipe.device();
        var threads = device.threads() instanceof DeviceRecipe.Threads.Auto ? stored.device().threads() : device.threads();
        var replicas = device.replicas() instanceof DeviceRecipe.Threads.Auto ? stored.device().replicas() : device.replicas();
        var precision = device.precision() == DeviceRecipe.Precision.AUTO ? stored.device().precision() : device.precision();
        var memoryFormat = device.memoryFormat() == DeviceRecipe.MemoryFormat.AUTO ? stored.device().memoryFormat() : device.memoryFormat();
        if (memoryFormat != stored.device().memoryFormat()) {
            throw new RecipeException(run.root() + ": the run has device.memory_format " + word(stored.device().memoryFormat()) + ", and its optimizer's state lies"
                    + " in that order; leave the key out, or give another --out to start anew.");
        }
        HorizonRecipe horizon = recipe.horizon() instanceof HorizonRecipe.Minutes ? stored.horizon() : recipe.horizon();
        Recipe asked = recipe.withHorizon(horizon).withDevice(new DeviceRecipe(
                device.kind(), threads, replicas, precision, memoryFormat, device.gradientCheckpointing()));
        if (exact) {
            sameRecipe(asked, stored, run);
            sameMachine(run);
        }
        return asked;
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static void sameRecipe(Recipe asked, Recipe stored, RunFiles run) {
        if (asked.equals(stored)) {
            return;
        }
        List<String> a = RecipeWriter.write(stored).lines().toList();
        List<String> b = RecipeWriter.write(asked).lines().toList();
        List<String> changes = new ArrayList<>();
        for (int i = 0; i < Math.max(a.size(), b.size()) && changes.size() < 8; i++) {
            String before = i < a.size() ? a.get(i).strip() : "";
            String now = i < b.size() ? b.get(i).strip() : "";
            if (!before.equals(now)) {
                changes.add("  it has `" + before + "`, now `" + now + "`");
            }
        }
        throw new RecipeException(run.root() + ": the run has another recipe:\n" + String.join("\n", changes)
                + "\nGive the same recipe to go on, another --out to start anew, or resume=inexact to go on all the same.");
    }

    private static void sameMachine(RunFiles run) {
        if (!Files.exists(run.provenance())) {
            return; // killed before it began
        }
        Map<String, ?> then = JsonFiles.read(run.provenance());
        Map<String, Object> now = Provenance.machine();
        for (String key : Provenance.EXACT) {
            if (!Objects.equals(then.get(key), now.get(key))) {
                throw new RecipeException(run.root() + ": the run was made with " + key + " " + then.get(key) + ", here it is " + now.get(key)
                        + "; the same bits cannot be had. Add resume=inexact to go on all the same.");
            }
        }
    }
}

package dev.cultivar.cli;

import dev.cultivar.recipe.BackboneRecipe;
import dev.cultivar.recipe.DataRecipe;
import dev.cultivar.recipe.Recipe;
import dev.cultivar.recipe.RecipeReader;
import dev.cultivar.recipe.RecipeWriter;
import dev.cultivar.run.TrainingRun;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Trains what a recipe describes.
record TrainWork(Path recipe, List<String> overrides, boolean dryRun, Optional<Path> out, boolean resume, List<Path> extensions) implements Work {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

    @Override
    public Exit run(Console console) throws IOException {
        Recipe read = RecipeReader.read(recipe, overrides);
        if (!resume && read.backbone() instanceof BackboneRecipe.Pretrained pretrained) {
            Transfer.find(pretrained.model(), console); // with its progress; what is there already costs nothing
        }
        try (var jars = ExtensionJars.open(extensions)) {
            if (dryRun) {
                return rehearse(read, jars, console);
            }
            Path folder = out.orElseGet(() -> Path.of("runs", read.name() + "-" + LocalDateTime.now().format(TIME)));
            try (var interruption = Interruption.listen(console)) {
                var request = TrainingRun.Request.to(folder)
                        .with(jars.extensions(), jars.hashes())
                        .watchedBy(new Watching(read.name(), console, resume, unit(read)))
                        .stoppedBy(interruption::requested);
                var result = TrainingRun.run(read, resume ? request.resuming() : request);
                tell(result, console);
                return result.reason().equals("interrupted") ? Exit.INTERRUPTED : Exit.DONE;
            }
        }
    }

    private static String unit(Recipe recipe) {
        return recipe.data() instanceof DataRecipe.Images ? "pictures" : "tokens";
    }

    private static void tell(TrainingRun.Result result, Console console) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("run", result.folder().toString());
        document.put("reason", result.reason());
        document.put("steps", result.progress().step());
        document.put("tokens", result.progress().tokens());
        document.put("seconds", result.progress().seconds());
        document.put("trainable_parameters", result.trainableParameters());
        Map<String, Object> tasks = new LinkedHashMap<>();
        result.best().forEach((task, metrics) -> {
            Map<String, Object> values = new LinkedHashMap<>();
            metrics.forEach(metric -> values.put(metric.name(), metric.json()));
            tasks.put(task, values);
        });
        document.put("best", tasks);
        console.document(document);
        result.best().forEach((task, metrics) -> console.line("best on " + task + ": " + Watching.figures(metrics)));
        console.line("run folder: " + result.folder() + (result.reason().equals("interrupted") ? "; go on with --resume" : ""));
    }

    private static Exit rehearse(Recipe read, ExtensionJars jars, Console console) throws IOException {
        try (var cache = TemporaryFolder.open()) {
            var rehearsal = TrainingRun.rehearse(read, jars.extensions(), cache.path());
            console.document(Map.of(
                    "recipe", RecipeWriter.write(rehearsal.recipe()),
                    "steps", rehearsal.steps(),
                    "losses", rehearsal.losses(),
                    "parameters", rehearsal.parameters(),
                    "trainable_parameters", rehearsal.trainable()));
            console.line(RecipeWriter.write(rehearsal.recipe()).stripTrailing());
            console.line("");
            console.line("%,d parameters, %,d of them trainable; %,d steps; losses of one batch, no step made: %s"
                    .formatted(rehearsal.parameters(), rehearsal.trainable(), rehearsal.steps(), rehearsal.losses()));
            return Exit.DONE;
        }
    }
}

package dev.cultivar.run;

import dev.cultivar.checkpoint.RunFiles;
import dev.cultivar.data.Audit;
import dev.cultivar.pictures.PicturePart;
import dev.cultivar.pictures.PictureParts;
import dev.cultivar.recipe.DataRecipe;
import dev.cultivar.recipe.ObjectiveRecipe;
import dev.cultivar.recipe.PicturesRecipe.Held;
import dev.cultivar.recipe.PicturesRecipe.Source;
import dev.cultivar.recipe.Recipe;
import dev.cultivar.recipe.RecipeReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Looks whether generators whose pictures are learned from have themselves learned from pictures that are held out here: these would come back
/// through them, and a score on them would say too much.
///
/// @param images of the recipe
/// @param parts  of its pictures
/// @param cache  where they are kept in form
record GeneratorAudit(DataRecipe.Images images, PictureParts parts, Path cache) {

    List<Audit.Finding> findings() {
        List<Audit.Finding> findings = new ArrayList<>();
        if (parts.validation().isEmpty() && parts.test().isEmpty()) {
            return findings;
        }
        Stream.concat(Stream.of(images.train()), images.added().stream())
                .filter(Source.Generator.class::isInstance)
                .map(source -> ((Source.Generator) source).model())
                .distinct()
                .forEach(model -> findings.addAll(of(model)));
        return findings;
    }

    private List<Audit.Finding> of(String model) {
        Optional<Recipe> recipe = recipe(Path.of(model));
        if (recipe.isPresent() && recipe.get().data() instanceof DataRecipe.Images its && its.train().equals(images.train())) {
            return seen(model, recipe.get(), its);
        }
        return List.of(new Audit.Finding(Audit.Severity.NOTE, "generator " + model + ": has not learned from data.train as it stands here, so it cannot be "
                + "told whether pictures that are held out were among its own; train it with the same data.train, data.validation, data.test and seed"));
    }

    /// The recipe of a run folder, or of the run that a checkpoint lies in.
    private static Optional<Recipe> recipe(Path model) {
        @Nullable Path above = model.toAbsolutePath().normalize();
        for (int i = 0; i < 3 && above != null; i++, above = above.getParent()) {
            Path file = new RunFiles(above).recipe();
            if (Files.isRegularFile(file)) {
                return Optional.of(RecipeReader.read(file, List.of()));
            }
        }
        return Optional.empty();
    }

    /// Both recipes number the pictures of the one source alike, whatever form they are brought into.
    private List<Audit.Finding> seen(String model, Recipe recipe, DataRecipe.Images its) {
        var own = new DataRecipe.Images(
                its.train(), share(its.validation()), share(its.test()), its.rows(), its.shape(), its.normalization(), its.augmentation(),
                List.of(), its.classes());
        boolean labels = !(recipe.turns().getLast().objective() instanceof ObjectiveRecipe.Regression);
        Set<Long> learned = new HashSet<>();
        try (var theirs = PictureParts.open(own, recipe.seed(), labels, cache, OpenedMaker::open, PictureParts.Admission.ANY)) {
            for (int row : theirs.train().rows()) {
                learned.add(parts.train().store().key(row));
            }
        }
        List<Audit.Finding> findings = new ArrayList<>();
        parts.validation().ifPresent(part -> findings.addAll(leaked("validation", part, model, learned)));
        parts.test().ifPresent(part -> findings.addAll(leaked("test", part, model, learned)));
        return findings;
    }

    /// A share that is held out moves what is learned from; pictures of their own do not.
    private static Held share(Held held) {
        return held instanceof Held.Fraction ? held : new Held.None();
    }

    private static List<Audit.Finding> leaked(String name, PicturePart part, String model, Set<Long> learned) {
        long leaked = IntStream.range(0, part.size()).filter(row -> learned.contains(part.key(row))).count();
        return leaked == 0 ? List.of() : List.of(new Audit.Finding(Audit.Severity.ERROR, name + ": " + leaked + " of " + part.size()
                + " pictures are among those that the generator " + model + " has learned from, and come back through it; train it with the data.validation, "
                + "data.test and seed of this recipe"));
    }
}

package dev.cultivar.run;

import dev.cultivar.checkpoint.RunFiles;
import dev.cultivar.evaluate.CopyScores;
import dev.cultivar.evaluate.Metric;
import dev.cultivar.format.CheckpointException;
import dev.cultivar.format.DurableFiles;
import dev.cultivar.generate.PictureGenerator;
import dev.cultivar.image.PictureWriter;
import dev.cultivar.pictures.PicturePart;
import dev.cultivar.pictures.PictureParts;
import dev.cultivar.predict.PictureJudge;
import dev.cultivar.recipe.DataRecipe;
import dev.cultivar.recipe.Recipe;
import dev.cultivar.recipe.RecipeException;
import dev.cultivar.recipe.RecipeReader;
import dev.cultivar.zoo.Models;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Whether a model that draws pictures draws those that it learned from: the distance of each of some samples to its nearest training picture, beside
/// the same of pictures that it never saw.
///
/// The samples are those of `generate` with seed 0: of a model that knows classes, each in turn. They are compared as they are written, with 8 bits a
/// channel, and a copy that was shifted or mirrored is far from its model in pixels; a judge's features find more of them.
///
/// @param checkpoint that drew them: the name of its folder
/// @param samples    how many
/// @param training   training pictures that were searched
/// @param of         training pictures that there are; some are left out where there are more than 60,000
/// @param against    what says how near something new normally lies: `validation`, `test`, or, where nothing was held out, `train`, each picture then
///                   without itself
/// @param others     how many pictures of these
/// @param spaces     what was measured in each space, pixels first
/// @param floor      the Frechet distance of held-out pictures to as many training pictures, by a judge's features: how near pictures of the data come
///                   to each other, so many of them; empty where there was no judge, or nothing was held out
public record CopyAudit(
        String checkpoint, int samples, int training, int of, String against, int others, List<Space> spaces, Optional<Metric> floor) {
    /// Root mean square difference of the pixels' values, from 0 to 1.
    static final String PIXELS = "pixels";
    /// Euclidean distance of a judge's features.
    static final String FEATURES = "features";

    public CopyAudit {
        spaces = List.copyOf(spaces);
    }

    /// What was measured in one space.
    ///
    /// @param name   `pixels` or `features`
    /// @param scores of the distances
    /// @param pairs  the samples that lie nearest to a training picture, the nearest first
    public record Space(String name, CopyScores scores, List<Pair> pairs) {
        public Space {
            pairs = List.copyOf(pairs);
        }
    }

    /// A sample and its nearest training picture.
    ///
    /// @param sample   its number, as `generate` counts
    /// @param label    the class that it was asked for; empty where there are none
    /// @param row      the picture's place among the training pictures
    /// @param where    the picture is, in words
    /// @param distance between the two
    public record Pair(int sample, String label, int row, String where, double distance) {}

    /// Audits a model that draws by the pictures that its recipe names, in pixels.
    ///
    /// @param run a run folder (its best checkpoint, else its last), or a checkpoint
    /// @throws CheckpointException if it draws no pictures
    /// @throws dev.cultivar.batch.DataException if its pictures cannot be read any more
    public static CopyAudit of(Path run) {
        return of(run, Optional.empty());
    }

    /// The same, in the features of a judge as well.
    public static CopyAudit of(Path run, Optional<PictureJudge> judge) {
        Path kept = run.resolve("data");
        if (Files.isDirectory(kept)) {
            return of(run, Measured.recipe(run), kept, judge);
        }
        try {
            Path cache = Files.createTempDirectory("cultivar");
            try {
                return of(run, Measured.recipe(run), cache, judge);
            } finally {
                DurableFiles.delete(cache);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// The same by a recipe that names the pictures.
    ///
    /// @param cache where pictures are kept in the form that the recipe wants
    public static CopyAudit of(Path run, Recipe recipe, Path cache, Optional<PictureJudge> judge) {
        if (!(recipe.data() instanceof DataRecipe.Images images)) {
            throw new RecipeException(run + ": its data are not of kind images, so there are no pictures that it may have copied");
        }
        try (var parts = ImagesReading.parts(recipe, images, true, cache)) {
            return of(run, parts.learned(), name(parts), heldOut(parts), judge);
        }
    }

    /// The same by pictures that are open.
    ///
    /// @param training that it learned from
    /// @param name     of the pictures that were held out, `validation` say
    /// @param heldOut  the pictures themselves; empty where there are none
    public static CopyAudit of(Path run, PicturePart training, String name, Optional<PicturePart> heldOut, Optional<PictureJudge> judge) {
        Path checkpoint = Models.find(run.toString());
        return search(checkpoint, training, heldOut, judge).audit(String.valueOf(checkpoint.getFileName()), name);
    }

    private static CopySearch search(Path checkpoint, PicturePart training, Optional<PicturePart> heldOut, Optional<PictureJudge> judge) {
        try (var generator = PictureGenerator.open(checkpoint)) {
            return new CopySearch(DrawnSamples.inTurn(generator, CopySearch.most(generator.shape())), training, heldOut, judge);
        }
    }

    /// Audits a run at its end, and keeps what was found in its folder: the sheets of the nearest, and then the figures.
    static CopyAudit keep(RunFiles run, Recipe recipe, DataRecipe.Images images, Path cache, Optional<PictureJudge> judge) {
        try (var parts = ImagesReading.parts(recipe, images, true, cache)) {
            Path checkpoint = Models.find(run.root().toString());
            CopySearch search = search(checkpoint, parts.learned(), heldOut(parts), judge);
            CopyAudit audit = search.audit(String.valueOf(checkpoint.getFileName()), name(parts));
            boolean pairs = RecipeReader.read(run.recipe(), List.of()).report().examples(); // the report goes by it, too
            for (Space space : audit.spaces()) {
                PictureWriter.png(sheet(run, space), search.sheet(space, pairs));
            }
            CopyFile.write(run.copies(), audit);
            return audit;
        }
    }

    /// Where the sheet of the nearest pairs lies.
    static Path sheet(RunFiles run, Space space) {
        return run.samples().resolve("nearest-" + space.name() + ".png");
    }

    private static Optional<PicturePart> heldOut(PictureParts parts) {
        return parts.validation().or(parts::test);
    }

    private static String name(PictureParts parts) {
        return parts.validation().isPresent() ? "validation" : "test";
    }

    /// The one that a run was ended with; empty where it drew no pictures, or has not ended.
    public static Optional<CopyAudit> stored(Path run) {
        return CopyFile.read(new RunFiles(run).copies());
    }

    /// What was found, in a sentence a space.
    public String words() {
        return spaces.stream().map(space -> "in " + (space.name().equals(PIXELS) ? "pixels " : "the judge's features ") + words(space)).collect(Collectors.joining("; "));
    }

    private String words(Space space) {
        CopyScores scores = space.scores();
        Metric near = scores.near();
        return String.format(
                Locale.ROOT, "%.1f %% of %d samples are as near to a training picture as a copy [%.1f, %.1f], and %.1f %% are expected where nothing is copied%s",
                100 * near.value(), samples, 100 * near.low(), 100 * near.high(), 100 * scores.expected(), scores.nearer()
                        .map(nearer -> String.format(
                                Locale.ROOT, "; %.1f %% are nearer to one than to any %s picture [%.1f, %.1f], where 50 %% are",
                                100 * nearer.value(), against, 100 * nearer.low(), 100 * nearer.high()))
                        .orElse(""));
    }

    /// What `copies.json` says of it, without each single distance.
    public Map<String, Object> json() {
        return CopyFile.json(this, false);
    }

    /// In pixels.
    public Space pixels() {
        return spaces.getFirst();
    }

    /// In a judge's features; empty where there was no judge.
    public Optional<Space> features() {
        return spaces.stream().filter(space -> space.name().equals(FEATURES)).findFirst();
    }
}

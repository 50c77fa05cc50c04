package dev.cultivar.run;

import dev.cultivar.batch.Batch;
import dev.cultivar.batch.PictureFacts;
import dev.cultivar.batch.PictureShape;
import dev.cultivar.batch.Standard;
import dev.cultivar.data.Audit;
import dev.cultivar.data.BatchMaker;
import dev.cultivar.data.EpochFeed;
import dev.cultivar.data.LabelCounts;
import dev.cultivar.data.Labels;
import dev.cultivar.data.Targets;
import dev.cultivar.format.CheckpointException;
import dev.cultivar.loop.FeedSource;
import dev.cultivar.nn.ModelFolder;
import dev.cultivar.objective.LabelFacts;
import dev.cultivar.pictures.DrawnFields;
import dev.cultivar.pictures.PictureAuditor;
import dev.cultivar.pictures.PictureBatches;
import dev.cultivar.pictures.PicturePart;
import dev.cultivar.pictures.PictureParts;
import dev.cultivar.recipe.BackboneRecipe;
import dev.cultivar.recipe.DataRecipe;
import dev.cultivar.recipe.ObjectiveRecipe;
import dev.cultivar.recipe.PictureNeeds;
import dev.cultivar.recipe.PictureObjectiveRecipe;
import dev.cultivar.recipe.PicturesRecipe;
import dev.cultivar.recipe.PicturesRecipe.Normalization;
import dev.cultivar.recipe.Recipe;
import dev.cultivar.recipe.RecipeException;
import dev.cultivar.zoo.Models;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;

/// Pictures on their way to batches: read, parted, labelled, normalised.
final class ImagesReading implements AutoCloseable {
    private static final String TRAIN = "train";

    private final Recipe recipe;
    private final DataRecipe.Images images;
    private final ObjectiveRecipe objective;
    private final PictureParts parts;
    private final Targets targets;
    private final PictureFacts facts;
    private final Optional<Standard> kept;

    /// @param checkpoint of this very run, to go on from
    /// @param cache      where pictures are kept in the form that the recipe wants
    ImagesReading(Recipe recipe, DataRecipe.Images images, Optional<Path> checkpoint, Path cache) {
        this.recipe = recipe;
        this.images = images;
        objective = recipe.turns().getLast().objective();
        parts = parts(recipe, images, !(objective instanceof ObjectiveRecipe.Regression), cache);
        try {
            targets = targets(checkpoint);
            facts = facts(checkpoint);
            kept = checkpoint.or(this::keptHead).flatMap(RowsReading::standardOf);
        } catch (RuntimeException problem) {
            parts.close();
            throw problem;
        }
    }

    /// What is made of a reading, which is closed where that fails.
    static <R> R open(Recipe recipe, DataRecipe.Images images, Optional<Path> checkpoint, Path cache, Function<ImagesReading, R> of) {
        var reading = new ImagesReading(recipe, images, checkpoint, cache);
        try {
            return of.apply(reading);
        } catch (RuntimeException problem) {
            reading.close();
            throw problem;
        }
    }

    /// All parts, looked at.
    static Audit audit(Recipe recipe, DataRecipe.Images images, Path cache) {
        try (var parts = parts(recipe, images, true, cache)) {
            return new PictureAuditor(parts).audit().with(new GeneratorAudit(images, parts, cache).findings());
        }
    }

    /// The pictures of a recipe.
    ///
    /// @param labels whether each class is dealt out evenly
    static PictureParts parts(Recipe recipe, DataRecipe.Images images, boolean labels, Path cache) {
        return PictureParts.open(images, recipe.seed(), labels, cache, OpenedMaker::open, new LabelNeeds(recipe.turns()));
    }

    /// The checkpoint whose classifier is to be kept, if there is one.
    private Optional<Path> keptHead() {
        return trained().filter(_ -> Built.keepsHead(objective));
    }

    private Optional<Path> trained() {
        return recipe.backbone() instanceof BackboneRecipe.Pretrained(String model, BackboneRecipe.Weights weights)
                        && weights == BackboneRecipe.Weights.PRETRAINED
                ? Optional.of(Models.find(model))
                : Optional.empty();
    }

    /// What a picture's label means to the objective.
    private Targets targets(Optional<Path> checkpoint) {
        if (objective instanceof ObjectiveRecipe.Regression) {
            return new Targets.Value();
        }
        var needs = new LabelNeeds(recipe.turns());
        if (!needs.any() && !parts.added().stream().allMatch(part -> needs.agree(parts.train(), part))) {
            return Targets.of(Labels.none()); // nothing learns from labels, and those of the parts do not agree
        }
        Labels found = needs.known(parts.train());
        Labels known = found.size() == 0 ? found : as(found, checkpoint);
        return objective instanceof ObjectiveRecipe.MultiLabel many ? new Targets.ManyClasses(known, many.separator()) : Targets.of(known);
    }

    /// The labels in the order of a classifier that is kept.
    private Labels as(Labels found, Optional<Path> checkpoint) {
        return checkpoint.or(this::keptHead).map(from -> RowsReading.keptOrder(from, found, "objective")).orElse(found);
    }

    private PictureFacts facts(Optional<Path> checkpoint) {
        Optional<PictureFacts> before = checkpoint.or(this::trained).flatMap(ImagesReading::stored);
        boolean resumed = checkpoint.isPresent();
        PicturesRecipe.Shape shape = images.shape();
        if (before.isPresent() && before.get().channels() != shape.channels() && (resumed || images.normalization() instanceof Normalization.OfBackbone)) {
            throw new RecipeException("data.channels is " + shape.channels() + ", but the backbone was trained on pictures of "
                    + before.get().channels() + (before.get().channels() == 1 ? " channel" : " channels") + "; give data.channels=" + before.get().channels());
        }
        if (resumed && before.isPresent()) {
            return facts(shape, before.get().mean(), before.get().deviation());
        }
        return switch (images.normalization()) {
            case Normalization.OfBackbone _ when before.isPresent() -> facts(shape, before.get().mean(), before.get().deviation());
            case Normalization.OfBackbone _, Normalization.OfData _ -> {
                double[][] moments = parts.train().moments();
                yield facts(shape, floats(moments[0]), floats(moments[1]));
            }
            case Normalization.None _ -> PictureFacts.plain(new PictureShape(shape.channels(), shape.height(), shape.width()));
            case Normalization.Given(var means, var deviations) -> facts(shape, floats(numbers(means)), floats(numbers(deviations)));
        };
    }

    private static PictureFacts facts(PicturesRecipe.Shape shape, float[] means, float[] deviations) {
        return new PictureFacts(shape.channels(), shape.height(), shape.width(), means, deviations);
    }

    private static double[] numbers(List<Double> of) {
        return of.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    /// How a model's pictures were normalised; empty where its folder says nothing of pictures.
    private static Optional<PictureFacts> stored(Path model) {
        try (var folder = ModelFolder.open(model)) {
            Object said = folder.extra().get(HeadFacts.PICTURES);
            try {
                return said == null ? Optional.empty() : Optional.of(PictureFacts.of(said));
            } catch (IllegalArgumentException wrong) {
                throw new CheckpointException(folder.config().place() + ": cultivar." + HeadFacts.PICTURES + " " + wrong.getMessage(), wrong);
            }
        }
    }

    /// @param measured how pictures are put into batches to be measured on
    Material material(Function<BatchMaker, Iterable<Batch>> measured) {
        SequencedMap<String, String> fingerprints = new LinkedHashMap<>();
        SequencedMap<String, Iterable<Batch>> tasks = new LinkedHashMap<>();
        PictureBatches train = batches(parts.learned(), images.augmentation(), Optional.of(parts.rest()));
        fingerprints.put(TRAIN, parts.learned().fingerprint());
        for (String name : recipe.evaluate().tasks()) {
            PicturePart part = held(name);
            tasks.put(name, measured.apply(batches(part, PicturesRecipe.Augmentation.NONE, Optional.empty())));
            fingerprints.put(name, part.fingerprint());
        }
        fingerprints.putAll(parts.makers());
        var feed = new EpochFeed(train, recipe.batching().budget(), recipe.seed(), recipe.batching().loaders());
        return new Material(
                new FeedSource(feed, tasks),
                Optional.empty(),
                Built.Task.withoutText(labelFacts(train).with(facts)),
                train.fixedInputs(),
                fingerprints,
                List.of(parts::close));
    }

    private PicturePart held(String name) {
        Optional<PicturePart> part = switch (name) {
            case "validation" -> parts.validation();
            case "test" -> parts.test();
            default -> Optional.empty();
        };
        return part.orElseThrow(() -> new RecipeException("evaluate.tasks names " + name + ", but data." + name + " is not given"));
    }

    /// @param rest pictures without labels; empty where batches are measured on
    private PictureBatches batches(PicturePart part, PicturesRecipe.Augmentation how, Optional<PicturePart> rest) {
        boolean more = recipe.turns().stream().anyMatch(turn -> turn.objective() instanceof PictureObjectiveRecipe);
        List<PictureBatches.Extra> extra = more
                ? List.of(new DrawnFields(PictureNeeds.of(recipe.turns()), images.augmentation(), patches(), rest))
                : List.of();
        return new PictureBatches(part, targets, PictureBatches.labels(part, targets), facts, how, recipe.seed(), extra);
    }

    /// How many patches the backbone cuts a picture into; 0 for one that cuts none.
    private int patches() {
        int side = switch (recipe.backbone()) {
            case BackboneRecipe.Vit vit -> vit.patch();
            case BackboneRecipe.Pretrained pretrained -> {
                try (var folder = ModelFolder.open(Models.find(pretrained.model()))) {
                    yield folder.config().whole("patch_size", 0);
                }
            }
            default -> 0;
        };
        return side == 0 ? 0 : facts.height() / side * (facts.width() / side);
    }

    private LabelFacts labelFacts(PictureBatches train) {
        if (objective instanceof ObjectiveRecipe.Regression regression) {
            Standard standard = regression.standardize()
                    ? kept.orElseGet(() -> LabelCounts.standard(train.rows(), row -> Objects.requireNonNull(train.labels().get(row))))
                    : Standard.NONE;
            return new LabelFacts(List.of(), List.of(), standard);
        }
        return new LabelFacts(targets.labels().names(), LabelCounts.rows(train.rows(), train.labels()::get, targets), Standard.NONE);
    }

    @Override
    public void close() {
        parts.close();
    }
}

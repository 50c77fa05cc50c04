package dev.cultivar.run;

import dev.cultivar.checkpoint.RunFiles;
import dev.cultivar.format.CheckpointException;
import dev.cultivar.format.JsonFiles;
import dev.cultivar.image.Picture;
import dev.cultivar.objective.Answers;
import dev.cultivar.predict.PictureClassifier;
import dev.cultivar.predict.Saliency;
import dev.cultivar.recipe.Recipe;
import dev.cultivar.report.Block;
import dev.cultivar.report.Glyphs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The rows themselves that a run's classifier misread most surely, kept in the run's folder for its report where somebody asked for them.
///
/// @param step  of the checkpoint that misread them
/// @param tasks by the task's name, the surest first
record ShownRows(long step, SequencedMap<String, List<Row>> tasks) {
    private static final String FILE = "rows.json";
    private static final int LONGEST_TEXT = 280;

    /// One of them.
    ///
    /// @param place       where it is
    /// @param probability of the wrong answer
    /// @param text        shortened, on one line; empty for a picture
    /// @param pair        the second text, likewise
    /// @param views       the picture and what speaks for each class; empty for a text
    /// @param method      how these were found: a [Saliency.Method]'s name; empty for a text
    record Row(String place, String gold, String predicted, double probability, String text, String pair, List<Block.View> views, String method) {}

    /// Reads the rows again, and asks the checkpoint that misread pictures what spoke for each class.
    ///
    /// @param cache where pictures are kept in the form that the recipe wants
    static ShownRows of(RunFiles run, Recipe recipe, ShownAnswers answers, Path cache, Extensions extensions) {
        SequencedMap<String, Map<Long, HeldRow>> held = new LinkedHashMap<>();
        answers.tasks().forEach((task, of) -> {
            Set<Long> rows = new HashSet<>();
            of.misread().forEach(each -> rows.add(each.row()));
            held.put(task, rows.isEmpty() ? Map.of() : HeldRow.of(recipe, task, rows, cache));
        });
        boolean pictures = held.values().stream().flatMap(rows -> rows.values().stream()).anyMatch(HeldRow.Seen.class::isInstance);
        if (!pictures) {
            return new ShownRows(answers.step(), rows(answers, held, Optional.empty()));
        }
        Path checkpoint = Optional.ofNullable(run.checkpoints().get(answers.step())).orElseThrow(() -> new CheckpointException(
                run.root() + ": the checkpoint of step " + answers.step() + ", whose answers the report shows, is gone"));
        try (var classifier = PictureClassifier.open(checkpoint.toString(), extensions.backbones())) {
            return new ShownRows(answers.step(), rows(answers, held, Optional.of(classifier)));
        }
    }

    private static SequencedMap<String, List<Row>> rows(
            ShownAnswers answers, Map<String, Map<Long, HeldRow>> held, Optional<PictureClassifier> classifier) {
        SequencedMap<String, List<Row>> tasks = new LinkedHashMap<>();
        answers.tasks().forEach((task, of) -> {
            List<Row> rows = new ArrayList<>();
            for (Answers.Misread misread : of.misread()) {
                String gold = of.confusion().labels().get(misread.gold());
                String predicted = of.confusion().labels().get(misread.predicted());
                switch (held.getOrDefault(task, Map.of()).get(misread.row())) {
                    case HeldRow.Text(String place, String text, String pair) ->
                        rows.add(new Row(place, gold, predicted, misread.probability(), shortened(text), shortened(pair), List.of(), ""));
                    case HeldRow.Seen(String place, Picture picture) -> {
                        Picture seen = classifier.orElseThrow().seen(picture);
                        List<Saliency> maps = classifier.orElseThrow().saliency(seen, List.of(predicted, gold));
                        String method = maps.getFirst().method().name();
                        rows.add(new Row(place, gold, predicted, misread.probability(), "", "", views(seen, maps), method));
                    }
                    case null -> {} // the source has changed since
                }
            }
            tasks.put(task, rows);
        });
        return tasks;
    }

    private static String shortened(String text) {
        return Glyphs.shortened(Glyphs.oneLine(text), LONGEST_TEXT);
    }

    /// @param maps of the class that was answered and of the right one
    private static List<Block.View> views(Picture seen, List<Saliency> maps) {
        return List.of(
                Overlay.picture(seen),
                Overlay.map(seen, maps.getFirst(), Overlay.Colour.WRONG),
                Overlay.map(seen, maps.getLast(), Overlay.Colour.RIGHT));
    }

    /// Keeps them, whole or not at all, in place of what was kept before.
    void write(RunFiles run) {
        SequencedMap<String, Object> json = new LinkedHashMap<>();
        tasks.forEach((task, rows) -> json.put(task, rows.stream().map(ShownRows::json).toList()));
        ShownAnswers.folder(run);
        JsonFiles.write(run.shown().resolve(FILE), Map.of("step", step, "tasks", json));
    }

    private static SequencedMap<String, Object> json(Row row) {
        SequencedMap<String, Object> json = new LinkedHashMap<>();
        json.put("place", row.place());
        json.put("gold", row.gold());
        json.put("predicted", row.predicted());
        json.put("probability", row.probability());
        json.put("text", row.text());
        json.put("pair", row.pair());
        json.put("method", row.method());
        json.put("views", row.views().stream()
                .map(view -> Map.of("alt", view.alt(), "pixels", view.pixels(), "png", Base64.getEncoder().encodeToString(view.png())))
                .toList());
        return json;
    }

    /// What a run has kept of a checkpoint; empty where nobody asked for it.
    static Optional<ShownRows> read(RunFiles run, long step) {
        Path file = run.shown().resolve(FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        Map<String, @Nullable Object> json = JsonFiles.read(file);
        if (!(json.get("step") instanceof Long stored) || stored != step || !(json.get("tasks") instanceof Map<?, ?> tasks)) {
            return Optional.empty();
        }
        SequencedMap<String, List<Row>> read = new LinkedHashMap<>();
        try {
            tasks.forEach((task, rows) -> read.put(String.valueOf(task), objects(rows).stream().map(ShownRows::row).toList()));
        } catch (IllegalArgumentException wrong) {
            throw new CheckpointException(file + ": holds a picture that cannot be read: " + wrong.getMessage() + ". Delete it, and give report --examples", wrong);
        }
        return Optional.of(new ShownRows(step, read));
    }

    private static Row row(Map<?, ?> json) {
        return new Row(
                text(json, "place"),
                text(json, "gold"),
                text(json, "predicted"),
                json.get("probability") instanceof Number number ? number.doubleValue() : 0,
                text(json, "text"),
                text(json, "pair"),
                objects(json.get("views")).stream()
                        .map(view -> new Block.View(Base64.getDecoder().decode(text(view, "png")), text(view, "alt"), Boolean.TRUE.equals(view.get("pixels"))))
                        .toList(),
                text(json, "method"));
    }

    private static List<Map<?, ?>> objects(@Nullable Object json) {
        List<Map<?, ?>> objects = new ArrayList<>();
        if (json instanceof List<?> list) {
            list.forEach(each -> {
                if (each instanceof Map<?, ?> map) {
                    objects.add(map);
                }
            });
        }
        return objects;
    }

    private static String text(Map<?, ?> json, String key) {
        return json.get(key) instanceof String text ? text : "";
    }
}

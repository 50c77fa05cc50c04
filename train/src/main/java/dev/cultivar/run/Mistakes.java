package dev.cultivar.run;

import dev.cultivar.checkpoint.CheckpointFolder;
import dev.cultivar.checkpoint.RunFiles;
import dev.cultivar.predict.Saliency;
import dev.cultivar.recipe.Recipe;
import dev.cultivar.recipe.RecipeException;
import dev.cultivar.report.Block;
import dev.cultivar.report.Block.Fact;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SequencedMap;

/// What the report of a run shows of its classifier's mistakes: which class was taken for which, and, where somebody asks for it, the rows that were
/// misread most surely.
public final class Mistakes {
    private Mistakes() {}

    /// Reads the rows that a run's best checkpoint misread most surely, so that its report can show them; a run that has kept no answers is measured
    /// once.
    ///
    /// @param threads of each operator
    /// @throws RecipeException if the run is no classifier with one class a row, or its rows come from an extension
    public static void gather(Path folder, int threads, Extensions extensions) {
        var run = new RunFiles(folder);
        Recipe recipe = Measured.recipe(folder);
        Path cache = folder.resolve("data");
        if (!HeldRow.readable(recipe)) {
            throw new RecipeException(folder + ": its rows are made by an extension and cannot be read again; a report shows rows of tables and pictures");
        }
        Path best = run.bestOrLast().orElseThrow(() -> new RecipeException(folder + ": has no checkpoint yet; train it first"));
        long step = CheckpointFolder.open(best).step();
        if (ShownAnswers.read(run).filter(answers -> answers.step() == step).isEmpty()) {
            measured(folder, recipe, step, cache, threads, extensions).write(run);
        }
        gather(run, recipe, cache, extensions);
    }

    private static ShownAnswers measured(Path folder, Recipe recipe, long step, Path cache, int threads, Extensions extensions) {
        SequencedMap<String, ShownAnswers.OfTask> tasks = new LinkedHashMap<>();
        try (var measured = Measured.open(folder, recipe, cache, threads, extensions)) {
            measured.each((objective, model) -> objective.measurement(model)).forEach((task, measurement) ->
                    measurement.classified().ifPresent(answers -> tasks.put(task, ShownAnswers.OfTask.of(answers))));
        }
        if (tasks.isEmpty()) {
            throw new RecipeException(folder + ": --examples is for classifiers of one class a row that are measured on held-out rows, and this run is none");
        }
        return new ShownAnswers(step, tasks);
    }

    /// The same for answers that the run has kept; nothing where it has none.
    ///
    /// @param cache where pictures are kept in the form that the recipe wants
    static void gather(RunFiles run, Recipe recipe, Path cache, Extensions extensions) {
        if (HeldRow.readable(recipe)) {
            ShownAnswers.read(run).ifPresent(answers -> ShownRows.of(run, recipe, answers, cache, extensions).write(run));
        }
    }

    /// A section of the report; none where the run is no classifier of one class a row, or has kept no answers of its best checkpoint.
    ///
    /// @param best     the step of the best evaluation
    /// @param examples whether rows may be shown
    static List<Block> blocks(RunFiles run, Recipe recipe, OptionalLong best, boolean examples) {
        Optional<ShownAnswers> answers = ShownAnswers.read(run).filter(kept -> best.isEmpty() || best.getAsLong() == kept.step());
        if (answers.isEmpty()) {
            return List.of();
        }
        Optional<ShownRows> rows = examples ? ShownRows.read(run, answers.get().step()) : Optional.empty();
        List<Block> blocks = new ArrayList<>(List.of(new Block.Heading(2, "Mistakes")));
        answers.get().tasks().forEach((task, of) -> {
            String title = String.format(Locale.ROOT, "Which class was taken for which: %,d rows of %s, at step %,d", of.confusion().rows(), task, answers.get().step());
            blocks.add(new Block.ConfusionMatrix(title, of.confusion(), ""));
            rows.map(kept -> kept.tasks().getOrDefault(task, List.of())).filter(each -> !each.isEmpty()).ifPresent(each -> blocks.add(shown(task, each)));
        });
        boolean mistaken = answers.get().tasks().values().stream().anyMatch(of -> !of.misread().isEmpty());
        if (mistaken && rows.isEmpty() && HeldRow.readable(recipe)) {
            blocks.add(new Block.Paragraph("The rows themselves are not shown. To see those that were misread most surely, give `./cultivar report "
                    + run.root().getFileName() + " --examples`, or `report: {examples: true}` in the recipe before training."));
        }
        return blocks;
    }

    private static Block shown(String task, List<ShownRows.Row> rows) {
        boolean pictures = rows.stream().noneMatch(row -> row.views().isEmpty());
        String note = pictures ? Overlay.note(Saliency.Method.valueOf(rows.getFirst().method())) : "Long texts are cut.";
        boolean pairs = rows.stream().anyMatch(row -> !row.pair().isEmpty());
        return new Block.Cards(
                "Rows of " + task + " that were misread most surely", rows.stream().map(row -> card(row, !pictures, pairs)).toList(), note);
    }

    private static Block.Card card(ShownRows.Row row, boolean text, boolean pair) {
        List<Fact> facts = new ArrayList<>();
        if (text) {
            facts.add(new Fact("text", row.text()));
        }
        if (pair) {
            facts.add(new Fact("second text", row.pair()));
        }
        facts.add(new Fact("true class", row.gold()));
        facts.add(new Fact("taken for", row.predicted()));
        facts.add(new Fact("probability", String.format(Locale.ROOT, "%.3f", row.probability())));
        facts.add(new Fact("where", row.place()));
        return new Block.Card(row.views(), facts);
    }
}

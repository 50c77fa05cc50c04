package dev.cultivar.run;

import dev.cultivar.checkpoint.RunFiles;
import dev.cultivar.evaluate.ClassificationScores;
import dev.cultivar.evaluate.Deciding;
import dev.cultivar.evaluate.Metric;
import dev.cultivar.evaluate.Probabilities;
import dev.cultivar.format.JsonFiles;
import dev.cultivar.format.ModelPlace;
import dev.cultivar.objective.Classification;
import dev.cultivar.predict.Decision;
import dev.cultivar.recipe.DataRecipe;
import dev.cultivar.recipe.EvaluateRecipe;
import dev.cultivar.recipe.Recipe;
import dev.cultivar.recipe.RecipeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SequencedMap;

/// Finds on a run's held-out rows how its classifier should answer, and keeps it beside the checkpoints, where `predict` and
/// [dev.cultivar.predict.Classifier] follow it.
///
/// @param decision what was found
/// @param task     the rows that it was found on
/// @param rows     how many they are
/// @param before   the metrics of the rows as the model said them
/// @param after    and with calibrated probabilities
/// @param curve    how many rows get an answer, and how many of these are right, by how sure the model has to be
/// @param costs    what the line at one half, and the line that was found, cost a row; empty where no costs were given
/// @param answered where the model has to be sure: the point of the curve that was chosen
public record Decided(
        Decision decision,
        String task,
        int rows,
        List<Metric> before,
        List<Metric> after,
        List<Deciding.Covered> curve,
        Optional<Costs> costs,
        Optional<Deciding.Covered> answered) {

    /// What a mistake costs.
    ///
    /// @param label      yes
    /// @param missed     a row of the label that is taken for the other
    /// @param falseAlarm a row of the other that is taken for the label
    public record Cost(String label, double missed, double falseAlarm) {}

    /// What lines cost a row on average.
    public record Costs(Cost of, double half, double found, double threshold) {}

    /// How sure the model has to be.
    public sealed interface Sure {
        /// Always answer.
        record Any() implements Sure {}

        /// Answer as many rows as can be, with at least this share right.
        record Accuracy(double least) implements Sure {}

        /// Answer this share of the rows, the surest.
        record Coverage(double share) implements Sure {}
    }

    /// What is to be found.
    ///
    /// @param task      a task of the run's recipe
    /// @param calibrate whether probabilities are calibrated
    /// @param cost      of mistakes, for two classes
    /// @param keep      the share of held-out rows that must count as in scope; empty to take every text as in scope
    public record Request(String task, boolean calibrate, Optional<Cost> cost, Sure sure, OptionalDouble keep) {}

    /// Measures, finds, and writes `decision.json`.
    ///
    /// @param run a run folder
    public static Decided on(Path run, Request request, Path cache, int threads, Extensions extensions) {
        Path folder = Path.of(ModelPlace.model(run.toString()));
        var files = new RunFiles(folder);
        if (!Files.isDirectory(files.checkpointsFolder())) {
            throw new RecipeException(run + ": decide needs a run folder, whose recipe names the rows to decide by");
        }
        Path checkpoint = files.best().or(files::last).orElseThrow(() -> new RecipeException(run + ": has no checkpoint yet; train it first"));
        Recipe recipe = Measured.recipe(run);
        if (recipe.data() instanceof DataRecipe.Tasks tasks) {
            throw new RecipeException(run + ": has several heads, " + String.join(", ", tasks.tasks().keySet()) + "; name one, as " + run + "#"
                    + tasks.tasks().firstEntry().getKey());
        }
        recipe = recipe.withEvaluate(new EvaluateRecipe(recipe.evaluate().every(), List.of(request.task())));
        try (var measured = Measured.open(run, recipe, cache, threads, extensions)) {
            SequencedMap<String, Classification.Scores> scores = measured.each((objective, model) -> {
                if (objective.measurement(model) instanceof Classification.Scores each) {
                    return each;
                }
                throw new RecipeException(run + ": decide is for classifiers (objective.kind: classification); this run is none");
            });
            Decided decided = of(scores.firstEntry().getValue(), request, run);
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("checkpoint", String.valueOf(checkpoint.getFileName()));
            json.put("task", request.task());
            json.put("rows", decided.rows());
            json.putAll(decided.decision().json());
            JsonFiles.write(file(run), json);
            return decided;
        }
    }

    /// Where the decision of a run, or of one of its heads, is kept.
    public static Path file(Path run) {
        return Path.of(ModelPlace.model(run.toString())).resolve(Decision.file(ModelPlace.head(run.toString())));
    }

    private static Decided of(Classification.Scores scores, Request request, Path run) {
        int[] gold = scores.gold();
        List<String> labels = scores.labels();
        Probabilities plain = scores.probabilities();
        double temperature = request.calibrate() ? Deciding.temperature(gold, plain) : 1;
        Probabilities calibrated = tempered(plain, temperature);
        ClassificationScores after = ClassificationScores.of(gold, calibrated, labels);
        SequencedMap<String, Double> thresholds = new LinkedHashMap<>();
        Optional<Costs> costs = request.cost().map(cost -> costs(cost, gold, calibrated, labels, run));
        costs.ifPresent(found -> thresholds.put(found.of().label(), found.threshold()));
        double[] confidence = new double[gold.length];
        boolean[] right = new boolean[gold.length];
        for (int row = 0; row < gold.length; row++) {
            int answer = answer(calibrated, row, labels, costs);
            confidence[row] = calibrated.at(row, answer);
            right[row] = answer == gold[row];
        }
        List<Deciding.Covered> curve = Deciding.coverage(confidence, right);
        Optional<Deciding.Covered> answered = switch (request.sure()) {
            case Sure.Any() -> Optional.empty();
            case Sure.Accuracy(double least) -> Optional.of(Deciding.accurate(curve, least).orElseThrow(() -> new RecipeException(
                    run + ": not even the surest answers on " + request.task() + " are right in " + least + " of the rows; ask for less")));
            case Sure.Coverage(double share) -> Optional.of(Deciding.covering(curve, share));
        };
        OptionalDouble energy = request.keep().isPresent()
                ? Deciding.reachedBy(scores.energies(), request.keep().getAsDouble())
                : OptionalDouble.empty();
        OptionalDouble sureFrom = answered.map(point -> OptionalDouble.of(point.from())).orElse(OptionalDouble.empty());
        var decision = new Decision(temperature, thresholds, sureFrom, energy);
        return new Decided(
                decision, request.task(), gold.length, ClassificationScores.of(gold, plain, labels).metrics(), after.metrics(), curve, costs, answered);
    }

    private static int answer(Probabilities each, int row, List<String> labels, Optional<Costs> costs) {
        if (costs.isEmpty()) {
            return each.top(row);
        }
        int yes = labels.indexOf(costs.get().of().label());
        return each.at(row, yes) >= costs.get().threshold() ? yes : 1 - yes;
    }

    private static Costs costs(Cost cost, int[] gold, Probabilities calibrated, List<String> labels, Path run) {
        int yes = labels.indexOf(cost.label());
        if (labels.size() != 2 || yes < 0) {
            throw new RecipeException(run + ": costs are for one of two labels, got '" + cost.label() + "'; the labels are " + labels);
        }
        double[] scores = new double[gold.length];
        boolean[] positive = new boolean[gold.length];
        for (int row = 0; row < gold.length; row++) {
            scores[row] = calibrated.at(row, yes);
            positive[row] = gold[row] == yes;
        }
        Deciding.Line line = Deciding.line(scores, positive, cost.missed(), cost.falseAlarm());
        return new Costs(cost, Deciding.cost(scores, positive, 0.5, cost.missed(), cost.falseAlarm()), line.cost(), line.threshold());
    }

    private static Probabilities tempered(Probabilities plain, double temperature) {
        if (temperature == 1) {
            return plain;
        }
        float[] values = new float[plain.values().length];
        for (int row = 0; row < plain.rows(); row++) {
            float[] own = new float[plain.classes()];
            for (int k = 0; k < own.length; k++) {
                own[k] = plain.at(row, k);
            }
            System.arraycopy(Decision.tempered(own, temperature), 0, values, row * own.length, own.length);
        }
        return new Probabilities(plain.classes(), values);
    }
}

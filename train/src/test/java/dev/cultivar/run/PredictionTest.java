package dev.cultivar.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cultivar.data.Example;
import dev.cultivar.data.Parts;
import dev.cultivar.evaluate.ClassificationScores;
import dev.cultivar.evaluate.Metric;
import dev.cultivar.format.CheckpointException;
import dev.cultivar.format.ModelPlace;
import dev.cultivar.predict.Classifier;
import dev.cultivar.predict.Prediction;
import dev.cultivar.recipe.DataRecipe;
import dev.cultivar.recipe.EvaluateRecipe;
import dev.cultivar.recipe.Recipe;
import dev.cultivar.recipe.RecipeException;
import dev.cultivar.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What was trained, measured and asked: three ways to the same figures.
class PredictionTest {
    private static final String[] PRETRAINED = {
        "backbone={kind: pretrained, model: MODEL}", "tokenizer=backbone", "objective={kind: classification, pooling: mean}"
    };

    @TempDir
    static Path folder;

    private static Path rows;
    private static TrainingRun.Result masked;
    private static TrainingRun.Result tuned;

    @BeforeAll
    static void train() throws IOException {
        rows = Tiny.rows(folder.resolve("rows.csv"), 150);
        masked = TrainingRun.run(Tiny.recipe(Tiny.MASKED, rows), TrainingRun.Request.to(folder.resolve("masked")));
        tuned = TrainingRun.run(classified(), TrainingRun.Request.to(folder.resolve("tuned")));
    }

    private static Recipe classified(String... overrides) {
        List<String> all = new ArrayList<>();
        for (String each : PRETRAINED) {
            all.add(each.replace("MODEL", "'" + masked.folder() + "'"));
        }
        all.addAll(List.of(overrides));
        return Tiny.recipe(Tiny.CLASSIFIED, rows, all.toArray(String[]::new));
    }

    private static Map<String, List<Metric>> measure(Path run, Recipe recipe) throws IOException {
        Map<String, List<Metric>> metrics = new LinkedHashMap<>();
        try (var measured = Measured.openRowByRow(run, recipe, Files.createTempDirectory(folder, "rows"), 1, Extensions.NONE)) {
            measured.each((objective, model) -> objective.measurement(model)).forEach((task, each) -> metrics.put(task, each.metrics()));
        }
        return metrics;
    }

    @Test
    void predictionsAreWhatIsEvaluatedToTheBit() throws IOException {
        assertThat(evaluatedIsPredicted(tuned.folder())).isTrue();
    }

    @Test
    void aRunInReducedPrecisionIsAskedInIt() throws IOException {
        Path reduced = TrainingRun.run(
                        classified("device.precision=bfloat16", "horizon={steps: 2}"), TrainingRun.Request.to(folder.resolve("reduced")))
                .folder();
        assertThat(evaluatedIsPredicted(reduced)).isTrue();
    }

    private boolean evaluatedIsPredicted(Path run) throws IOException {
        Recipe recipe = Measured.recipe(run);
        List<Metric> evaluated = java.util.Objects.requireNonNull(measure(run, recipe).get("validation"));
        List<Example> held = Parts.open((DataRecipe.Rows) recipe.data(), recipe.seed()).validation().orElseThrow().list();
        try (var classifier = Classifier.open(run)) {
            List<Prediction> predictions = classifier.predict(held.stream().map(Example::text).toList());
            int[] gold = held.stream().mapToInt(row -> classifier.labels().indexOf(row.label())).toArray();
            int labels = classifier.labels().size();
            float[] probabilities = new float[held.size() * labels];
            for (int i = 0; i < probabilities.length; i++) {
                probabilities[i] = (float) (double) predictions.get(i / labels).scores().get(classifier.labels().get(i % labels));
            }
            List<Metric> predicted = ClassificationScores.of(gold, probabilities, classifier.labels()).metrics();
            return evaluated.stream().filter(metric -> metric.name().equals("accuracy")).toList().equals(List.of(predicted.getFirst()))
                    && evaluated.containsAll(predicted);
        }
    }

    @Test
    void trainingItselfMeasuredTheSameWithinRounding() throws IOException {
        for (TrainingRun.Result run : List.of(masked, tuned)) {
            List<Metric> then = run.best().get("validation");
            List<Metric> now = measure(run.folder(), Measured.recipe(run.folder())).get("validation");
            assertThat(now).extracting(Metric::name).isEqualTo(then.stream().map(Metric::name).toList());
            for (int i = 0; i < now.size(); i++) {
                assertThat(now.get(i).value()).isCloseTo(then.get(i).value(), within(1e-4));
            }
        }
    }

    @Test
    void noBatchSettingMovesAScore() throws IOException {
        for (Path run : List.of(masked.folder(), tuned.folder())) {
            Recipe recipe = Measured.recipe(run).withEvaluate(new EvaluateRecipe(Measured.recipe(run).evaluate().every(), List.of("validation")));
            var before = measure(run, recipe);
            Recipe other = Tiny.recipe(dev.cultivar.recipe.RecipeWriter.write(recipe), rows, "batching.rows=3", "batching.accumulation=2", "batching.loaders=0");
            assertThat(other).isNotEqualTo(recipe);
            assertThat(measure(run, other)).isEqualTo(before);
        }
    }

    @Test
    void whatDoesNotFitTheCheckpointIsRefusedBeforeTraining() throws IOException {
        Path large = Files.createDirectories(folder.resolve("large"));
        List<String> pieces = new ArrayList<>(List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"));
        for (int i = 0; i < 900; i++) {
            pieces.add("p" + i);
        }
        try (var tokenizer = Tokenizer.wordPiece(pieces, true)) {
            tokenizer.save(large, 32);
        }
        Recipe misfit = classified("tokenizer={kind: file, file: '" + large.resolve("tokenizer.json") + "'}");
        assertThatThrownBy(() -> TrainingRun.run(misfit, TrainingRun.Request.to(folder.resolve("misfit"))))
                .isInstanceOf(CheckpointException.class).hasMessageContaining("the tokenizer has 905 pieces");
        assertThatThrownBy(() -> TrainingRun.run(classified("batching.max_length=64"), TrainingRun.Request.to(folder.resolve("longer"))))
                .isInstanceOf(RecipeException.class).hasMessageContaining("batching.max_length must be at most").hasMessageContaining("32");
    }

    @Test
    void anInspectionProvesCheckpoints() throws IOException {
        Inspection found = Inspection.of(tuned.folder().toString());
        assertThat(found.sound()).isTrue();
        assertThat(found.labels()).containsExactly("animal", "tool");
        assertThat(found.modules()).extracting(Inspection.Module::name).contains("encoder.layer.0", "encoder.layer.1", "classifier");
        assertThat(found.modules().stream().mapToLong(Inspection.Module::elements).sum()).isEqualTo(found.elements());
        assertThat(found.checkpoints()).anyMatch(Inspection.Kept::last).anyMatch(Inspection.Kept::best);
        Path last = folder.resolve("damaged");
        Path from = ModelPlace.find(tuned.folder().toString());
        Files.createDirectories(last);
        try (var files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, last.resolve(file.getFileName()));
            }
        }
        assertThat(Inspection.of(last.toString()).sound()).isTrue();
        Files.writeString(last.resolve("provenance.json"), "{}");
        assertThat(Inspection.of(last.toString()).checkpoints()).singleElement().satisfies(kept -> assertThat(kept.problem()).contains("provenance.json has"));
    }
}

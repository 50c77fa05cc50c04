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
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
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

    private static String tokenizer(String name, List<String> pieces) throws IOException {
        Path place = Files.createDirectories(folder.resolve(name));
        try (var tokenizer = Tokenizer.wordPiece(pieces, true)) {
            tokenizer.save(place, 32);
        }
        return "tokenizer={kind: file, file: '" + place.resolve("tokenizer.json") + "'}";
    }

    /// Labels by another name are other labels, unless the head is new.
    @Test
    void labelsByOtherNamesAreRefusedWhereTheHeadIsKept() throws IOException {
        Path renamed = Files.writeString(folder.resolve("renamed.csv"), Files.readString(rows).replace(",animal,", ",beast,"));
        String[] further = {"backbone={kind: pretrained, model: '" + tuned.folder() + "'}", "data.train.file=" + renamed};
        assertThatThrownBy(() -> TrainingRun.run(classified(further), TrainingRun.Request.to(folder.resolve("further"))))
                .isInstanceOf(RecipeException.class)
                .hasMessageContaining("its classifier knows the labels [animal, tool], the data have [beast, tool]").hasMessageContaining("objective.head=new");
        String[] anew = {further[0], further[1], "objective={kind: classification, pooling: mean, head: new}", "horizon={steps: 1}"};
        assertThat(TrainingRun.run(classified(anew), TrainingRun.Request.to(folder.resolve("anew"))).progress().step()).isEqualTo(1);
    }

    @Test
    void aTokenizerThatWasExchangedIsSeenWhereAModelIsOpened() throws IOException {
        Path copy = Files.createDirectories(folder.resolve("exchanged"));
        try (var files = Files.list(ModelPlace.find(tuned.folder().toString()))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        List<String> pieces = new ArrayList<>(List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"));
        IntStream.range(0, 900).forEach(i -> pieces.add("p" + i));
        tokenizer("exchanged", pieces);
        assertThatThrownBy(() -> Classifier.open(copy)).isInstanceOf(CheckpointException.class)
                .hasMessageContaining("the tokenizer has 905 pieces").hasMessageContaining("do not belong together");
    }

    @Test
    void whatDoesNotFitTheCheckpointIsRefusedBeforeTraining() throws IOException {
        Path place = ModelPlace.find(masked.folder().toString());
        List<String> own = new ArrayList<>();
        try (var tokenizer = Tokenizer.open(place)) {
            IntStream.range(0, tokenizer.vocabulary()).mapToObj(tokenizer::piece).forEach(own::add);
        }
        List<String> more = new ArrayList<>(own);
        IntStream.range(0, 900).forEach(i -> more.add("p" + i));
        Recipe misfit = classified(tokenizer("large", more));
        assertThatThrownBy(() -> TrainingRun.run(misfit, TrainingRun.Request.to(folder.resolve("misfit"))))
                .isInstanceOf(CheckpointException.class).hasMessageContaining("the tokenizer has " + more.size() + " pieces");
        Recipe resized = classified(tokenizer("small", own.subList(0, own.size() - 3)), "horizon={steps: 1}");
        assertThat(TrainingRun.run(resized, TrainingRun.Request.to(folder.resolve("resized"))).progress().step())
                .as("vectors that no piece has are no mistake").isEqualTo(1);
        Recipe other = classified("tokenizer={kind: wordpiece, vocabulary: 50}");
        assertThatThrownBy(() -> TrainingRun.run(other, TrainingRun.Request.to(folder.resolve("other"))))
                .isInstanceOf(CheckpointException.class).hasMessageContaining("stands for the piece").hasMessageContaining("tokenizer=backbone");
        List<String> moved = new ArrayList<>(own);
        Collections.swap(moved, own.size() - 1, own.size() - 2);
        assertThatThrownBy(() -> TrainingRun.run(classified(tokenizer("moved", moved)), TrainingRun.Request.to(folder.resolve("moved-run"))))
                .isInstanceOf(CheckpointException.class).hasMessageContaining("the vector of id " + (own.size() - 2));
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

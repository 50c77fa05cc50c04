package dev.cultivar.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cultivar.checkpoint.RunFiles;
import dev.cultivar.evaluate.Metric;
import dev.cultivar.format.CheckpointException;
import dev.cultivar.format.JsonFiles;
import dev.cultivar.loop.Event;
import dev.cultivar.nn.Backbones;
import dev.cultivar.predict.AnswerKind;
import dev.cultivar.predict.Classifier;
import dev.cultivar.predict.Prediction;
import dev.cultivar.predict.Regressor;
import dev.cultivar.recipe.DataRecipe;
import dev.cultivar.recipe.ObjectiveRecipe;
import dev.cultivar.recipe.RecipeException;
import dev.cultivar.recipe.RecipeReader;
import dev.cultivar.recipe.Recipes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Several tasks on one backbone: trained together, one after the other, and asked by the name of the head.
class TasksTest {
    private static final String TASKS = """
            seed: 3
            backbone: {kind: pretrained, model: base}
            data:
              kind: tasks
              tasks:
                thing: {train: {file: rows.csv}, validation: {fraction: 0.2}, columns: {label: label}}
                words: {train: {file: rows.csv, where: "length(text) > 9"}, validation: {fraction: 0.2}, columns: {label: size}}
            objective:
              kind: tasks
              tasks:
                thing: {kind: classification, pooling: mean, class_weights: balanced}
                words: {kind: regression, pooling: mean}
            clipping: none
            optimizer: {kind: adamw, learning_rate: 1e-2}
            horizon: {steps: 160}
            batching: {rows: 32, max_length: 32}
            evaluate: {every: {steps: 80}}
            checkpoint: {every: {steps: 80}}
            device: {kind: cpu, threads: 1, precision: float32}
            """;

    @TempDir
    static Path folder;

    private static Path base;
    private static Path rows;
    private static Path run;

    @BeforeAll
    static void train() throws IOException {
        rows = written(folder.resolve("rows.csv"));
        base = TrainingRun.run(Tiny.recipe(Tiny.MASKED, rows, "backbone.dropout=0", "backbone.attention_dropout=0", "data.columns={text: text}"), TrainingRun.Request.to(folder.resolve("base"))).folder();
        run = TrainingRun.run(recipe(), TrainingRun.Request.to(folder.resolve("run"))).folder();
    }

    /// Rows whose label hangs on one word, and whose size on how often another stands there.
    private static Path written(Path file) throws IOException {
        var random = new Random(5);
        var text = new StringBuilder("text,label,size\n");
        for (int row = 0; row < 300; row++) {
            boolean animal = random.nextBoolean();
            int hens = random.nextInt(4);
            List<String> words = new ArrayList<>(Collections.nCopies(random.nextInt(2, 6), "the"));
            words.addAll(Collections.nCopies(hens, "hen"));
            words.add(animal ? "cat" : "saw");
            text.append(String.join(" ", words)).append(',').append(animal ? "animal" : "tool").append(',').append(hens).append('\n');
        }
        return Files.writeString(file, text);
    }

    private static dev.cultivar.recipe.Recipe recipe(String... overrides) {
        return of(TASKS, overrides);
    }

    private static dev.cultivar.recipe.Recipe of(String yaml, String... overrides) {
        return RecipeReader.read(yaml.replace("rows.csv", rows.toString()).replace("model: base", "model: " + base), "tasks.yaml", List.of(overrides));
    }

    private static Path last() {
        return new RunFiles(run).last().orElseThrow();
    }

    private static Map<String, List<Metric>> measured(Path of) {
        try (var measured = Measured.openRowByRow(of, Measured.recipe(of), folder.resolve("cache"), 1, Extensions.NONE)) {
            SequencedMap<String, List<Metric>> metrics = new java.util.LinkedHashMap<>();
            measured.each((objective, model) -> objective.measurement(model)).forEach((task, each) -> metrics.put(task, each.metrics()));
            return metrics;
        }
    }

    @Test
    void bothAreLearnedAndEachIsMeasuredByItsOwnMetrics() {
        Map<String, List<Metric>> metrics = measured(run);
        assertThat(metrics.keySet()).containsExactly("thing.validation", "words.validation");
        assertThat(metrics.get("thing.validation").getFirst()).satisfies(accuracy -> {
            assertThat(accuracy.name()).isEqualTo("accuracy");
            assertThat(accuracy.value()).isGreaterThan(0.8);
        });
        assertThat(metrics.get("words.validation").stream().filter(metric -> metric.name().equals("r2")).findFirst().orElseThrow().value())
                .isGreaterThan(0.3);
        assertThat(measured(Path.of(run + "#words")).get("validation")).isEqualTo(metrics.get("words.validation"));
        Map<String, ShownAnswers.OfTask> shown = ShownAnswers.read(new RunFiles(run)).orElseThrow().tasks();
        assertThat(shown.keySet()).as("a number has no classes").containsExactly("thing.validation");
        assertThat(shown.get("thing.validation").confusion().labels()).containsExactly("animal", "tool");
        assertThat(HeldRow.of(Measured.recipe(run), "thing.validation", Set.of(0L, 3L), folder.resolve("cache"))).hasSize(2);
    }

    @Test
    void theHeadIsNamedAndAnswersAsItWasMeasured() {
        List<String> texts = List.of("the the cat", "the the hen hen hen saw");
        try (var classifier = Classifier.open(run + "#thing"); var regressor = Regressor.open(run + "#words")) {
            assertThat(classifier.predict(texts)).extracting(Prediction::label).containsExactly("animal", "tool");
            assertThat(regressor.predict(texts).get(1).value()).isGreaterThan(regressor.predict(texts).get(0).value());
        }
        assertThat(AnswerKind.of(run + "#words")).isEqualTo(AnswerKind.VALUES);
        assertThatThrownBy(() -> Classifier.open(run.toString()))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("has several heads, thing, words")
                .hasMessageContaining(run + "#thing");
        assertThatThrownBy(() -> Classifier.open(run + "#size"))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("no head called 'size'")
                .hasMessageContaining("thing, words");
        assertThatThrownBy(() -> Classifier.open(base + "#thing")).isInstanceOf(CheckpointException.class).hasMessageContaining("leave #thing out");
        assertThatThrownBy(() -> Classifier.open(run + "#words")).isInstanceOf(CheckpointException.class).hasMessageContaining("Regressor");
    }

    @Test
    void aHeadIsDecidedAndExportedByItself() throws IOException {
        var request = new Decided.Request("validation", true, Optional.empty(), new Decided.Sure.Any(), OptionalDouble.empty());
        Path head = Path.of(run + "#thing");
        Decided decided = Decided.on(head, request, folder.resolve("decided"), 1, Extensions.NONE);
        assertThat(run.resolve("decision-thing.json")).exists();
        try (var classifier = Classifier.open(head)) {
            assertThat(classifier.decision().temperature()).isEqualTo(decided.decision().temperature());
        }
        assertThatThrownBy(() -> Decided.on(run, request, folder.resolve("decided"), 1, Extensions.NONE))
                .isInstanceOf(RecipeException.class)
                .hasMessageContaining(run + "#thing");
        Path checkpoint = dev.cultivar.zoo.Models.find(head.toString());
        assertThat(Inspection.of(head.toString()).labels()).containsExactly("animal", "tool");
        Export.Exported alone = Export.write(run, checkpoint, Export.Format.SAFETENSORS, false, folder.resolve("alone"), Extensions.NONE);
        assertThat(alone.states()).isZero();
        assertThat(alone.answers()).isZero();
        assertThat(JsonFiles.read(alone.folder().resolve("config.json"))).containsEntry("architectures", List.of("BertModel"));
        assertThat(alone.remarks()).singleElement().asString().contains("mean over tokens");
        assertThat(alone.folder().resolve("decision.json")).exists();
        Export.Exported whole =
                Export.write(run, new RunFiles(run).best().orElseThrow(), Export.Format.SAFETENSORS, false, folder.resolve("whole"), Extensions.NONE);
        List<String> texts = List.of("the the cat", "saw the the");
        try (var before = Classifier.open(head);
                var after = Classifier.open(alone.folder());
                var amongOthers = Classifier.open(whole.folder() + "#thing")) {
            assertThat(after.predict(texts)).isEqualTo(before.predict(texts)).isEqualTo(amongOthers.predict(texts));
        }
        try (var asked = Asked.open(whole.folder() + "#words", Backbones.Custom.NONE)) {
            assertThat(asked.columns()).containsExactly("value");
        }
    }

    @Test
    void aRunThatWasInterruptedEndsWhereAWholeOneDoes() {
        String[] short_ = {"horizon={steps: 12}", "evaluate.every={steps: 4}", "checkpoint={every: {steps: 3}}", "data.temperature=2",
            "batching={rows: 8, max_length: 32, accumulation: 2}"};
        Path whole = TrainingRun.run(recipe(short_), TrainingRun.Request.to(folder.resolve("whole-run"))).folder();
        Path cut = folder.resolve("cut");
        List<String> reasons = new ArrayList<>();
        for (int stop : new int[] {1, 4, 2, 100}) {
            int[] left = {stop};
            reasons.add(TrainingRun.run(recipe(short_), TrainingRun.Request.to(cut).stoppedBy(() -> --left[0] <= 0).resuming()).reason());
        }
        assertThat(reasons).containsExactly("interrupted", "interrupted", "interrupted", "horizon");
        Tiny.assertSame(whole, cut);
    }

    @Test
    void sharesAndWeightsChangeWhatIsLearned() {
        List<Map<String, List<Byte>>> seen = new ArrayList<>();
        for (String change : List.of("seed=3", "data.temperature=3", "objective.weights={words: 0.5}", "objective.weights={thing: 2}")) {
            Path out = folder.resolve("change-" + seen.size());
            TrainingRun.run(recipe("horizon={steps: 12}", "evaluate.tasks=[]", "data.tasks.words.validation={fraction: 0.7}", change), TrainingRun.Request.to(out));
            seen.add(Tiny.tensors(out));
        }
        assertThat(seen.stream().distinct().count()).isEqualTo(4);
    }

    @Test
    void aTaskOfWeightNothingIsMeasuredAndItsHeadStaysToTheBit() {
        Map<String, List<List<Metric>>> scores = new TreeMap<>();
        var again = recipe("backbone.model=" + last(), "objective.weights={thing: 0}", "strategy=feature_extraction", "horizon={steps: 5}",
                "evaluate={every: {steps: 5}, first: true, tasks: [words.validation, thing.validation]}");
        Path after = TrainingRun.run(again, TrainingRun.Request.to(folder.resolve("again")).watchedBy(event -> {
                    if (event instanceof Event.Evaluated evaluated) {
                        scores.computeIfAbsent(evaluated.task(), _ -> new ArrayList<>()).add(evaluated.metrics());
                    }
                }))
                .folder();
        assertThat(scores.get("thing.validation")).hasSize(2).satisfies(same -> assertThat(same.getLast()).isEqualTo(same.getFirst()));
        assertThat(scores.get("words.validation")).hasSize(2).satisfies(other -> assertThat(other.getLast()).isNotEqualTo(other.getFirst()));
        Map<String, List<Byte>> before = Tiny.tensors(run);
        Tiny.tensors(after).forEach((name, bytes) -> {
            if (!name.startsWith("state.")) {
                assertThat(bytes.equals(before.get(name))).as(name).isEqualTo(!name.startsWith("heads.words."));
            }
        });
    }

    @Test
    void aHeadThatIsToBeNewIsNew() {
        Path fresh = TrainingRun.run(
                        recipe("backbone.model=" + last(), "objective.tasks.thing.head=new", "strategy=feature_extraction", "horizon={steps: 1}",
                                "optimizer.learning_rate=1e-9", "evaluate.tasks=[]"),
                        TrainingRun.Request.to(folder.resolve("fresh")))
                .folder();
        Map<String, List<Byte>> before = Tiny.tensors(run);
        Map<String, List<Byte>> after = Tiny.tensors(fresh);
        assertThat(after.get("heads.thing.classifier.weight")).isNotEqualTo(before.get("heads.thing.classifier.weight"));
        assertThat(after.get("embeddings.word_embeddings.weight")).isEqualTo(before.get("embeddings.word_embeddings.weight"));
    }

    @Test
    void aTaskThatLostItsLabelsIsRefused() throws IOException {
        Path other = Files.writeString(folder.resolve("other.csv"), Files.readString(rows).replace("animal", "beast"));
        assertThatThrownBy(() -> TrainingRun.run(
                        of(TASKS.replaceFirst("rows.csv", other.toString()), "backbone.model=" + run), TrainingRun.Request.to(folder.resolve("lost"))))
                .isInstanceOf(RecipeException.class)
                .hasMessageContaining("[animal, tool]")
                .hasMessageContaining("[beast, tool]");
    }

    @Test
    void whatDoesNotGoTogetherIsRefusedByTheRecipe() {
        assertRefused("objective.tasks has", TASKS.replace("    words: {kind: regression, pooling: mean}", "    size: {kind: regression}"), "[thing, words]", "[thing, size]");
        assertRefused("data of another kind", TASKS.replace("objective:\n", "objective: {kind: classification}\nunused:\n"), "objective of kind tasks");
        assertRefused("an adapter", TASKS + "strategy: {kind: lora}\n", "an adapter holds one head");
        assertRefused("nothing to learn", TASKS.replace("clipping: none", "  weights: {thing: 0, words: 0}\nclipping: none"), "at least one task's must be above 0");
        assertRefused("the best of what is not trained", TASKS.replace("clipping: none", "  weights: {thing: 0}\nclipping: none"), "thing has weight 0");
        assertRefused("an unknown weight", TASKS.replace("clipping: none", "  weights: {things: 2}\nclipping: none"), "things", "thing, words");
        assertRefused("a tokenizer to train", TASKS + "tokenizer: {kind: wordpiece, vocabulary: 60}\n", "tokenizer");
        assertRefused("no label", TASKS.replace("columns: {label: label}", "columns: {text: text}"), "data.tasks.thing.columns.label");
        assertRefused("a part that is not there", TASKS.replace("evaluate: {every: {steps: 80}}", "evaluate: {tasks: [thing.test]}"), "data.tasks.thing.test");
        assertRefused("a name with a dot", TASKS.replace("thing: {", "a.thing: {"), "must be called a letter and");
        assertRefused("an objective without labels", TASKS.replace("{kind: classification, pooling: mean, class_weights: balanced}", "{kind: masked_lm}"), "must be one of classification");
        assertThatThrownBy(() -> recipe().ofTask("size")).isInstanceOf(RecipeException.class).hasMessageContaining("[thing, words]");
    }

    @Test
    void javaBuildsWhatAFileSays() {
        dev.cultivar.recipe.Recipe file = recipe();
        var data = (DataRecipe.Tasks) file.data();
        var objective = (ObjectiveRecipe.Tasks) file.turns().getFirst().objective();
        var built = Recipes.together("tasks", base)
                .task("thing", data.tasks().get("thing"), objective.tasks().get("thing"), 1)
                .task("words", data.tasks().get("words"), objective.tasks().get("words"), 0.5)
                .build();
        assertThat(built.data()).isEqualTo(data);
        assertThat(built.turns().getFirst().objective())
                .isEqualTo(new ObjectiveRecipe.Tasks(objective.tasks(), new TreeMap<>(Map.of("thing", 1.0, "words", 0.5))));
        assertThat(built.evaluate().tasks()).containsExactly("thing.validation", "words.validation");
        assertThat(RecipeReader.read(dev.cultivar.recipe.RecipeWriter.write(file), "written.yaml", List.of())).isEqualTo(file);
    }

    private static void assertRefused(String what, String yaml, String... messages) {
        assertThatThrownBy(() -> of(yaml)).as(what).isInstanceOf(RecipeException.class).satisfies(refused -> {
            for (String message : messages) {
                assertThat(refused.getMessage()).as(what).contains(message);
            }
        });
    }
}

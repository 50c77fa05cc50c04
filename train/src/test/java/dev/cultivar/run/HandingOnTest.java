package dev.cultivar.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cultivar.batch.DataException;
import dev.cultivar.batch.Standard;
import dev.cultivar.checkpoint.RunFiles;
import dev.cultivar.data.Examples;
import dev.cultivar.data.RowReader;
import dev.cultivar.format.CheckpointException;
import dev.cultivar.format.JsonFiles;
import dev.cultivar.format.ModelPlace;
import dev.cultivar.format.Safetensors;
import dev.cultivar.nn.Backbones;
import dev.cultivar.predict.Classifier;
import dev.cultivar.predict.Prediction;
import dev.cultivar.predict.Regressor;
import dev.cultivar.recipe.DataRecipe.Columns;
import dev.cultivar.recipe.RecipeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What becomes of a trained classifier: a decision, answers for files, an export.
class HandingOnTest {
    @TempDir
    static Path folder;

    private static Path run;
    private static Path rows;

    @BeforeAll
    static void train() throws IOException {
        rows = Tiny.rows(folder.resolve("rows.csv"), 2_600);
        run = TrainingRun.run(
                        Tiny.recipe(Tiny.CLASSIFIED, Tiny.rows(folder.resolve("train.csv"), 120), "horizon={steps: 30}", "optimizer.learning_rate=1e-2"),
                        TrainingRun.Request.to(folder.resolve("run")))
                .folder();
    }

    private static AnswerFile.Outcome answer(Path input, Path output, Optional<Path> aside) {
        var columns = new Columns("text", "", "");
        Examples examples = RowReader.unlabelled(input, columns, aside.isPresent());
        try (var asked = Asked.open(run.toString(), Backbones.Custom.NONE)) {
            return new AnswerFile(output, columns, aside).write(asked, examples, Map.of("model", "m", "bytes", 1L), done -> {});
        }
    }

    @Test
    void aFileIsAnsweredInItsOrderAndGoesOnWhereItWasCutOff() throws IOException {
        Path whole = folder.resolve("whole.jsonl");
        assertThat(answer(rows, whole, Optional.empty())).satisfies(done -> {
            assertThat(done.rows()).isEqualTo(2_600);
            assertThat(done.earlier()).isZero();
        });
        List<String> lines = Files.readAllLines(whole);
        assertThat(lines).hasSize(2_600);
        for (int row = 0; row < lines.size(); row += 500) {
            assertThat(JsonFiles.parse(lines.get(row), "line")).containsEntry("row", row + 1L).containsKeys("label", "scores");
        }
        Path output = folder.resolve("again.jsonl");
        Path part = folder.resolve("again.jsonl.part");
        Files.writeString(part, String.join("\n", lines.subList(0, 1_500)) + "\n" + lines.get(1_500).substring(0, 20), StandardCharsets.UTF_8);
        JsonFiles.write(folder.resolve("again.jsonl.part.json"), Map.of("model", "m", "bytes", 1L));
        assertThat(answer(rows, output, Optional.empty())).satisfies(done -> {
            assertThat(done.rows()).isEqualTo(2_600);
            assertThat(done.earlier()).isEqualTo(1_500);
        });
        assertThat(output).hasSameBinaryContentAs(whole);
        assertThat(part).doesNotExist();
    }

    @Test
    void answersOfAnotherModelAreNotGoneOnWith() throws IOException {
        Path output = folder.resolve("other.jsonl");
        Files.writeString(folder.resolve("other.jsonl.part"), "{\"row\":1}\n");
        JsonFiles.write(folder.resolve("other.jsonl.part.json"), Map.of("model", "another"));
        assertThatThrownBy(() -> answer(rows, output, Optional.empty())).isInstanceOf(DataException.class).hasMessageContaining("another");
        assertThat(folder.resolve("other.jsonl.part")).hasContent("{\"row\":1}\n");
    }

    @Test
    void rowsWithoutATextFailWithTheirPlaceOrAreSetAside() throws IOException {
        Path input = Files.writeString(folder.resolve("gaps.jsonl"), "{\"text\": \"a red saw\"}\n{\"text\": \"\"}\n{\"text\": broken\n{\"text\": \"the cat\"}\n");
        assertThatThrownBy(() -> answer(input, folder.resolve("strict.jsonl"), Optional.empty())).isInstanceOf(DataException.class);
        Path aside = folder.resolve("aside.jsonl");
        Path output = folder.resolve("lenient.jsonl");
        assertThat(answer(input, output, Optional.of(aside))).isEqualTo(new AnswerFile.Outcome(2, 0, 0, 2));
        assertThat(Files.readAllLines(output)).extracting(line -> JsonFiles.parse(line, "line").get("row")).containsExactly(1L, 4L);
        assertThat(Files.readAllLines(aside)).extracting(line -> JsonFiles.parse(line, "line").get("row")).containsExactly(2L, 3L);
        assertThat(Files.readString(aside)).contains("gaps.jsonl:2").contains("has no text");
    }

    @Test
    void aDecisionIsFollowed() {
        try {
            var request = new Decided.Request(
                    "validation", true, Optional.of(new Decided.Cost("tool", 1, 1_000)), new Decided.Sure.Coverage(0.5), OptionalDouble.of(0.9));
            Decided decided = Decided.on(run, request, folder.resolve("cache"), 1, Extensions.NONE);
            assertThat(decided.costs()).hasValueSatisfying(costs -> assertThat(costs.found()).isLessThanOrEqualTo(costs.half()));
            assertThat(decided.answered()).hasValueSatisfying(point -> assertThat(point.coverage()).isGreaterThanOrEqualTo(0.5));
            try (var classifier = Classifier.open(run)) {
                assertThat(classifier.decision()).isEqualTo(decided.decision());
                List<Prediction> said = classifier.predict(List.of("the saw", "a cat", "nothing of the kind at all", "two old axe"));
                assertThat(said).allSatisfy(each -> {
                    boolean tool = each.scores().get("tool") >= decided.decision().thresholds().get("tool");
                    assertThat(each.label()).isEqualTo(tool ? "tool" : "animal");
                    boolean sure = each.score() >= decided.decision().sureFrom().orElseThrow();
                    assertThat(each.verdict()).isIn(
                            sure ? Prediction.Verdict.ANSWERED : Prediction.Verdict.UNSURE, Prediction.Verdict.OUT_OF_SCOPE);
                });
            }
            assertThatThrownBy(() -> Decided.on(
                            run,
                            new Decided.Request("validation", false, Optional.of(new Decided.Cost("x", 1, 1)), new Decided.Sure.Any(), OptionalDouble.empty()),
                            folder.resolve("cache"), 1, Extensions.NONE))
                    .isInstanceOf(RecipeException.class)
                    .hasMessageContaining("animal, tool");
        } finally {
            try {
                Files.deleteIfExists(run.resolve("decision.json"));
            } catch (IOException failure) {
                throw new java.io.UncheckedIOException(failure);
            }
        }
    }

    @Test
    void anExportOpensAndSaysTheSame() throws IOException {
        Path out = folder.resolve("exported");
        var exported = Export.write(run, new RunFiles(run).best().orElseThrow(), Export.Format.SAFETENSORS, false, out, Extensions.NONE);
        assertThat(exported.states()).isZero();
        assertThat(exported.answers()).isZero();
        assertThat(exported.rows()).isGreaterThan(10);
        assertThat(out.resolve("state.safetensors")).doesNotExist();
        assertThat(Files.readString(out.resolve("README.md"))).contains("## Export");
        try (var before = Classifier.open(run); var after = Classifier.open(out)) {
            assertThat(after.predict("the red saw")).isEqualTo(before.predict("the red saw"));
        }
        assertThatThrownBy(() -> Export.write(run, new RunFiles(run).best().orElseThrow(), Export.Format.SAFETENSORS, false, out, Extensions.NONE))
                .isInstanceOf(RecipeException.class)
                .hasMessageContaining("is there already");
        assertThatThrownBy(() -> Export.write(run, new RunFiles(run).best().orElseThrow(), Export.Format.ADAPTER, false, folder.resolve("a"), Extensions.NONE))
                .isInstanceOf(RecipeException.class)
                .hasMessageContaining("whole model");
    }

    /// One number of the second layer is another: the gate names it.
    /// Whoever opens it elsewhere reads what the last layer gives.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            cls     | {kind: regression}                | {kind: full} | model.safetensors         | classifier
            mean    | {kind: regression, pooling: mean} | {kind: full} | head.safetensors          | classifier
            adapter | {kind: regression}                | {kind: lora} | adapter_model.safetensors | base_model.model.classifier
            """)
    void aRegressionIsExportedInTheUnitOfItsData(String name, String objective, String strategy, String file, String layer) throws IOException {
        Path train = folder.resolve("train.csv");
        List<String> more = new ArrayList<>(List.of("objective=" + objective, "data.columns={text: text, label: size}", "horizon={steps: 8}"));
        if (strategy.contains("lora")) {
            Path base = TrainingRun.run(Tiny.recipe(Tiny.MASKED, train, "horizon={steps: 1}"), TrainingRun.Request.to(folder.resolve("unit-base"))).folder();
            more.addAll(List.of("backbone={kind: pretrained, model: '" + base + "'}", "tokenizer=backbone", "strategy=" + strategy));
        }
        Path values = TrainingRun.run(Tiny.recipe(Tiny.CLASSIFIED, train, more.toArray(String[]::new)), TrainingRun.Request.to(folder.resolve("unit-" + name))).folder();
        Path model = ModelPlace.find(values.toString());
        Path out = folder.resolve("unit-out-" + name);
        var format = strategy.contains("lora") ? Export.Format.ADAPTER : Export.Format.SAFETENSORS;
        var exported = Export.write(values, model, format, false, out, Extensions.NONE);
        assertThat(exported.remarks()).noneMatch(remark -> remark.contains("deviations"));
        Standard standard = standard(model);
        assertThat(standard).isNotEqualTo(Standard.NONE);
        assertThat(standard(out)).isEqualTo(Standard.NONE);
        try (var before = Safetensors.open(model.resolve(file)); var after = Safetensors.open(out.resolve(file))) {
            float[] weight = before.floats(layer + ".weight");
            for (int i = 0; i < weight.length; i++) {
                assertThat(after.floats(layer + ".weight")[i]).isEqualTo((float) (weight[i] * standard.deviation()));
            }
            assertThat(after.floats(layer + ".bias")[0]).isEqualTo((float) (before.floats(layer + ".bias")[0] * standard.deviation() + standard.mean()));
        }
        try (var before = Regressor.open(model); var after = Regressor.open(out)) {
            for (String text : List.of("a red saw", "with the small owl under a jar of the old fox")) {
                assertThat(after.predict(text)).isCloseTo(before.predict(text), within(1e-4));
            }
        }
    }

    private static Standard standard(Path model) {
        return Standard.of(((Map<?, ?>) JsonFiles.read(model.resolve("config.json")).get("cultivar")).get("standard"));
    }

    @Test
    void theGateNamesTheFirstLayerThatDiffers() throws IOException {
        Path source = new RunFiles(run).best().orElseThrow();
        Path changed = Files.createDirectories(folder.resolve("changed"));
        for (String name : List.of("config.json", "tokenizer.json", "tokenizer_config.json")) {
            Files.copy(source.resolve(name), changed.resolve(name));
        }
        byte[] weights = Files.readAllBytes(source.resolve("model.safetensors"));
        try (var stored = dev.cultivar.format.Safetensors.open(source.resolve("model.safetensors"))) {
            byte[] values = stored.bytes("bert.encoder.layer.1.output.dense.weight").toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
            int at = indexOf(weights, values);
            for (int i = 0; i < 64; i += 4) {
                weights[at + i + 3] ^= (byte) 0x80; // the sign of sixteen numbers
            }
        }
        Files.write(changed.resolve("model.safetensors"), weights);
        assertThatThrownBy(() -> ExportGate.require(source, changed, List.of("the red saw", "a cat"), Backbones.Custom.NONE))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("first in the output of layer 2");
        assertThat(ExportGate.require(source, source, List.of("the red saw"), Backbones.Custom.NONE).rows()).isEqualTo(1);
    }

    private static int indexOf(byte[] all, byte[] part) {
        for (int at = 0; at + part.length <= all.length; at++) {
            if (java.util.Arrays.equals(all, at, at + part.length, part, 0, part.length)) {
                return at;
            }
        }
        throw new IllegalStateException("not there");
    }
}

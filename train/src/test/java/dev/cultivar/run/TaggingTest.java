package dev.cultivar.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cultivar.batch.DataException;
import dev.cultivar.evaluate.Metric;
import dev.cultivar.format.CheckpointException;
import dev.cultivar.format.JsonFiles;
import dev.cultivar.format.ModelPlace;
import dev.cultivar.predict.AnswerKind;
import dev.cultivar.predict.Classifier;
import dev.cultivar.predict.Tagged;
import dev.cultivar.predict.TokenTagger;
import dev.cultivar.recipe.RecipeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// From tagged sentences to a model that tags words, and the ways in which such sentences are bad.
class TaggingTest {
    private static final String RECIPE = """
            seed: 3
            backbone: {kind: bert, layers: 1, width: 32, heads: 2, positions: 32, dropout: 0}
            tokenizer: {kind: wordpiece, vocabulary: 90}
            data:
              validation: {fraction: 0.2}
              columns: {text: tokens, label: tags}
            objective: {kind: token_classification}
            optimizer: {kind: adamw, learning_rate: 1e-2}
            horizon: {epochs: 8}
            batching: {rows: 16, max_length: 32}
            evaluate: {every: {epochs: 8}}
            checkpoint: {every: {epochs: 8}}
            device: {kind: cpu, threads: 1, precision: float32}
            """;

    @TempDir
    static Path folder;

    private static Path conll;
    private static TrainingRun.Result trained;

    /// Sentences in which `big` or `old` and an animal are one entity, a tool alone another.
    private static List<String[]> sentence(Random random) {
        List<String[]> words = new ArrayList<>();
        for (int i = 2 + random.nextInt(6); i > 0; i--) {
            switch (random.nextInt(4)) {
                case 0 -> {
                    words.add(new String[] {random.nextBoolean() ? "big" : "old", "B-ANIMAL"});
                    words.add(new String[] {List.of("cat", "dog", "hen", "fox").get(random.nextInt(4)), "I-ANIMAL"});
                }
                case 1 -> words.add(new String[] {List.of("saw", "axe", "pen").get(random.nextInt(3)), "B-TOOL"});
                default -> words.add(new String[] {List.of("sees", "the", "under", ",").get(random.nextInt(4)), "O"});
            }
        }
        return words;
    }

    @BeforeAll
    static void train() throws IOException {
        var random = new Random(7);
        var text = new StringBuilder("-DOCSTART- -X- O O\n\n");
        for (int i = 0; i < 160; i++) {
            sentence(random).forEach(word -> text.append(word[0]).append(" X ").append(word[1]).append('\n'));
            text.append(i % 20 == 19 ? "\n-DOCSTART- -X- O O\n\n" : "\n");
        }
        conll = Files.writeString(folder.resolve("animals.conll"), text);
        trained = run("conll", Tiny.recipe(RECIPE, conll));
    }

    private static TrainingRun.Result run(String name, dev.cultivar.recipe.Recipe recipe) {
        return TrainingRun.run(recipe, TrainingRun.Request.to(folder.resolve(name)));
    }

    private static double metric(TrainingRun.Result result, String name) {
        return result.best().get("validation").stream().filter(one -> one.name().equals(name)).mapToDouble(Metric::value).findFirst().orElseThrow();
    }

    @Test
    void tagsAreLearnedAndTransformersCanOpenThem() {
        assertThat(metric(trained, "f1")).isGreaterThan(0.95);
        assertThat(trained.best().get("validation")).extracting(Metric::name)
                .containsExactly("f1", "precision", "recall", "macro_f1", "accuracy", "loss");
        Map<String, Object> config = JsonFiles.read(ModelPlace.find(trained.folder().toString()).resolve("config.json"));
        assertThat(config.get("architectures")).isEqualTo(List.of("BertForTokenClassification"));
        assertThat(((Map<?, ?>) config.get("id2label")).values().stream().map(String::valueOf))
                .containsExactly("O", "B-ANIMAL", "I-ANIMAL", "B-TOOL", "I-TOOL");
        assertThat(AnswerKind.of(trained.folder().toString())).isEqualTo(AnswerKind.TAGS);
        assertThatThrownBy(() -> Classifier.open(trained.folder())).isInstanceOf(CheckpointException.class).hasMessageContaining("TokenTagger");
    }

    @Test
    void aTaggerFindsEntitiesWithTheirCharacters() {
        try (var tagger = TokenTagger.open(trained.folder())) {
            String text = "the (big  fox) sees, axe";
            Tagged tagged = tagger.tag(text);
            assertThat(tagged.words()).extracting(Tagged.Word::text).containsExactly("the", "(", "big", "fox", ")", "sees", ",", "axe");
            assertThat(tagged.entities()).allSatisfy(entity -> assertThat(text.substring(entity.start(), entity.end())).isEqualTo(entity.text()));
            assertThat(tagged.entities()).extracting(Tagged.Entity::type, Tagged.Entity::text).contains(
                    org.assertj.core.groups.Tuple.tuple("ANIMAL", "big  fox"), org.assertj.core.groups.Tuple.tuple("TOOL", "axe"));
            List<String> words = List.of("the", "old", "cat", "\u0000", "saw");
            Tagged given = tagger.tag(words);
            assertThat(given.words()).extracting(Tagged.Word::tag).containsExactly("O", "B-ANIMAL", "I-ANIMAL", "O", "B-TOOL");
            assertThat(given.words().get(3).score()).isZero();
            assertThat(given.text()).isEqualTo("the old cat \u0000 saw");
            assertThat(tagger.tagTexts(List.of("", "x", text))).element(2).isEqualTo(tagged);
        }
    }

    @Test
    void aTextThatIsLongerThanARowIsTaggedToItsEnd() {
        try (var tagger = TokenTagger.open(trained.folder())) {
            String text = "the big fox sees the axe , ".repeat(20).strip();
            Tagged tagged = tagger.tag(text);
            assertThat(tagged.words()).hasSize(140);
            assertThat(tagged.entities().stream().map(Tagged.Entity::text).collect(Collectors.groupingBy(each -> each, Collectors.counting())))
                    .containsEntry("big fox", 20L).containsEntry("axe", 20L);
        }
    }

    /// Lists in JSON, texts in a table: the same rows make the same run.
    @Test
    void listsAndTextsAreTheSameRows() throws IOException {
        var json = new StringBuilder();
        var csv = new StringBuilder("tokens\ttags\n");
        for (String block : Files.readString(conll).split("\n\n")) {
            List<String[]> words = block.lines().map(line -> line.split(" ")).filter(line -> !line[0].startsWith("-DOC")).toList();
            if (!words.isEmpty()) {
                json.append("{\"tokens\": ").append(list(words, 0)).append(", \"tags\": ").append(list(words, 2)).append("}\n");
                csv.append(words.stream().map(word -> word[0]).collect(Collectors.joining(" "))).append('\t')
                        .append(words.stream().map(word -> word[2]).collect(Collectors.joining("  "))).append('\n');
            }
        }
        Path lists = Files.writeString(folder.resolve("rows.jsonl"), json);
        Path texts = Files.writeString(folder.resolve("rows.tsv"), csv);
        var a = run("lists", Tiny.recipe(RECIPE, lists, "horizon={steps: 3}"));
        var b = run("texts", Tiny.recipe(RECIPE, texts, "horizon={steps: 3}"));
        assertThat(Tiny.tensors(b.folder())).isEqualTo(Tiny.tensors(a.folder()));
        Path parquet = folder.resolve("rows.parquet");
        try (var duckdb = java.sql.DriverManager.getConnection("jdbc:duckdb:"); var statement = duckdb.createStatement()) {
            statement.execute("copy (select * from read_json('" + lists + "')) to '" + parquet + "' (format parquet)");
        } catch (java.sql.SQLException failure) {
            throw new IllegalStateException(failure);
        }
        assertThat(Tiny.tensors(run("parquet", Tiny.recipe(RECIPE, parquet, "horizon={steps: 3}")).folder())).isEqualTo(Tiny.tensors(a.folder()));
    }

    private static String list(List<String[]> words, int column) {
        return words.stream().map(word -> '"' + word[column] + '"').collect(Collectors.joining(", ", "[", "]"));
    }

    @Test
    void documentsStayOnOneSide() {
        var recipe = Tiny.recipe(RECIPE, conll, "data.validation={fraction: 0.25, by: document}");
        var rows = (dev.cultivar.recipe.DataRecipe.Rows) recipe.data();
        var parts = dev.cultivar.data.Parts.open(rows, recipe.seed(), dev.cultivar.data.RowKind.TAGS);
        var held = parts.validation().orElseThrow().list().stream().map(dev.cultivar.data.Example::document).collect(Collectors.toSet());
        assertThat(held).hasSize(2).doesNotContain("");
        assertThat(parts.train().list()).extracting(dev.cultivar.data.Example::document).doesNotContainAnyElementsOf(held);
    }

    @Test
    void tagsThatBreakTheRulesAreRefusedWithTheirLineOrMended() throws IOException {
        Path broken = Files.writeString(folder.resolve("broken.conll"), "the O\nfox I-ANIMAL\n\nbig B-ANIMAL\nsaw I-TOOL\n\naxe B-TOOL\n");
        assertThatThrownBy(() -> run("broken", Tiny.recipe(RECIPE, broken, "data.validation=none", "evaluate.tasks=[]")))
                .isInstanceOf(DataException.class).hasMessageContaining("broken.conll:2: the tag I-ANIMAL of 'fox' continues nothing")
                .hasMessageContaining("2 such rows").hasMessageContaining("objective.tags=repair");
        var mended = Tiny.recipe(RECIPE, broken, "data.validation=none", "evaluate.tasks=[]", "objective.tags=repair", "horizon={steps: 1}",
                "checkpoint={every: {steps: 1}}");
        assertThat(run("mended", mended).progress().step()).isEqualTo(1);
        assertThat(Audits.of(mended, folder.resolve("audit")).rows().orElseThrow().findings()).anySatisfy(finding ->
                assertThat(finding.message()).contains("2 tags I- that continue nothing were read as B-").contains("broken.conll:2"));
        refused("word B-ANIMAL\nx ANIMAL\n", "bad.conll:2: 'ANIMAL' is no IOB2 tag");
        refused("word B-ANIMAL\nlonely\n", "bad.conll:2: has one column");
        refused("\n-DOCSTART- -X- O\n", "holds no word");
        Path uneven = Files.writeString(folder.resolve("uneven.jsonl"), "{\"tokens\": [\"a\", \"b\"], \"tags\": [\"O\"]}\n");
        assertThatThrownBy(() -> run("uneven", Tiny.recipe(RECIPE, uneven, "data.validation=none", "evaluate.tasks=[]"))).isInstanceOf(DataException.class)
                .hasMessageContaining("uneven.jsonl:1: has 2 words and 1 tags");
        assertThatThrownBy(() -> Tiny.recipe(RECIPE, conll, "data.columns={text: tokens}")).isInstanceOf(RecipeException.class)
                .hasMessageContaining("needs data.columns.label");
        assertThatThrownBy(() -> run("named", Tiny.recipe(RECIPE, conll, "data.columns={text: words, label: ner}")))
                .isInstanceOf(DataException.class).hasMessageContaining("{text: tokens, label: tags}");
    }

    private static void refused(String text, String message) throws IOException {
        Path file = Files.writeString(folder.resolve("bad.conll"), text);
        assertThatThrownBy(() -> run("bad", Tiny.recipe(RECIPE, file, "data.validation=none", "evaluate.tasks=[]")))
                .isInstanceOf(DataException.class).hasMessageContaining(message);
    }
}

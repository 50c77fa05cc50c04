package dev.cultivar.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.DriverManager;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The verbs around a trained classifier, each as a user types it, on a tiny model and table.
class MainJobTest {
    private static final List<String> WORDS = List.of("card", "parcel", "refund", "door", "invoice", "courier", "charged", "late");

    @TempDir
    static Path folder;

    private static Path recipe;
    private static String base;
    private static String run;

    private final Captured seen = new Captured();

    @BeforeAll
    static void train() throws IOException {
        Path text = Files.writeString(folder.resolve("text.txt"), lines(60));
        Path table = Files.writeString(folder.resolve("table.csv"), "body,queue\n" + IntStream.range(0, 60)
                .mapToObj(i -> sentence(i) + "," + (i % 2 == 0 ? "billing" : "delivery"))
                .collect(Collectors.joining("\n")));
        Path pretrain = Files.writeString(folder.resolve("pretrain.yaml"), """
                backbone: {kind: bert, layers: 1, width: 16, heads: 2, positions: 32}
                tokenizer: {kind: wordpiece, vocabulary: 120}
                data: {train: {file: '%s'}, validation: {fraction: 0.2}}
                objective: masked_lm
                optimizer: {kind: adamw, learning_rate: 2e-3}
                horizon: {steps: 2}
                batching: {rows: 8, max_length: 32}
                device: {threads: 1, precision: float32}
                """.formatted(text));
        base = folder.resolve("base").toString();
        recipe = Files.writeString(folder.resolve("tickets.yaml"), """
                backbone: {kind: pretrained, model: '%s'}
                data:
                  train: {file: '%s'}
                  validation: {fraction: 0.2}
                  columns: {text: body, label: queue}
                objective: {kind: classification, pooling: mean}
                optimizer: {kind: adamw, learning_rate: 5e-3}
                horizon: {steps: 4}
                batching: {rows: 16, max_length: 32}
                checkpoint: {every: {steps: 2}}
                device: {threads: 1, precision: float32}
                """.formatted(base, table));
        run = folder.resolve("run").toString();
        var console = new Captured();
        assertThat(console.run("train", pretrain.toString(), "--out", base)).as(console.err()).isEqualTo(Exit.DONE);
        assertThat(console.run("train", recipe.toString(), "--out", run)).as(console.err()).isEqualTo(Exit.DONE);
    }

    private static String sentence(int i) {
        return "my " + WORDS.get(i % 8) + " was " + WORDS.get(i / 8 % 8) + " please help " + WORDS.get(i / 64 % 8);
    }

    private static String lines(int count) {
        return IntStream.range(0, count).mapToObj(MainJobTest::sentence).collect(Collectors.joining("\n")) + "\n";
    }

    private JsonNode json() {
        return JsonMapper.shared().readTree(seen.out());
    }

    @Test
    void predictShowsATable() {
        assertThat(seen.run("predict", run, "my card was charged", "my parcel is late " + "again ".repeat(40))).isEqualTo(Exit.DONE);
        assertThat(seen.out().lines()).first().asString().contains("label", "score", "then", "text");
        assertThat(seen.out()).contains("my card was charged");
        assertThat(seen.err()).contains("1 texts were longer");
    }

    @Test
    void predictAnswersPrograms() {
        assertThat(seen.run("predict", run, "my card was charged", "--json")).isEqualTo(Exit.DONE);
        JsonNode answer = json().get("predictions").get(0);
        assertThat(answer.get("row").asInt()).isEqualTo(1);
        String label = answer.get("label").asString();
        assertThat(answer.get("scores").get(label).asDouble()).isBetween(0.5, 1.0);
        assertThat(answer.get("scores").properties()).extracting(java.util.Map.Entry::getKey).containsExactlyInAnyOrder("billing", "delivery");
    }

    @Test
    void predictAnswersEveryKindOfFileAlikeAndInOrder() throws Exception {
        Path csv = Files.writeString(folder.resolve("in.csv"), "id,body\n" + IntStream.range(0, 600)
                .mapToObj(i -> i + "," + sentence(i)).collect(Collectors.joining("\n")));
        Path tsv = Files.writeString(folder.resolve("in.tsv"), Files.readString(csv).replace(',', '\t'));
        Path jsonl = Files.writeString(folder.resolve("in.jsonl"), IntStream.range(0, 600)
                .mapToObj(i -> "{\"body\": \"" + sentence(i) + "\"}").collect(Collectors.joining("\n")));
        Path text = Files.writeString(folder.resolve("in.txt"), lines(600));
        Path parquet = folder.resolve("in.parquet");
        try (var duckdb = DriverManager.getConnection("jdbc:duckdb:"); var statement = duckdb.createStatement()) {
            statement.execute("copy (select * from read_csv('" + csv + "')) to '" + parquet + "' (format parquet)");
        }
        Path expected = answers(csv);
        assertThat(Files.readAllLines(expected)).hasSize(600);
        for (Path file : List.of(tsv, jsonl, text, parquet)) {
            assertThat(answers(file)).hasSameTextualContentAs(expected);
        }
        JsonNode last = JsonMapper.shared().readTree(Files.readAllLines(expected).getLast());
        assertThat(last.get("row").asInt()).isEqualTo(600);
        assertThat(seen.run("predict", run, sentence(599), "--json")).isEqualTo(Exit.DONE);
        assertThat(json().get("predictions").get(0).get("scores")).isEqualTo(last.get("scores"));
    }

    private Path answers(Path file) {
        Path out = folder.resolve("out/" + file.getFileName() + ".answers");
        var console = new Captured();
        assertThat(console.run("predict", run, "--input", file.toString(), "--output", out.toString())).as(console.err()).isEqualTo(Exit.DONE);
        assertThat(console.err()).contains("600 rows answered");
        return out;
    }

    @Test
    void aFileThatCannotBeAnsweredLeavesNothing() throws IOException {
        Path out = folder.resolve("partial.jsonl");
        Path holes = Files.writeString(folder.resolve("holes.csv"), "id,body\n1,my card\n2,\n");
        assertThat(seen.run("predict", run, "--input", holes.toString(), "--output", out.toString())).isEqualTo(Exit.FAILED);
        assertThat(seen.err()).contains("holes.csv:3", "column 'body' is empty");
        Path other = Files.writeString(folder.resolve("other.csv"), "id,text\n1,my card\n");
        assertThat(seen.run("predict", run, "--input", other.toString(), "--output", out.toString())).isEqualTo(Exit.FAILED);
        assertThat(seen.err()).contains("no column 'body'");
        assertThat(out).doesNotExist();
        assertThat(folder.resolve(".partial.jsonl.writing")).doesNotExist();
    }

    @Test
    void predictNeedsOneKindOfInputAndAClassifier() {
        assertThat(seen.run("predict", run)).isEqualTo(Exit.USAGE);
        assertThat(seen.run("predict", run, "text", "--input", "x.csv")).isEqualTo(Exit.USAGE);
        assertThat(seen.err()).contains("one of the two");
        assertThat(seen.run("predict", base, "text")).isEqualTo(Exit.FAILED);
        assertThat(seen.err()).contains("no classifier", "BertForMaskedLM");
    }

    @Test
    void evaluateGivesMetricsWithIntervals() {
        assertThat(seen.run("evaluate", run, "--json")).isEqualTo(Exit.DONE);
        JsonNode accuracy = json().get("metrics").get("accuracy");
        assertThat(accuracy.get("value").asDouble()).isBetween(accuracy.get("low").asDouble(), accuracy.get("high").asDouble());
        assertThat(json().get("task").asString()).isEqualTo("validation");
        var table = new Captured();
        assertThat(table.run("evaluate", base, "--task", "train")).isEqualTo(Exit.DONE);
        assertThat(table.out()).contains("train", "loss", "perplexity", "[");
        assertThat(table.run("evaluate", run, "--task", "test")).isEqualTo(Exit.USAGE);
        assertThat(table.err()).contains("test");
    }

    @Test
    void auditShowsRowsAndFailsAboveThresholds() {
        assertThat(seen.run("audit", recipe.toString())).as(seen.out()).isEqualTo(Exit.DONE);
        assertThat(seen.out()).contains("part", "train", "validation", "billing", "[CLS]");
        var strict = new Captured();
        assertThat(strict.run("audit", recipe.toString(), "batching.max_length=6", "--json")).isEqualTo(Exit.FAILED);
        JsonNode document = JsonMapper.shared().readTree(strict.out());
        assertThat(document.get("failed").asBoolean()).isTrue();
        assertThat(document.get("findings").get(0).get("message").asString()).contains("are cut at 6 tokens");
    }

    @Test
    void trainTellsWhatTheAuditFindsAndAStrictRecipeRefuses() {
        Path out = folder.resolve("strict");
        assertThat(seen.run("train", recipe.toString(), "batching={rows: 8, max_length: 6}", "audit={mode: strict}", "--out", out.toString()))
                .isEqualTo(Exit.USAGE);
        assertThat(seen.err()).contains("are cut at 6 tokens");
        assertThat(out.resolve("recipe.yaml")).doesNotExist();
        var warned = new Captured();
        assertThat(warned.run("train", recipe.toString(), "batching={rows: 8, max_length: 6}", "--out", out.toString())).isEqualTo(Exit.DONE);
        assertThat(warned.err().indexOf("audit: ")).isBetween(0, warned.err().indexOf("step 1/"));
        assertThat(warned.out()).doesNotContain("audit: ");
    }

    @Test
    void inspectShowsModulesAndProvesCheckpoints() throws IOException {
        assertThat(seen.run("inspect", run)).isEqualTo(Exit.DONE);
        assertThat(seen.out()).contains("encoder.layer.0", "classifier", "[2, 16]", "billing, delivery", "F32", "step-000004", "last", "as written");
        var answering = new Captured();
        assertThat(answering.run("inspect", base, "--json")).isEqualTo(Exit.DONE);
        JsonNode document = JsonMapper.shared().readTree(answering.out());
        assertThat(document.get("sound").asBoolean()).isTrue();
        assertThat(document.get("tensors").size()).isGreaterThan(10);

        Path damaged = folder.resolve("damaged");
        try (var files = Files.walk(Path.of(base))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path to = damaged.resolve(Path.of(base).relativize(file));
                Files.createDirectories(to.getParent());
                Files.copy(file, to);
            }
        }
        Files.createSymbolicLink(damaged.resolve("checkpoints/last"), Path.of("step-000002"));
        Files.writeString(damaged.resolve("checkpoints/step-000002/provenance.json"), " ", StandardOpenOption.APPEND);
        var broken = new Captured();
        assertThat(broken.run("inspect", damaged.toString())).isEqualTo(Exit.FAILED);
        assertThat(broken.out()).contains("provenance.json has");
    }

    @Test
    void tokenizerTrainWritesAFileThatARecipeTakes() {
        Path out = folder.resolve("made/tokenizer.json");
        assertThat(seen.run("tokenizer", "train", folder.resolve("text.txt").toString(), "--out", out.toString(), "--vocabulary", "100"))
                .isEqualTo(Exit.DONE);
        assertThat(seen.out()).contains("pieces");
        assertThat(seen.run("train", recipe.toString(), "backbone={kind: bert, layers: 1, width: 16, heads: 2, positions: 32}",
                "tokenizer={kind: file, file: '" + out + "'}", "--dry-run")).isEqualTo(Exit.DONE);
        assertThat(seen.run("tokenizer", "train", folder.resolve("text.txt").toString(), "--out", out.toString(), "--vocabulary", "8"))
                .isEqualTo(Exit.USAGE);
        assertThat(seen.err()).contains("vocabulary of 8 is too small");
    }
}

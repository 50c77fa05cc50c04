package dev.cultivar.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cultivar.format.JsonFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The job of a newcomer, verb after verb, on a text and a table of a few rows.
class JobTest {
    private static final Path RECIPES = Path.of(System.getProperty("cultivar.root", ".")).resolve("recipes");

    @TempDir
    static Path folder;

    @BeforeAll
    static void trains() throws IOException {
        Files.writeString(folder.resolve("manual.txt"), "the printer prints a page\nthe bill names a sum\n\npay the bill in time\nthe page is empty\n\n".repeat(30));
        StringBuilder table = new StringBuilder("body,queue\n");
        for (int i = 0; i < 40; i++) {
            table.append(i % 2 == 0 ? "the page number " + i + " is empty,printers\n" : "the bill number " + i + " is wrong,billing\n");
        }
        Files.writeString(folder.resolve("tickets.csv"), table);
        var seen = new Captured();
        assertThat(seen.run(
                        "train", RECIPES.resolve("bert-mini.yaml").toString(), "data.train.file=" + folder.resolve("manual.txt"), "tokenizer.vocabulary=120",
                        "backbone.width=16", "horizon={steps: 8}", "evaluate.every={steps: 4}", "checkpoint.every={steps: 4}", "--out", at("language")))
                .as(seen.err())
                .isEqualTo(Exit.DONE);
        assertThat(seen.err()).contains("step 8/8");
        assertThat(seen.run(
                        "train", RECIPES.resolve("classify.yaml").toString(), "backbone.model=" + at("language"), "data.train.file=" + at("tickets.csv"),
                        "data.columns={text: body, label: queue}", "data.validation={fraction: 0.2}", "horizon={epochs: 3}", "--out", at("queue")))
                .as(seen.err())
                .isEqualTo(Exit.DONE);
    }

    private static String at(String name) {
        return folder.resolve(name).toString();
    }

    private static Map<String, ?> json(String... words) {
        var seen = new Captured();
        assertThat(seen.run(words)).as(seen.err()).isEqualTo(Exit.DONE);
        return JsonFiles.parse(seen.out(), String.join(" ", words));
    }

    @Test
    void aRunLeavesItsFolder() {
        assertThat(folder.resolve("queue")).isDirectoryContaining("glob:**report.html").isDirectoryContaining("glob:**README.md");
        assertThat(folder.resolve("queue/checkpoints/best/model.safetensors")).exists();
    }

    @Test
    void evaluateGivesMetricsWithIntervals() {
        assertThat(json("evaluate", at("queue"), "--json").get("metrics")).asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
                .containsKeys("accuracy", "macro_f1", "loss");
        assertThat(json("evaluate", at("language"), "--json").get("metrics")).asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
                .containsKeys("loss", "perplexity");
    }

    @Test
    void predictAnswersTextsAndFiles() throws IOException {
        assertThat(json("predict", at("queue"), "the page is empty", "the bill is wrong", "--json").get("predictions"))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
                .hasSize(2);
        Path out = folder.resolve("answers.jsonl");
        var seen = new Captured();
        assertThat(seen.run("predict", at("queue"), "--input", at("tickets.csv"), "--output", out.toString())).as(seen.err()).isEqualTo(Exit.DONE);
        List<String> lines = Files.readAllLines(out);
        assertThat(lines).hasSize(40);
        assertThat(JsonFiles.parse(lines.get(2), "line").get("row")).isEqualTo(3L);
        assertThat(seen.run("predict", at("queue"))).isEqualTo(Exit.USAGE);
    }

    @Test
    void inspectAndReportReadTheFolder() {
        assertThat(json("inspect", at("queue"), "--json").get("labels")).isEqualTo(List.of("billing", "printers"));
        var seen = new Captured();
        assertThat(seen.run("report", at("language"), "--out", at("seen.html"))).as(seen.err()).isEqualTo(Exit.DONE);
        assertThat(folder.resolve("seen.html")).content().contains("<svg");
        assertThat(folder.resolve("seen.md")).exists();
    }

    @Test
    void auditFailsOnWhatExceedsItsThresholds() throws IOException {
        var seen = new Captured();
        assertThat(seen.run(
                        "audit", RECIPES.resolve("classify.yaml").toString(), "backbone.model=" + at("language"), "data.train.file=" + at("tickets.csv"),
                        "data.columns={text: body, label: queue}", "data.validation=none", "stopping=none", "evaluate.tasks=[]"))
                .as(seen.out())
                .isEqualTo(Exit.FAILED); // the language model has never seen a digit
        assertThat(seen.out()).contains("unknown");
        Files.writeString(folder.resolve("one.csv"), "body,queue\nthe page,printers\nthe bill,printers\n");
        String strict = "audit={mode: strict}";
        assertThat(seen.run(
                        "train", RECIPES.resolve("classify.yaml").toString(), "backbone.model=" + at("language"), "data.train.file=" + at("one.csv"),
                        "data.columns={text: body, label: queue}", "data.validation=none", "stopping=none", "evaluate.tasks=[]", strict, "--out", at("strict")))
                .isEqualTo(Exit.USAGE);
        assertThat(seen.err()).contains("audit:");
        assertThat(folder.resolve("strict/recipe.yaml")).doesNotExist();
    }

    @Test
    void tokenizersTrainAlone() {
        assertThat(json("tokenizer", "train", at("manual.txt"), "--out", at("pieces"), "--vocabulary", "100", "--json").get("pieces")).isNotNull();
        assertThat(folder.resolve("pieces/tokenizer.json")).exists();
        assertThat(json("tokenizer", "train", at("manual.txt"), "--kind", "bpe", "--out", at("bytes"), "--vocabulary", "260", "--json").get("pieces"))
                .hasToString("260");
        assertThat(json("tokenizer", "train", at("manual.txt"), "--kind", "words", "--out", at("words"), "--vocabulary", "17", "--json").get("pieces"))
                .hasToString("17");
        assertThat(json("tokenizer", "train", at("manual.txt"), "--kind", "chars", "--out", at("chars"), "--no-unknown", "--json"))
                .satisfies(said -> assertThat(said.get("pieces")).isEqualTo(said.get("alphabet")));
        var seen = new Captured();
        assertThat(seen.run("tokenizer", "train", at("manual.txt"), "--kind", "bpe", "--out", at("bytes"), "--vocabulary", "256")).isEqualTo(Exit.USAGE);
        assertThat(seen.err()).contains("Ask for at least 257");
        assertThat(seen.run("tokenizer", "train", at("manual.txt"), "--kind", "chars", "--out", at("chars"), "--vocabulary", "256")).isEqualTo(Exit.USAGE);
        assertThat(seen.err()).contains("--vocabulary is for --kind wordpiece or bpe or words, got --kind chars");
    }

    @Test
    void rowsThatChangedAreRefusedOnResume() throws IOException {
        Path table = folder.resolve("changing.csv");
        Files.writeString(table, Files.readString(folder.resolve("tickets.csv")));
        String[] words = {
            "train", RECIPES.resolve("classify.yaml").toString(), "backbone.model=" + at("language"), "data.train.file=" + table,
            "data.columns={text: body, label: queue}", "data.validation={fraction: 0.2}", "horizon={steps: 2}", "--out", at("changing"), "--resume"
        };
        var seen = new Captured();
        assertThat(seen.run(words)).as(seen.err()).isEqualTo(Exit.DONE);
        Files.writeString(table, "the page is full,printers\n", java.nio.file.StandardOpenOption.APPEND);
        assertThat(seen.run(words)).isEqualTo(Exit.USAGE);
        assertThat(seen.err()).contains("rows are not those that the run began with", "resume=inexact");
    }
}

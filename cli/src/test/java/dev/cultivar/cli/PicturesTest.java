package dev.cultivar.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cultivar.image.PictureReader;
import dev.cultivar.study.LabelStudy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Pictures on the command line: a model that draws them, and one that reads them.
class PicturesTest {
    private final Captured seen = new Captured();

    @TempDir
    private Path folder;

    private String at(String name) {
        return folder.resolve(name).toString();
    }

    private void train(String recipe, String out, String... overrides) {
        List<String> words = new ArrayList<>(List.of("train", Path.of(System.getProperty("cultivar.root", ".")).resolve("recipes/" + recipe).toString()));
        words.addAll(List.of("data.train.rows=60", "data.validation.rows=20", "data.height=14", "horizon={steps: 4}", "batching.rows=8", "device.threads=1"));
        words.addAll(List.of(overrides));
        words.addAll(List.of("--out", at(out)));
        assertThat(seen.run(words.toArray(String[]::new))).as(seen.err()).isEqualTo(Exit.DONE);
    }

    @Test
    void whatOneDrawsTheOtherReads() throws IOException {
        train("vae-digits.yaml", "vae", "backbone.hidden=[16]", "objective.latent=4");
        assertThat(Files.readString(folder.resolve("vae/report.html"))).contains("Samples at step 4", "data:image/png;base64,");
        assertThat(PictureReader.read(folder.resolve("vae/samples/step-000004.png")).width()).isGreaterThan(10 * 14);
        assertThat(seen.run("generate", at("vae"), "--count", "12", "--label", "7", "--out", at("sevens"))).as(seen.err()).isEqualTo(Exit.DONE);
        try (var files = Files.list(folder.resolve("sevens"))) {
            assertThat(files.map(file -> file.getFileName().toString())).hasSize(13).contains("000000-7.png", "000011-7.png", "sheet.png");
        }
        assertThat(PictureReader.read(folder.resolve("sevens/000003-7.png")).height()).isEqualTo(14);
        train("cnn-digits.yaml", "cnn", "backbone.filters=[4]");
        assertThat(seen.run("predict", at("cnn"), at("sevens/000003-7.png"), "--json")).as(seen.err()).isEqualTo(Exit.DONE);
        String out = seen.out();
        JsonNode predictions = JsonMapper.shared().readTree(out.substring(out.lastIndexOf("{\"predictions\"") < 0 ? out.indexOf('{') : out.lastIndexOf("{\"predictions\""))).get("predictions");
        assertThat(predictions.get(0).get("scores").size()).isEqualTo(10);
        assertThat(Files.readString(folder.resolve("cnn/report.html"))).contains("taken for which").doesNotContain("<img");
        assertThat(seen.run("report", at("cnn"), "--picture", at("sevens/000003-7.png"), "--picture", at("sevens/000004-7.png"), "--out", at("asked.html")))
                .as(seen.err()).isEqualTo(Exit.DONE);
        assertThat(Files.readString(folder.resolve("asked.html")).split("<img", -1)).as("two pictures, each with its map").hasSize(1 + 4);
        assertThat(Files.readString(folder.resolve("asked.md"))).contains("000003-7.png", "| picture | label | probability | then |");
        assertThat(seen.run("report", at("cnn"), "--examples")).as(seen.err()).isEqualTo(Exit.DONE);
        assertThat(Files.readString(folder.resolve("cnn/report.html"))).contains("misread most surely", "speaks for");
        assertThat(seen.run("report", at("cnn"))).isEqualTo(Exit.DONE);
        assertThat(Files.readString(folder.resolve("cnn/report.html"))).as("asked once, shown once").doesNotContain("<img");
        assertThat(seen.run("report", at("vae"), "--picture", at("sevens/000003-7.png"))).isEqualTo(Exit.FAILED);
        assertThat(seen.run("audit", Path.of(System.getProperty("cultivar.root", ".")).resolve("recipes/cnn-digits.yaml").toString(), "data.train.rows=30",
                "data.validation.rows=10")).as(seen.err()).isEqualTo(Exit.DONE);
        assertThat(seen.out()).contains("pictures  repeated  leaked");
    }

    @Test
    void aStudyIsRunAndReported() {
        assertThat(seen.run("study", "--help")).isEqualTo(Exit.DONE);
        assertThat(LabelStudy.kinds()).isNotEmpty().allSatisfy(kind -> assertThat(seen.out()).containsPattern("  " + kind.name() + " +" + kind.line() + "\n"));
        String[] words = {"study", "digits", "--networks", "mlp", "--labels", "20", "--out", at("study"), "horizon={steps: 2}", "data.train.rows=200",
            "data.height=14", "digits-pretrain:data.validation.rows=20", "--json"};
        assertThat(seen.run(words)).as(seen.err()).isEqualTo(Exit.DONE);
        assertThat(seen.out()).contains("\"training\" : \"scratch\"", "\"findings\"");
        assertThat(folder.resolve("study/report.html")).exists();
        assertThat(seen.run("report", at("study"), "--out", at("again.html"))).as(seen.err()).isEqualTo(Exit.DONE);
        assertThat(folder.resolve("again.html")).hasSameTextualContentAs(folder.resolve("study/report.html"));
        assertThat(seen.run("study", "weather")).isEqualTo(Exit.USAGE);
        assertThat(seen.run("study", "digits", "--networks", "alexnet")).isEqualTo(Exit.USAGE);
        assertThat(seen.run("study", "digits", "--out", at("other"), "digits-simclr:seed=3")).isEqualTo(Exit.USAGE);
        assertThat(seen.err()).contains("there is no study called weather; there are [digits", "there is no network called alexnet", "digits-classify");
    }

    @Test
    void aClassifierJudgesWhatAnotherModelDraws() throws IOException {
        train("vae-digits.yaml", "vae", "backbone.hidden=[16]", "objective.latent=4");
        assertThat(Files.readString(folder.resolve("vae/report.html"))).contains("Copies", "as near as a copy");
        assertThat(seen.err()).contains("copies: in pixels ");
        train("cnn-digits.yaml", "cnn", "backbone.filters=[4]");
        Captured judged = new Captured();
        assertThat(judged.run("evaluate", at("vae"), "--judge", at("cnn"), "--json")).as(judged.err()).isEqualTo(Exit.DONE);
        JsonNode said = JsonMapper.shared().readTree(judged.out());
        for (String metric : List.of("frechet", "sample_precision", "sample_recall", "class_agreement")) {
            assertThat(said.get("metrics").has(metric)).as(metric).isTrue();
        }
        assertThat(said.get("copies").get("spaces").has("features")).isTrue();
        assertThat(said.get("copies").get("spaces").get("pixels").get("as_near_as_a_copy").has("low")).isTrue();
        Captured refused = new Captured();
        assertThat(refused.run("evaluate", at("cnn"), "--judge", at("cnn"))).isEqualTo(Exit.USAGE);
        assertThat(refused.err()).contains("judges what a model draws, and this one draws nothing");
        Captured alone = new Captured();
        assertThat(alone.run("evaluate", at("vae"))).as(alone.err()).isEqualTo(Exit.DONE);
        assertThat(alone.out()).contains("copies: in pixels ").doesNotContain("frechet");
    }

    @Test
    void mistakesAreSaid() {
        assertThat(seen.run("generate", "nowhere", "--prompt", "x", "--out", at("out"))).isEqualTo(Exit.USAGE);
        assertThat(seen.run("generate", "nowhere", "--count", "3")).isEqualTo(Exit.USAGE);
        assertThat(seen.run("generate", "nowhere", "--out", at("out"), "--greedy")).isEqualTo(Exit.USAGE);
        assertThat(seen.run("generate", "nowhere", "--out", at("out"), "--count", "0")).isEqualTo(Exit.USAGE);
        assertThat(seen.run("quickstart", "--task", "letters")).isEqualTo(Exit.USAGE);
        assertThat(seen.run("quickstart", "--seeds", "2")).isEqualTo(Exit.USAGE);
        assertThat(seen.err()).contains("give --out DIR").contains("--count must be from 1").contains("--task is words or digits, got letters")
                .contains("are for --task digits");
        train("cnn-digits.yaml", "cnn", "backbone.filters=[4]");
        assertThat(seen.run("generate", at("cnn"), "--out", at("out"))).isEqualTo(Exit.FAILED);
        assertThat(seen.err()).contains("does not make pictures");
    }
}

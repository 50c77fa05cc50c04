package dev.cultivar.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cultivar.image.Picture;
import dev.cultivar.image.PictureWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Attention in reports on the command line.
class AttentionTest {
    private static final String TRAINING = """
            optimizer: {kind: adamw, learning_rate: 1e-3}
            horizon: {steps: 2}
            batching: {rows: 8, max_length: 24}
            evaluate: {every: {steps: 2}}
            checkpoint: {every: {steps: 2}}
            device: {kind: cpu, threads: 1, precision: float32}
            """;
    private static final String TEXTS = """
            seed: 3
            backbone: {kind: bert, layers: 2, width: 16, heads: 2, positions: 24}
            tokenizer: {kind: wordpiece, vocabulary: 60}
            data: {train: {file: rows.csv}, validation: {fraction: 0.2}, columns: {text: text, label: label}}
            objective: {kind: classification}
            """;
    private static final String PICTURES = """
            seed: 3
            backbone: %s
            data: {kind: images, train: {glyphs: digits, rows: 20}, validation: {glyphs: digits, rows: 10, seed: 4}, height: 12}
            objective: {kind: classification}
            """;

    private final Captured seen = new Captured();

    @TempDir
    private Path folder;

    private String at(String name) {
        return folder.resolve(name).toString();
    }

    private void train(String recipe, String out) throws IOException {
        Files.writeString(folder.resolve(out + ".yaml"), recipe + TRAINING.replace(", max_length: 24", recipe.contains("images") ? "" : ", max_length: 24"));
        assertThat(seen.run("train", at(out + ".yaml"), "--out", at(out))).as(seen.err()).isEqualTo(Exit.DONE);
    }

    private void texts() throws IOException {
        var rows = new StringBuilder("text,label\n");
        for (int i = 0; i < 40; i++) {
            rows.append(i % 2 == 0 ? "the old cat sees a dog " : "a red axe holds two pens ").append(i).append(i % 2 == 0 ? ",animal\n" : ",tool\n");
        }
        Files.writeString(folder.resolve("rows.csv"), rows);
        train(TEXTS.replace("rows.csv", at("rows.csv")), "texts");
    }

    private static long count(String text, String part) {
        return Pattern.compile(Pattern.quote(part)).matcher(text).results().count();
    }

    @Test
    void aTextsAttentionIsAddedToARunsReport() throws IOException {
        texts();
        assertThat(Files.readString(folder.resolve("texts/report.html"))).doesNotContain("Attention rollout");
        assertThat(seen.run("report", at("texts"), "--attention", "the old cat sees a dog", "--pair", "a red axe")).as(seen.err()).isEqualTo(Exit.DONE);
        String html = Files.readString(folder.resolve("texts/report.html"));
        assertThat(html).contains("Training loss", "Attention rollout", "From the first token, [CLS].", "Layer 2 of 2", "the old cat sees a dog", "a red axe", "[SEP]");
        assertThat(count(html, "class=\"right part\"")).isEqualTo(2 * 2);
        assertThat(html.indexOf("Attention rollout")).isLessThan(html.indexOf("Resolved recipe"));
        assertThat(Files.readString(folder.resolve("texts/report.md"))).contains("**Layer 1 of 2, the mean of its 2 heads, and each of them**");
        assertThat(seen.run("report", at("texts/checkpoints/last"), "--attention", "cat ".repeat(60), "--out", at("own.html"))).as(seen.err()).isEqualTo(Exit.DONE);
        assertThat(seen.out()).contains("report: " + at("own.html"));
        assertThat(Files.readString(folder.resolve("own.html"))).doesNotContain("Training loss").contains("24; ", "more were left out");
    }

    @Test
    void whatCannotBeShownIsSaid() throws IOException {
        texts();
        PictureWriter.png(folder.resolve("grey.png"), new Picture(12, 12, 1, new byte[144]));
        assertThat(seen.run("report", at("texts"), "--attention", " ")).isEqualTo(Exit.USAGE);
        assertThat(seen.run("report", at("texts"), "--pair", "a dog")).isEqualTo(Exit.USAGE);
        assertThat(seen.run("report", at("texts"), "--attention", at("grey.png"))).isEqualTo(Exit.USAGE);
        Files.createDirectories(folder.resolve("study"));
        Files.writeString(folder.resolve("study/study.json"), "{}");
        assertThat(seen.run("report", at("study"), "--attention", "a dog")).isEqualTo(Exit.USAGE);
        assertThat(seen.err()).contains("is a study of several models").contains("the text is empty").contains("--pair needs --attention").contains("reads texts, and " + at("grey.png") + " is a file");
    }

    @Test
    void aPicturesAttentionIsLaidOverIt() throws IOException {
        train(PICTURES.formatted("{kind: vit, patch: 4, width: 8, heads: 2, layers: 3}"), "vit");
        PictureWriter.png(folder.resolve("grey.png"), new Picture(20, 12, 1, new byte[240]));
        assertThat(seen.run("report", at("vit"), "--attention", at("grey.png"))).as(seen.err()).isEqualTo(Exit.DONE);
        String html = Files.readString(folder.resolve("vit/report.html"));
        assertThat(html).contains("grey.png, cut into 3 x 3 patches", "layer, 3 of 3,", "head 2, ");
        assertThat(count(html, "data:image/png;base64,")).isEqualTo(2 + 2);
        assertThat(seen.run("report", at("vit"), "--attention", "the old cat")).isEqualTo(Exit.USAGE);
        assertThat(seen.run("report", at("vit"), "--attention", at("grey.png"), "--pair", "a dog")).isEqualTo(Exit.USAGE);
        train(PICTURES.formatted("{kind: cnn, filters: [4], kernel: 3, pool: 4}"), "cnn");
        assertThat(seen.run("report", at("cnn"), "--attention", at("grey.png"))).isEqualTo(Exit.USAGE);
        assertThat(seen.err()).contains("there is no file the old cat").contains("looks at one picture").contains("no attention to show: it is of type cnn");
    }
}

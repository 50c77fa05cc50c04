package dev.cultivar.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Searching on the command line: among drawn digits, and among texts.
class SearchTest {
    private Captured seen = new Captured();

    @TempDir
    private Path folder;

    private String at(String name) {
        return folder.resolve(name).toString();
    }

    private Exit run(String... words) {
        seen = new Captured();
        return seen.run(words);
    }

    private void done(String... words) {
        assertThat(run(words)).as(seen.err()).isEqualTo(Exit.DONE);
    }

    private JsonNode json(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.add("--json");
        done(all.toArray(String[]::new));
        return JsonMapper.shared().readTree(seen.out());
    }

    private void train(String recipe, String out, String... overrides) {
        List<String> words = new ArrayList<>(List.of("train", Path.of(System.getProperty("cultivar.root", ".")).resolve("recipes/" + recipe).toString()));
        words.addAll(List.of("data.train.rows=60", "data.validation.rows=20", "data.height=14", "horizon={steps: 4}", "batching.rows=8", "device.threads=1"));
        words.addAll(List.of(overrides));
        words.addAll(List.of("--out", at(out)));
        done(words.toArray(String[]::new));
    }

    @Test
    void pictures() throws IOException {
        train("vae-digits.yaml", "vae", "backbone.hidden=[16]", "objective.latent=4");
        done("generate", at("vae"), "--count", "12", "--out", at("drawn/some"));
        Files.delete(folder.resolve("drawn/some/sheet.png"));
        Files.createDirectory(folder.resolve("drawn/more"));
        Path asked = folder.resolve("drawn/some/000003-3.png");
        Files.copy(asked, folder.resolve("drawn/more/same.png"));
        train("cnn-digits.yaml", "cnn", "backbone.filters=[4]");
        train("cnn-digits.yaml", "other", "backbone.filters=[4]", "seed=77");

        JsonNode found = json("search", at("cnn"), asked.toString(), "--among", at("drawn"), "--top", "3", "--index", at("drawn.index"));
        assertThat(found.get("searched").asInt()).isEqualTo(13);
        JsonNode hits = found.get("queries").get(0).get("found");
        assertThat(hits.size()).isEqualTo(3);
        assertThat(List.of(hits.get(0).get("file").asString(), hits.get(1).get("file").asString()))
                .containsExactly(folder.resolve("drawn/more/same.png").toString(), asked.toString());
        assertThat(hits.get(1).get("similarity").asDouble()).isGreaterThan(0.999_99);
        assertThat(hits.get(2).get("similarity").asDouble()).isLessThan(hits.get(1).get("similarity").asDouble());
        assertThat(seen.err()).contains("13 vectors are kept in");

        done("search", at("cnn"), asked.toString(), "--among", at("drawn"), "--top", "3", "--index", at("drawn.index"));
        assertThat(seen.err()).contains("13 vectors from " + at("drawn.index"));
        assertThat(seen.out().lines().skip(1).filter(line -> !line.isBlank()).map(line -> line.strip().split(" +")[0]).toList())
                .containsExactly("rank", "────", "1", "2", "3");

        byte[] index = Files.readAllBytes(folder.resolve("drawn.index"));
        assertThat(run("search", at("other"), asked.toString(), "--among", at("drawn"), "--index", at("drawn.index"))).isEqualTo(Exit.FAILED);
        assertThat(seen.err()).contains("its vectors are of another model");
        assertThat(run("search", at("cnn"), asked.toString(), "--among", at("drawn/some"), "--index", at("drawn.index"))).isEqualTo(Exit.FAILED);
        assertThat(seen.err()).contains("is an index of " + at("drawn") + ", expected one of " + at("drawn/some"));
        assertThat(Files.readAllBytes(folder.resolve("drawn.index"))).isEqualTo(index);

        Files.writeString(folder.resolve("drawn/more/broken.png"), "no picture");
        Files.writeString(folder.resolve("drawn/more/empty.jpg"), "");
        assertThat(run("search", at("cnn"), asked.toString(), "--among", at("drawn"), "--index", at("drawn.index"))).isEqualTo(Exit.FAILED);
        assertThat(seen.err()).contains("2 of 15 pictures cannot be read", "broken.png: is ", "empty.jpg: is empty", "--leave-out");
        assertThat(Files.readAllBytes(folder.resolve("drawn.index"))).isEqualTo(index);
        JsonNode others = json("search", at("cnn"), asked.toString(), "--among", at("drawn"), "--index", at("drawn.index"), "--leave-out");
        assertThat(others.get("left_out").asInt()).isEqualTo(2);
        assertThat(others.get("searched").asInt()).isEqualTo(13);
        assertThat(seen.err()).contains("2 of 15 could not be read and were left out", "broken.png: is ", "has changed since");
        // What was left out is not forgotten.
        assertThat(run("search", at("cnn"), asked.toString(), "--among", at("drawn"), "--index", at("drawn.index"))).isEqualTo(Exit.FAILED);
        assertThat(json("search", at("cnn"), asked.toString(), "--among", at("drawn"), "--index", at("drawn.index"), "--leave-out").get("left_out").asInt()).isEqualTo(2);
        assertThat(seen.err()).contains("13 vectors from");
        // The same bytes at another time may be another picture.
        Files.setLastModifiedTime(asked, FileTime.fromMillis(1_000_000_000_000L));
        done("search", at("cnn"), asked.toString(), "--among", at("drawn"), "--index", at("drawn.index"), "--leave-out");
        assertThat(seen.err()).contains("has changed since");

        Files.writeString(folder.resolve("table.csv"), "picture,what\ndrawn/some/000000-0.png,a\ndrawn/some/000003-3.png,b\n");
        JsonNode table = json("search", at("cnn"), asked.toString(), "--among", at("table.csv"), "--column", "picture");
        assertThat(table.get("queries").get(0).get("found").get(0).get("row").asInt()).isEqualTo(2);
        Files.createDirectory(folder.resolve("nothing"));
        assertThat(run("search", at("cnn"), asked.toString(), "--among", at("nothing"))).isEqualTo(Exit.FAILED);
        assertThat(seen.err()).contains("holds no picture");
        assertThat(run("search", at("cnn"), at("none.png"), "--among", at("drawn/some"))).isEqualTo(Exit.FAILED);
        assertThat(seen.err()).contains("none.png: is not there");
    }

    @Test
    void texts() throws IOException {
        var rows = new StringBuilder("body,queue\n");
        List<String> ends = List.of("now", "again", "here", "today", "still", "too");
        for (int i = 0; i < 36; i++) {
            rows.append(i % 2 == 0 ? "the printer prints no page " : "the bill has a wrong sum ").append(ends.get(i / 6)).append(' ').append(ends.get(i % 6))
                    .append(i % 2 == 0 ? ",printing\n" : ",billing\n");
        }
        Path table = Files.writeString(folder.resolve("tickets.csv"), rows);
        Path recipe = Files.writeString(folder.resolve("r.yaml"), """
                backbone: {kind: bert, layers: 1, width: 16, heads: 2, positions: 32}
                tokenizer: {kind: words, vocabulary: 100}
                data: {train: {file: tickets.csv}, columns: {text: body, pair: "", label: queue}, validation: {fraction: 0.2}}
                objective: {kind: embedding, pairs: {from: labels}}
                optimizer: {kind: adamw, learning_rate: 1e-2}
                horizon: {steps: 20}
                batching: {rows: 8, max_length: 32}
                device: {kind: cpu, threads: 1, precision: float32}
                """);
        done("train", recipe.toString(), "data.train.file=" + table, "--out", at("run"));

        JsonNode found = json("search", at("run"), "no page from the printer", "a wrong bill", "--among", table.toString(), "--top", "4");
        assertThat(found.get("queries").size()).isEqualTo(2);
        for (JsonNode hit : found.get("queries").get(0).get("found")) {
            assertThat(hit.get("text").asString()).startsWith("the printer");
            assertThat(hit.get("row").asInt() % 2).isOne();
        }
        for (JsonNode hit : found.get("queries").get(1).get("found")) {
            assertThat(hit.get("text").asString()).startsWith("the bill");
        }

        Path lines = Files.writeString(folder.resolve("lines.txt"), "the bill\n\nthe printer prints " + "again and ".repeat(20) + "\nno page\n");
        done("search", at("run"), "the bill", "--among", lines.toString(), "--top", "9");
        assertThat(seen.out()).contains("rank", "similarity", "row", "the bill", "...").doesNotContain("again and ".repeat(10));
        assertThat(seen.out().lines().filter(line -> line.contains("1.0000")).toList()).hasSize(1);

        Path holes = Files.writeString(folder.resolve("holes.csv"), "body\nthe bill\n\"\"\nthe page\n");
        assertThat(run("search", at("run"), "the bill", "--among", holes.toString())).isEqualTo(Exit.FAILED);
        assertThat(seen.err()).contains("1 of 3 rows cannot be read", "holes.csv:3: has no text");
        assertThat(json("search", at("run"), "the bill", "--among", holes.toString(), "--leave-out").get("searched").asInt()).isEqualTo(2);

        assertThat(run("search", at("run"), "the bill", "--among", lines.toString(), "--column", "body")).isEqualTo(Exit.FAILED);
        assertThat(seen.err()).contains("is plain text and has no column 'body'");
        assertThat(run("search", at("run"), "the bill", "--among", folder.toString())).isEqualTo(Exit.FAILED);
        assertThat(seen.err()).contains("is a folder, and this model reads texts");
    }

    @Test
    void mistakesAreSaid() {
        assertThat(run("search", at("run"), "--among", at("x"))).isEqualTo(Exit.USAGE);
        assertThat(seen.err()).contains("search takes what to search for");
        assertThat(run("search", at("run"), "text")).isEqualTo(Exit.USAGE);
        assertThat(seen.err()).contains("--among");
        assertThat(run("search", at("run"), "text", "--among", at("x"), "--top", "0")).isEqualTo(Exit.USAGE);
        assertThat(seen.err()).contains("--top must be at least 1, got 0");
        assertThat(run("search", at("nowhere"), "text", "--among", at("x"))).isEqualTo(Exit.FAILED);
    }
}

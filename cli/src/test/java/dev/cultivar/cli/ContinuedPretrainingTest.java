package dev.cultivar.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The shipped recipes from a first text to a domain's, with what programs read of them.
class ContinuedPretrainingTest {
    private static final Path RECIPES = Path.of(System.getProperty("cultivar.root", ".")).resolve("recipes");
    private static final List<String> SMALL = List.of(
            "horizon={steps: 4}", "evaluate.every={steps: 2}", "checkpoint.every=never", "batching={rows: 4, max_length: 16}", "device={threads: 1, precision: float32}");

    @TempDir
    Path folder;

    private Captured run(Exit expected, List<String> more, String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(more);
        var seen = new Captured();
        assertThat(seen.run(all.toArray(String[]::new))).as(() -> String.join(" ", all) + "\n" + seen.err()).isEqualTo(expected);
        return seen;
    }

    private static JsonNode json(Captured seen) {
        return JsonMapper.shared().readTree(seen.out());
    }

    @Test
    void bothTextsAreMeasured() throws IOException {
        Path general = Files.writeString(folder.resolve("general.txt"), "All the world is a stage, and we are players in it.\n".repeat(40));
        Path domain = Files.writeString(folder.resolve("domain.txt"), "The tenant shall pay the rent to the lessor each month.\n".repeat(40));
        String gpt = RECIPES.resolve("gpt-shakespeare-char.yaml").toString();
        String base = folder.resolve("base").toString();
        String run = folder.resolve("run").toString();
        String shape = "backbone={kind: gpt2, layers: 1, width: 16, heads: 2, positions: 16}";
        run(Exit.DONE, SMALL, "train", gpt, "--out", base, "data.train.file=" + general, shape, "tokenizer=chars");

        String continued = RECIPES.resolve("continue-pretraining.yaml").toString();
        String[] data = {"backbone.model=" + base, "data.train.file=" + domain, "data.also.general.file=" + general};
        run(Exit.DONE, SMALL, "train", continued, "--out", run, data[0], data[1], data[2]);
        assertThat(Files.readString(folder.resolve("run/report.md"))).contains("Before and after training", "general", "bits_per_byte");

        // The checkpoint's own tokenizer is used: one that was learned again from these texts would have other pieces.
        Files.writeString(general, "0123456789 %&$ " + Files.readString(general));
        JsonNode own = json(run(Exit.DONE, List.of(), "evaluate", base, "--json"));
        assertThat(own.get("metrics").propertyNames()).containsExactly("loss", "perplexity", "bits_per_byte");
        assertThat(own.get("metrics").get("loss").get("value").asDouble()).isPositive();
        JsonNode all = json(run(Exit.DONE, List.of(), "evaluate", run, "--json"));
        assertThat(all.get("task").asString()).isEqualTo("validation");
        assertThat(all.get("tasks").propertyNames()).containsExactly("validation", "general");
        JsonNode one = json(run(Exit.DONE, List.of(), "evaluate", run, "--task", "general", "--json"));
        assertThat(one.get("metrics")).isEqualTo(all.get("tasks").get("general"));
        assertThat(run(Exit.USAGE, List.of(), "evaluate", run, "--task", "generl").err()).contains("evaluate.tasks names generl").contains("general");

        JsonNode audit = json(run(Exit.DONE, List.of(), "audit", continued, "--json", data[0], data[1], data[2]));
        assertThat(audit.get("corpus").get(0).get("tokens").asLong()).isEqualTo(Files.size(domain));
        assertThat(run(Exit.DONE, List.of(), "audit", gpt, data[1]).out()).contains("characters").doesNotContain("tokens");
    }
}

package dev.cultivar.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `generate`, with a small model that others trained.
class GenerateTest {
    private final Captured seen = new Captured();

    private static String stories() {
        Path folder = Path.of(System.getProperty("cultivar.root", ".")).resolve("../shared/data/models/stories260K/hf");
        assumeTrue(Files.isDirectory(folder), "the small model of stories in " + folder + " is absent");
        return folder.toString();
    }

    @Test
    void onePromptIsPrintedWithWhatFollows() {
        assertThat(seen.run("generate", stories(), "--prompt", "Once upon a time", "--tokens", "20", "--greedy")).as(seen.err()).isEqualTo(Exit.DONE);
        assertThat(seen.out()).startsWith("Once upon a time, there was").endsWith("\n");
        assertThat(seen.err()).isEmpty();
    }

    @Test
    void programsGetOneDocument() {
        assertThat(seen.run("generate", stories(), "--prompt", "One day", "--prompt", "Lily", "--tokens", "5", "--seed", "3", "--json")).isEqualTo(Exit.DONE);
        JsonNode generations = JsonMapper.shared().readTree(seen.out()).get("generations");
        assertThat(generations.size()).isEqualTo(2);
        assertThat(generations.get(1).get("prompt").asString()).isEqualTo("Lily");
        assertThat(generations.get(0).get("tokens").asInt()).isEqualTo(5);
        assertThat(generations.get(0).get("stopped").asString()).isEqualTo("length");
        assertThat(generations.get(0).get("text").asString()).isNotEmpty();
    }

    @Test
    void mistakesAreSaid() {
        assertThat(seen.run("generate", "nowhere")).isEqualTo(Exit.USAGE); // no prompt
        assertThat(seen.run("generate", "nowhere", "--prompt", "x")).isEqualTo(Exit.FAILED);
        assertThat(seen.err()).contains("nowhere: no such folder");
        assertThat(seen.run("generate", "nowhere", "--prompt", "x", "--greedy", "--top-k", "3")).isEqualTo(Exit.USAGE);
        assertThat(seen.run("generate", "nowhere", "--prompt", "x", "--temperature", "0")).isEqualTo(Exit.USAGE);
        assertThat(seen.run("generate", "nowhere", "--prompt", "x", "--tokens", "0")).isEqualTo(Exit.USAGE);
        assertThat(seen.err()).contains("--greedy").contains("temperature must be above 0").contains("--tokens must be at least 1");
        assertThat(seen.run("generate", stories(), "--prompt", "x", "--tokens", "600")).isEqualTo(Exit.FAILED);
        assertThat(seen.err()).contains("the model has 512").contains("slide");
    }
}

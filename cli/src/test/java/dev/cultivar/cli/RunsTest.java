package dev.cultivar.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunsTest {
    private final Captured seen = new Captured();

    @Test
    void tellsHowFarEachRunCame(@TempDir Path folder) throws IOException {
        Path run = Files.createDirectories(folder.resolve("study/intents"));
        Files.writeString(run.resolve("recipe.yaml"), """
                name: intents
                backbone: {kind: pretrained, model: x}
                objective: {kind: classification}
                strategy: {kind: full}
                """);
        Files.writeString(run.resolve("metrics.jsonl"), """
                {"step": 10, "loss": 2.5}
                {"step": 30, "loss": 1.5}
                {"step": 40, "lo"""); // torn: the process was killed
        checkpoint(run, "step-000020", true);
        checkpoint(run, "step-000030", false); // not whole

        assertThat(seen.run("runs", folder.toString())).isEqualTo(Exit.DONE);
        assertThat(seen.out().lines()).hasSize(1);
        assertThat(seen.out())
                .contains(Path.of("study", "intents").toString(), "step 30", "checkpoint 20", "pretrained, classification, full");
    }

    @Test
    void aRunThatHasNotStartedIsARun(@TempDir Path folder) throws IOException {
        Path run = Files.createDirectories(folder.resolve("a"));
        Files.writeString(run.resolve("recipe.yaml"), "{{{ no yaml");
        assertThat(seen.run("runs", folder.toString())).isEqualTo(Exit.DONE);
        assertThat(seen.out()).contains("not started", "no checkpoint", "unreadable recipe");
    }

    private static void checkpoint(Path run, String name, boolean whole) throws IOException {
        Path checkpoint = Files.createDirectories(run.resolve("checkpoints").resolve(name));
        Files.writeString(checkpoint.resolve("recipe.yaml"), "name: intents");
        if (whole) {
            Files.writeString(checkpoint.resolve("checkpoint.json"), "{}");
        }
    }
}

package dev.cultivar.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cultivar.format.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class ModelsTest {
    private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    @TempDir
    Path home;

    private Map<String, String> environment() {
        return Map.of("CULTIVAR_HOME", home.toString(), "HF_HOME", home.resolve("hf").toString(), "HF_HUB_OFFLINE", "1");
    }

    @Test
    void listsWhatHasANameAndWhatLiesInTheCaches() throws IOException {
        Path model = home.resolve("hf/hub/models--org--tiny");
        Path snapshot = Files.createDirectories(model.resolve("snapshots").resolve(COMMIT));
        for (String file : new String[] {"config.json", "tokenizer.json", "model.safetensors"}) {
            Files.writeString(snapshot.resolve(file), "{}");
        }
        Files.writeString(Files.createDirectories(model.resolve("refs")).resolve("main"), COMMIT);
        var seen = new Captured();
        assertThat(ModelsWork.list(seen.console(false), environment())).isEqualTo(Exit.DONE);
        assertThat(seen.out()).contains("minilm", "all-MiniLM-L6-v2", "91.0 MB", "Apache-2.0", "not written out yet", "hf:org/tiny", "main", "whole");

        var json = new Captured();
        ModelsWork.list(json.console(false).forJson(), environment());
        var document = JsonMapper.shared().readTree(json.out());
        assertThat(document.path("zoo").get(0).path("licence").asString()).isEqualTo("Apache-2.0");
        assertThat(document.path("zoo").get(0).path("present").asBoolean()).isFalse();
        assertThat(document.path("hub").get(0).path("commit").asString()).isEqualTo(COMMIT);
        assertThat(document.path("hub").get(0).path("complete").asBoolean()).isTrue();
    }

    @Test
    void fetchesByName() {
        var seen = new Captured();
        assertThat(new ModelsGetWork("minilm").fetch(seen.console(false), environment())).isEqualTo(Exit.DONE);
        assertThat(Path.of(seen.out().strip()).resolve("model.safetensors")).exists();
        assertThatThrownBy(() -> new ModelsGetWork("hf:org/tiny").fetch(seen.console(false), environment()))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("HF_HUB_OFFLINE");
        assertThat(seen.err()).isEmpty();
    }

    @Test
    void progressIsOfLargeFilesAlone() {
        var seen = new Captured();
        var transfer = new Transfer(seen.console(false));
        transfer.came("config.json", 600, 600);
        assertThat(seen.err()).isEmpty();
        transfer.came("model.safetensors", 1_000_000, 90_000_000);
        transfer.came("model.safetensors", 90_000_000, 90_000_000);
        assertThat(seen.errLines()).hasSize(2);
        assertThat(seen.errLines().getFirst()).startsWith("model.safetensors: MB 1/90  ");
    }
}

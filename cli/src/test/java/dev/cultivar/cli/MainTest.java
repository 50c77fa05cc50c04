package dev.cultivar.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
    private final Captured seen = new Captured();

    @ParameterizedTest
    @ValueSource(strings = {
        "quickstart", "study", "train", "audit", "evaluate", "predict", "search", "generate", "verify", "inspect", "tokenizer", "report", "runs", "doctor"
    })
    void eachVerbHelps(String verb) {
        assertThat(seen.run(verb, "--help")).isEqualTo(Exit.DONE);
        assertThat(seen.out()).startsWith("Usage: cultivar " + verb).contains("--json", "--stacktrace");
        assertThat(seen.err()).isEmpty();
    }

    @Test
    void theFirstPageNamesEachVerb() {
        assertThat(seen.run("--help")).isEqualTo(Exit.DONE);
        assertThat(seen.out()).contains(
                "quickstart", "study", "train", "audit", "evaluate", "predict", "search", "generate", "verify", "inspect", "tokenizer", "report", "runs", "doctor");
    }

    @Test
    void versionIsAResult() {
        assertThat(seen.run("--version")).isEqualTo(Exit.DONE);
        assertThat(seen.out()).startsWith("cultivar ").contains("JDK " + Runtime.version());
    }

    @Test
    void nothingToDoIsBadUsage() {
        assertThat(seen.run()).isEqualTo(Exit.USAGE);
        assertThat(seen.out()).isEmpty();
        assertThat(seen.err()).contains("Usage: cultivar");
    }

    @Test
    void aGroupOfVerbsNeedsASecondWord() {
        assertThat(seen.run("tokenizer")).isEqualTo(Exit.USAGE);
        assertThat(seen.err()).contains("Usage: cultivar tokenizer", "train");
    }

    @Test
    void aMisspeltOptionIsToldWithTheNearest() {
        assertThat(seen.run("train", "x.yaml", "--dry-rum")).isEqualTo(Exit.USAGE);
        assertThat(seen.out()).isEmpty();
        assertThat(seen.err()).contains("Unknown option: '--dry-rum'", "Did you mean --dry-run?", "cultivar train --help");
    }

    @Test
    void aMisspeltVerbIsToldWithTheNearest() {
        assertThat(seen.run("trian", "x.yaml")).isEqualTo(Exit.USAGE);
        assertThat(seen.err()).contains("Did you mean train?");
    }

    @Test
    void aMissingWordIsNamed() {
        assertThat(seen.run("verify")).isEqualTo(Exit.USAGE);
        assertThat(seen.err()).contains("CASE");
    }

    @Test
    void aMissingFolderIsOneSentence(@TempDir Path folder) {
        assertThat(seen.run("runs", folder.resolve("none").toString())).isEqualTo(Exit.FAILED);
        assertThat(seen.errLines()).hasSize(1).first().asString().contains("none: there is no such folder");
    }

    @Test
    void jsonIsTheOnlyThingOnStandardOutput(@TempDir Path folder) throws IOException {
        Files.createDirectories(folder.resolve("a"));
        assertThat(seen.run("runs", folder.toString(), "--json")).isEqualTo(Exit.DONE);
        assertThat(seen.out()).isEqualToIgnoringWhitespace("{\"runs\": []}");
    }
}

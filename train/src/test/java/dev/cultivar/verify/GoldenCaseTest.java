package dev.cultivar.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Parity with what transformers computed: outputs, hidden states, loss, every gradient, ten steps.
class GoldenCaseTest {
    /// Another folder of cases, for example of other sizes, may be given with `-Dcultivar.fixtures=DIR`.
    private static final Path FIXTURES = Path.of(System.getProperty(
            "cultivar.fixtures", Path.of(System.getProperty("cultivar.root", ".")).resolve("../shared/fixtures").toString()));

    private static Path golden(String name) {
        Path folder = FIXTURES.resolve(name);
        assumeTrue(Files.isDirectory(folder), "golden case " + folder + " is absent");
        return folder;
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "bert-model", "bert-mlm", "bert-pretraining", "bert-classify", "bert-regression", "bert-multilabel", "bert-tokens", "bert-qa", "electra-classify", "electra-discriminator", "gpt2", "llama-untied",
        "llama-tied-rope3", "qwen2", "qwen3", "mistral-window", "gemma2", "gemma3", "gpt-neox", "distilbert-classify", "roberta-classify",
        "modernbert-mlm", "mlp", "cnn-28", "cnn-28-pool-each", "vgg16", "vit-classify"
    })
    void holds(String name) {
        var outcome = GoldenCase.verify(golden(name));
        assertThat(outcome.problem()).isEmpty();
        assertThat(outcome.rows()).allSatisfy(row -> assertThat(row.within()).as(row.toString()).isTrue());
        assertThat(outcome.holds()).isTrue();
        assertThat(outcome.rows()).anyMatch(row -> row.name().startsWith("grad."));
        assertThat(outcome.rows()).anyMatch(row -> row.name().equals("trajectory.losses"));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "peft-lora-bert", "peft-rslora-bert", "peft-dora-bert", "peft-ia3-bert", "peft-lora-llama", "peft-rslora-llama", "peft-dora-llama",
        "peft-ia3-llama", "peft-prompt-llama", "peft-prefix-llama"
    })
    void adaptersHold(String name) {
        holds(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"conv-autoencoder", "vae"})
    void autoencodersHold(String name) {
        holds(name);
    }

    @Test
    void bothHalvesOfAGanHold() {
        var outcome = GoldenCase.verify(golden("gan"));
        assertThat(outcome.problem()).isEmpty();
        assertThat(outcome.rows()).hasSize(15).allSatisfy(row -> assertThat(row.within()).as(row.toString()).isTrue());
        assertThat(outcome.rows()).filteredOn(row -> row.name().startsWith("trajectory.")).hasSize(2);
    }

    @Test
    void packedRowsAreTheirSequencesAlone() {
        var outcome = GoldenCase.verify(golden("sft-packing"));
        assertThat(outcome.problem()).isEmpty();
        assertThat(outcome.rows()).allSatisfy(row -> assertThat(row.within()).as(row.toString()).isTrue());
        assertThat(outcome.rows()).anyMatch(row -> row.name().contains("alone"));
    }

    @Test
    void entitiesAreScoredAsSeqevalDoes() {
        var outcome = GoldenCase.verify(golden("metrics-tagging"));
        assertThat(outcome.problem()).isEmpty();
        assertThat(outcome.rows()).hasSize(13).allSatisfy(row -> assertThat(row.within()).as(row.toString()).isTrue());
    }

    /// All 22 optimizers and all 15 schedules, none left out.
    @ParameterizedTest
    @CsvSource({"optimizers, 22, losses", "schedules, 15, ''"})
    void valuesHold(String name, int entries, String each) {
        var outcome = GoldenCase.verify(golden(name));
        assertThat(outcome.problem()).isEmpty();
        assertThat(outcome.rows()).allSatisfy(row -> assertThat(row.within()).as(row.toString()).isTrue());
        assertThat(outcome.rows()).filteredOn(row -> row.name().endsWith(each)).hasSize(entries);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sentence-embedding", "cross-encoder-ranking"})
    void groupsOfTextsHold(String name) {
        var outcome = GoldenCase.verify(golden(name));
        assertThat(outcome.problem()).isEmpty();
        assertThat(outcome.rows()).allSatisfy(row -> assertThat(row.within()).as(row.toString()).isTrue());
        assertThat(outcome.rows()).filteredOn(row -> row.name().endsWith(".grad_norms")).hasSizeGreaterThan(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"metrics-regression", "metrics-classification", "metrics-binary", "metrics-ranking"})
    void metricsAreThoseOfOthers(String name) {
        var outcome = GoldenCase.verify(golden(name));
        assertThat(outcome.problem()).isEmpty();
        assertThat(outcome.rows()).allSatisfy(row -> assertThat(row.within()).as(row.toString()).isTrue());
        assertThat(outcome.holds()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"wav2vec2-classify", "wav2vec2-ctc"})
    void aFamilyThatIsNotBuiltSaysSo(String name) {
        var outcome = GoldenCase.verify(golden(name));
        assertThat(outcome.holds()).isFalse();
        assertThat(outcome.problem()).contains("not built yet");
    }

    @Test
    void spoiltExpectationsDoNotHold(@TempDir Path folder) throws IOException {
        Path source = golden("bert-classify");
        try (var files = Files.walk(source)) {
            for (Path file : files.toList()) {
                Path to = folder.resolve(source.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(to);
                } else {
                    Files.copy(file, to, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
        Path expected = folder.resolve("expected.safetensors");
        byte[] bytes = Files.readAllBytes(source.resolve("expected.safetensors"));
        bytes[bytes.length - 3] ^= 0x40;
        Files.delete(expected);
        Files.write(expected, bytes);
        assertThat(GoldenCase.verify(folder).holds()).isFalse();
    }
}

package dev.cultivar.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Encoder-decoders, and scores of texts, against what transformers, rouge_score and sacrebleu computed.
class TextCasesTest {
    private static final Path FIXTURES = Path.of(System.getProperty(
            "cultivar.fixtures", Path.of(System.getProperty("cultivar.root", ".")).resolve("../shared/fixtures").toString()));

    private static GoldenCase.Outcome outcome(String name) {
        Path folder = FIXTURES.resolve(name);
        assumeTrue(Files.isDirectory(folder), "golden case " + folder + " is absent");
        return GoldenCase.verify(folder);
    }

    @ParameterizedTest
    @ValueSource(strings = {"t5", "t5-gated", "bart"})
    void anEncoderDecoderHolds(String name) {
        var outcome = outcome(name);
        assertThat(outcome.problem()).isEmpty();
        assertThat(outcome.rows()).allSatisfy(row -> assertThat(row.within()).as(row.toString()).isTrue());
        assertThat(outcome.rows()).extracting(Comparison::name).contains("logits", "loss", "generated", "generated_beam3", "trajectory.losses");
        assertThat(outcome.rows()).anyMatch(row -> row.name().startsWith("grad."));
    }

    @Test
    void scoresOfTextsHold() {
        var outcome = outcome("metrics-text");
        assertThat(outcome.problem()).isEmpty();
        assertThat(outcome.rows()).allSatisfy(row -> assertThat(row.within()).as(row.toString()).isTrue());
        assertThat(outcome.rows()).extracting(Comparison::name)
                .contains("rouge.rougeL.p_r_f", "rouge_stemmed.rouge2.p_r_f", "bleu.corpus", "bleu.sentence", "bleu.ter", "squad.f1", "perplexity.nll");
    }
}

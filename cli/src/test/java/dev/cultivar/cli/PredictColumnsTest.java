package dev.cultivar.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cultivar.recipe.DataRecipe.Columns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which columns `predict` wants of a file, by the recipe that lies beside the weights.
class PredictColumnsTest {
    @TempDir
    Path model;

    private Columns of(String objective) throws IOException {
        Files.writeString(model.resolve("model.safetensors"), "");
        Files.writeString(model.resolve("config.json"), "{}");
        Files.writeString(model.resolve("recipe.yaml"), """
                name: n
                backbone: {kind: pretrained, model: minilm}
                data: {train: {file: a.csv}, columns: {text: body, pair: other, label: "%s"}}
                objective: %s
                optimizer: {kind: adamw, learning_rate: 1e-3}
                horizon: {steps: 1}
                batching: {rows: 4, max_length: 32}
                """.formatted(objective.startsWith("{kind: classification") ? "topic" : "", objective));
        return PredictWork.columns(model);
    }

    @Test
    void twoTextsWhereTwoAreRead() throws IOException {
        assertThat(of("{kind: classification}")).isEqualTo(new Columns("body", "other", ""));
    }

    @Test
    void noTextThatIsStillToBeWritten() throws IOException {
        assertThat(of("{kind: seq2seq, max_target_length: 8}")).isEqualTo(new Columns("body", "", ""));
    }
}

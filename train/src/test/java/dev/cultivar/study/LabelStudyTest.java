package dev.cultivar.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cultivar.recipe.RecipeException;
import dev.cultivar.report.Markdown;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Studies over label counts, on few drawn pictures and for few steps.
class LabelStudyTest {
    @TempDir
    private Path folder;

    private LabelStudy.Settings settings(@Nullable Path data) {
        return new LabelStudy.Settings(
                folder.resolve("study"), "digits", data == null ? Optional.empty() : Optional.of(data), List.of(20, 40), List.of("mlp"), 1,
                List.of("data.train.rows=200", "data.validation={glyphs: letters, rows: 20}", "horizon={steps: 4}", "data.height=14"));
    }

    @Test
    void everyWayIsTrainedAndMeasuredOnTheSamePicturesAndFoundAgain() {
        List<String> said = new ArrayList<>();
        var watcher = new LabelStudy.Watcher(event -> {}, said::add, () -> false);
        LabelTable found = LabelStudy.run(settings(null), watcher);
        assertThat(said).hasSize(1 + 2 * PretrainedOnDrawings.Way.values().length);
        assertThat(found.table().rows()).hasSize(8);
        assertThat(found.sentences()).hasSize(2).allSatisfy(sentence -> assertThat(sentence).startsWith("mlp, "));
        Map<String, Object> json = found.json("report.html");
        assertThat((List<?>) json.get("rows")).hasSize(8);
        assertThat(Markdown.render(found.document())).contains("Pretraining was on drawn letters").contains("on 40 test pictures");
        assertThat(LabelStudy.isIn(folder.resolve("study"))).isTrue();
        LabelTable again = LabelStudy.run(LabelStudy.Settings.of(folder.resolve("study")), watcher);
        assertThat(again.json("report.html")).isEqualTo(json);
    }

    @Test
    void whatIsAskedWronglyIsTold() {
        assertThatThrownBy(() -> new LabelStudy.Settings(folder, "digits", Optional.empty(), List.of(20), List.of("alexnet"), 1, List.of()))
                .isInstanceOf(RecipeException.class).hasMessageContaining("alexnet").hasMessageContaining("lenet");
        assertThatThrownBy(() -> new LabelStudy.Settings(folder, "digits", Optional.empty(), List.of(3), List.of("cnn"), 1, List.of()))
                .hasMessageContaining("10 or more");
        assertThatThrownBy(() -> LabelStudy.run(settings(folder.resolve("nowhere")), new LabelStudy.Watcher(event -> {}, line -> {}, () -> false)))
                .hasMessageContaining("train-images-idx3-ubyte.gz does not exist");
    }
}

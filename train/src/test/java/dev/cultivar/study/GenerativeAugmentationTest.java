package dev.cultivar.study;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cultivar.checkpoint.RunFiles;
import dev.cultivar.format.JsonFiles;
import dev.cultivar.pictures.PictureParts;
import dev.cultivar.recipe.DataRecipe;
import dev.cultivar.recipe.PicturesRecipe;
import dev.cultivar.recipe.Recipe;
import dev.cultivar.report.Block.Column;
import dev.cultivar.report.Markdown;
import dev.cultivar.run.CopyAudit;
import dev.cultivar.run.Measured;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Classifiers beside those that learn from a generator's pictures too, on few drawn digits and for few steps.
class GenerativeAugmentationTest {
    private static final LabelStudy.Watcher NOBODY = new LabelStudy.Watcher(event -> {}, line -> {}, () -> false);

    @TempDir
    private Path folder;

    private LabelStudy.Settings settings = new LabelStudy.Settings(Path.of(""), "digits", Optional.empty(), List.of(), List.of(), 1, List.of());

    @BeforeEach
    void ask() {
        settings = new LabelStudy.Settings(
                folder.resolve("study"), "generative-augmentation", Optional.empty(), List.of(20, 30), List.of("mlp"), 2,
                List.of("data.train.rows=150", "data.height=12", "horizon={steps: 2}", "batching.rows=8", "gan-digits:turns.1.objective.generator.channels=[4, 4]",
                        "gan-digits:backbone.filters=[4, 4]"));
    }

    private Recipe recipe(String run) {
        return Measured.recipe(folder.resolve("study").resolve(run));
    }

    private PictureParts parts(Recipe recipe) {
        return PictureParts.open((DataRecipe.Images) recipe.data(), recipe.seed(), true, folder.resolve("study/data"));
    }

    private static Set<Integer> rows(int[] of) {
        return Arrays.stream(of).boxed().collect(Collectors.toSet());
    }

    @Test
    void aGeneratorHasSeenTheLabelledPicturesOfItsRowAndNoOther() {
        LabelTable found = LabelStudy.run(settings, NOBODY);
        assertThat(found.table().rows()).hasSize(2 * 4);
        for (int labels : List.of(20, 30)) {
            for (int seed = 1; seed <= 2; seed++) {
                String generator = "pretrain-gan-mlp-" + labels + "-" + seed;
                try (var its = parts(recipe(generator)); var classifier = parts(recipe("mlp-" + labels + "-labels-" + seed))) {
                    assertThat(its.train().rows()).hasSize(labels).isEqualTo(classifier.train().rows());
                    assertThat(rows(its.train().rows())).doesNotContainAnyElementsOf(rows(classifier.test().orElseThrow().rows()));
                }
                for (String contender : List.of("drawn", "both")) {
                    String run = "mlp-" + labels + "-" + contender + "-" + seed;
                    Path its = folder.resolve("study").resolve(generator);
                    assertThat(((DataRecipe.Images) recipe(run).data()).added())
                            .containsExactly(new PicturesRecipe.Source.Generator(its.toString(), labels, 17));
                    var data = (Map<?, ?>) JsonFiles.read(new RunFiles(folder.resolve("study").resolve(run)).provenance()).get("data");
                    assertThat(data.containsKey("drawn by " + its)).isTrue();
                }
            }
        }
        try (var first = parts(recipe("pretrain-gan-mlp-20-1")); var second = parts(recipe("pretrain-gan-mlp-20-2"))) {
            assertThat(first.train().rows()).isNotEqualTo(second.train().rows());
        }
    }

    @Test
    void theTableHasTheCopiesBesideTheAccuracyAndEachIsHeldAgainstItsLike() {
        LabelTable found = LabelStudy.run(settings, NOBODY);
        assertThat(found.table().columns()).extracting(Column::name).endsWith("copies");
        assertThat(found.table().rows().stream().map(row -> row.getLast().text().isEmpty()).toList())
                .containsExactly(true, false, true, false, true, false, true, false);
        double share = (audited("pretrain-gan-mlp-20-1") + audited("pretrain-gan-mlp-20-2")) / 2;
        assertThat((List<?>) found.json("report.html").get("rows")).element(1).asString().contains("training=drawn").contains("value=" + share);
        assertThat(found.sentences()).hasSize(2 * 4)
                .anyMatch(sentence -> sentence.matches("mlp, 30 labels: labels and drawn, moved is .* (above|below) labels, moved .*Student.*"));
        assertThat(Markdown.render(found.document())).contains("about 0.01 where nothing is copied");
        assertThat(LabelStudy.run(LabelStudy.Settings.of(folder.resolve("study")), NOBODY).json("x")).isEqualTo(found.json("x"));
    }

    private double audited(String run) {
        return CopyAudit.stored(folder.resolve("study").resolve(run)).orElseThrow().pixels().scores().near().value();
    }
}

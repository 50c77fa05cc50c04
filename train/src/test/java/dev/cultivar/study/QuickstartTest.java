package dev.cultivar.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cultivar.recipe.RecipeException;
import dev.cultivar.report.Html;
import dev.cultivar.report.Markdown;
import dev.cultivar.report.TextTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The whole study, with runs of a few steps: stopped, gone on with, and found done.
class QuickstartTest {
    private static final List<String> PRETRAIN =
            List.of("horizon={steps: 12}", "backbone.width=16", "backbone.heads=2", "backbone.feed_forward=32", "tokenizer.vocabulary=600", "checkpoint.every={steps: 3}");
    private static final List<String> CLASSIFY = List.of("horizon={steps: 3}");
    private static final List<String> RATES = List.of("1e-3");

    /// The published model's place is taken by the study's own tiny one, which is a pretrained model as any other: MiniLM
    /// itself would read the 4,000 test rows for a minute.
    private static Quickstart.Settings settings(Path folder, int labels) {
        String published = folder.resolveSibling("published").toString();
        return new Quickstart.Settings(folder, labels, OptionalDouble.empty(), PRETRAIN, CLASSIFY, RATES, Published.of(published, RATES));
    }

    @Test
    void stopsGoesOnAndDoesNoRunTwice(@TempDir Path temporary) throws IOException {
        Path folder = temporary.resolve("quickstart");
        var steps = new AtomicInteger();
        List<String> said = new ArrayList<>();
        var stopping = new Quickstart.Watcher(event -> {}, said::add, () -> steps.incrementAndGet() == 5);
        assertThatThrownBy(() -> Quickstart.run(settings(folder, 60), stopping)).isInstanceOf(Study.Interrupted.class);

        var watching = new Quickstart.Watcher(event -> {}, said::add, () -> false);
        Path published = temporary.resolve("published");
        itSaysWhatIsLeftOut(Quickstart.run(settings(folder, 60), watching), said, published);
        assertThat(logs(folder)).hasSize(1 + 5 * RATES.size());

        copy(folder.resolve("pretrain").resolve("checkpoints").resolve("best"), published);
        Comparison found = Quickstart.run(settings(folder, 60), watching);
        assertThat(found.rows()).extracting(Comparison.Row::name)
                .containsExactly("from_scratch", "feature_extraction", "partial", "gradual", "full",
                        "minilm_feature_extraction", "minilm_lora", "minilm_full");
        assertThat(found.rows().getFirst().maskedLm()).isEmpty();
        assertThat(found.rows().get(1).maskedLm().orElseThrow().value())
                .as("a frozen backbone forgets nothing")
                .isEqualTo(found.maskedLmBefore().value());
        assertThat(found.rows().get(1).trainableParameters()).isEqualTo(16 * 40 + 40);
        assertThat(found.full().trainableParameters()).isGreaterThan(found.rows().get(2).trainableParameters());
        itsPublishedRowsAreTold(found);
        assertThat(found.rows()).allSatisfy(row -> assertThat(row.confusion().rows()).isEqualTo(4000));
        assertThat(found.unseen()).hasSize(2);

        Map<Path, FileTime> before = logs(folder);
        assertThat(before).hasSize(1 + 8 * RATES.size());
        Comparison again = Quickstart.run(settings(folder, 60), watching);
        assertThat(logs(folder)).isEqualTo(before);
        assertThat(again.json("r")).isEqualTo(found.json("r"));

        var report = new QuickstartReport(found);
        assertThat(TextTable.render(report.table())).contains("from scratch").contains("not measurable");
        assertThat(Html.render(report.document(60))).contains("<svg").doesNotContain("src=\"http");
        assertThatThrownBy(() -> Quickstart.run(settings(folder, 61), watching))
                .isInstanceOf(RecipeException.class)
                .hasMessageContaining("asks");
    }

    private static void itsPublishedRowsAreTold(Comparison found) {
        Comparison.Row frozen = found.rows().get(5);
        Comparison.Row adapter = found.rows().get(6);
        Comparison.Row whole = found.rows().get(7);
        assertThat(frozen.trainableParameters()).isEqualTo(16 * 40 + 40);
        assertThat(adapter.trainableParameters())
                .as("a head, and for each of 2 layers two products of 16 x 8 and 8 x 16")
                .isEqualTo(16 * 40 + 40 + 2 * 2 * (2 * 16 * 8));
        assertThat(whole.trainableParameters()).isEqualTo(found.full().trainableParameters());
        assertThat(List.of(frozen, adapter, whole)).allSatisfy(row -> {
            assertThat(row.maskedLm()).isEmpty();
            assertThat(found.secondsToTargetWithPretraining(row)).isEmpty();
            assertThat(row.whose()).isEqualTo("MiniLM's");
        });
        assertThat(found.publishedPairs()).extracting(pair -> pair.second().name() + " against " + pair.first().name())
                .containsExactly("minilm_feature_extraction against full", "minilm_lora against full", "minilm_full against full",
                        "minilm_lora against minilm_full");
        assertThat(whole.accuracy().value())
                .as("the same weights, strategy, rows and learning rate as the quickstart's own")
                .isEqualTo(found.full().accuracy().value());

        var report = new QuickstartReport(found);
        assertThat(report.sentences()).anySatisfy(sentence ->
                assertThat(sentence).contains("others have published", "a billion pairs", "another tokenizer"));
        assertThat(Markdown.render(report.document(60))).contains("| MiniLM, LoRA |", "MiniLM's", "not known");
        assertThat(found.json("r").get("strategies").toString()).contains("strategy=minilm_lora, starts_from=published");
        assertThat(found.json("r").get("published").toString()).contains("left_out=null", "against=minilm_full");
    }

    private static void itSaysWhatIsLeftOut(Comparison found, List<String> said, Path published) {
        assertThat(found.rows()).extracting(Comparison.Row::name)
                .containsExactly("from_scratch", "feature_extraction", "partial", "gradual", "full");
        assertThat(found.publishedPairs()).isEmpty();
        String sentence = found.leftOut().orElseThrow();
        assertThat(sentence).startsWith("The rows of MiniLM, a published model, are left out: " + published);
        assertThat(said).contains(sentence);
        var report = new QuickstartReport(found);
        assertThat(report.sentences()).contains(sentence);
        assertThat(TextTable.render(report.table())).doesNotContain("MiniLM");
        assertThat(Html.render(report.document(60))).contains("are left out").doesNotContain("what a published model makes");
        assertThat(found.json("r").get("published").toString()).contains("are left out", "differences=[]");
    }

    @Test
    void aStudyKeepsItsQuestion(@TempDir Path folder) {
        var settings = settings(folder.resolve("study"), 60);
        SequencedMap<String, Object> question = settings.question();
        Study.open(settings.folder(), question);
        assertThat(Quickstart.Settings.of(settings.folder())).isEqualTo(settings);

        var usual = Quickstart.Settings.of(folder.resolve("usual"), 500, OptionalDouble.of(1.5));
        assertThat(usual.question()).as("as it was before there was a published model").doesNotContainKey("published");
        Study.open(usual.folder(), usual.question());
        assertThat(Quickstart.Settings.of(usual.folder())).isEqualTo(usual);
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectory(to);
        try (var files = Files.list(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    private static Map<Path, FileTime> logs(Path folder) throws IOException {
        Map<Path, FileTime> logs = new TreeMap<>();
        try (var files = Files.walk(folder)) {
            for (Path file : files.filter(path -> path.endsWith("metrics.jsonl")).toList()) {
                logs.put(file, Files.getLastModifiedTime(file));
            }
        }
        return logs;
    }
}

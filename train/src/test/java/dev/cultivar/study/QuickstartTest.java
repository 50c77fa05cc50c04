package dev.cultivar.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cultivar.recipe.RecipeException;
import dev.cultivar.report.Html;
import dev.cultivar.report.TextTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
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

    private static Quickstart.Settings settings(Path folder, int labels) {
        return new Quickstart.Settings(folder, labels, OptionalDouble.empty(), PRETRAIN, CLASSIFY, RATES);
    }

    @Test
    void stopsGoesOnAndDoesNoRunTwice(@TempDir Path temporary) throws IOException {
        Path folder = temporary.resolve("quickstart");
        var steps = new AtomicInteger();
        List<String> said = new ArrayList<>();
        var stopping = new Quickstart.Watcher(event -> {}, said::add, () -> steps.incrementAndGet() == 5);
        assertThatThrownBy(() -> Quickstart.run(settings(folder, 60), stopping)).isInstanceOf(Study.Interrupted.class);

        var watching = new Quickstart.Watcher(event -> {}, said::add, () -> false);
        Comparison found = Quickstart.run(settings(folder, 60), watching);
        assertThat(found.rows()).extracting(Comparison.Row::name)
                .containsExactly("from_scratch", "feature_extraction", "partial", "gradual", "full");
        assertThat(found.rows().getFirst().maskedLm()).isEmpty();
        assertThat(found.rows().get(1).maskedLm().orElseThrow().value())
                .as("a frozen backbone forgets nothing")
                .isEqualTo(found.maskedLmBefore().value());
        assertThat(found.rows().get(1).trainableParameters()).isEqualTo(16 * 40 + 40);
        assertThat(found.rows().getLast().trainableParameters()).isGreaterThan(found.rows().get(2).trainableParameters());
        assertThat(found.rows()).allSatisfy(row -> assertThat(row.confusion().rows()).isEqualTo(4000));
        assertThat(found.unseen()).hasSize(2);

        Map<Path, FileTime> before = logs(folder);
        assertThat(before).hasSize(1 + 5 * RATES.size());
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

package dev.cultivar.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cultivar.checkpoint.MetricsFile;
import dev.cultivar.checkpoint.RunFiles;
import dev.cultivar.recipe.RecipeException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Training with and without frozen work done once is the same training, to the bit.
class PrecomputeTest {
    private static final String DEEP = Tiny.CLASSIFIED.replace("layers: 2, width: 16", "layers: 3, width: 16").replace("horizon: {steps: 10}", "horizon: {epochs: 3}");

    @TempDir
    Path folder;

    private Path rows;

    @BeforeEach
    void rows() throws IOException {
        rows = Tiny.rows(folder.resolve("rows.csv"), 60);
    }

    private Path run(String name, String yaml, String... overrides) {
        Path out = folder.resolve(name);
        TrainingRun.run(Tiny.recipe(yaml, rows, overrides), request(out));
        return out;
    }

    /// All runs of a test lie beside one folder of encoded rows and frozen work.
    private TrainingRun.Request request(Path out) {
        return TrainingRun.Request.to(out).cachedIn(folder.resolve("shared"));
    }

    private static String[] with(String[] overrides, String... more) {
        List<String> all = new ArrayList<>(Arrays.asList(overrides));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    private static List<String> said(Path run) {
        return MetricsFile.read(new RunFiles(run).metrics()).stream()
                .filter(event -> "precompute".equals(event.get("event")))
                .map(event -> String.valueOf(event.get("text")))
                .toList();
    }

    private List<Path> segments() throws IOException {
        try (var files = Files.list(FrozenWork.own(folder.resolve("shared")))) {
            return files.sorted().toList();
        }
    }

    private long bytes() throws IOException {
        long bytes = 0;
        for (Path segment : segments()) {
            bytes += Files.size(segment);
        }
        return bytes;
    }

    /// Filled, then only read, then without: all three are one training. Rows of 25 tokens and more are wider than the model's 32
    /// positions let them be, and are computed alone.
    private void same(String... overrides) throws IOException {
        Path off = run("off", DEEP, with(overrides, "precompute=off"));
        Path filled = run("filled", DEEP, with(overrides, "precompute=on"));
        long bytes = bytes();
        assertThat(bytes).isPositive();
        Path read = run("read", DEEP, with(overrides, "precompute=auto"));
        assertThat(bytes()).as("the second run finds everything").isEqualTo(bytes);
        for (Path run : List.of(filled, read)) {
            assertThat(Tiny.tensors(run)).isEqualTo(Tiny.tensors(off));
            assertThat(Tiny.values(run)).isEqualTo(Tiny.values(off));
            assertThat(Tiny.log(run)).isEqualTo(Tiny.log(off));
        }
        assertThat(said(read).getFirst()).contains("frozen layers are computed once for each row");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{kind: feature_extraction}                  | cls",
        "{kind: feature_extraction}                  | mean",
        "{kind: partial, trained: 1}                 | cls",
        "{kind: partial, trained: 2}                 | mean",
        "{kind: partial, trained: 3}                 | cls",
        "{kind: gradual, every: {epochs: 0.5}}       | cls",
        "{kind: gradual, every: {steps: 4}}          | mean",
    })
    void theSameBits(String strategy, String pooling) throws IOException {
        same("strategy=" + strategy, "objective.pooling=" + pooling);
    }

    @Test
    void theSameBitsInBfloat16() throws IOException {
        same("strategy={kind: partial, trained: 1}", "device.precision=bfloat16", "horizon={epochs: 2}");
    }

    @Test
    void theSameBitsWithAveragesAndReplicas() throws IOException {
        same("strategy={kind: gradual, every: {steps: 3}}", "average={decay: 0.9}", "device.threads=2", "batching={tokens: 64, max_length: 32, accumulation: 2}");
    }

    @Test
    void theSameBitsWithPairsAndTwoThreads() throws IOException {
        same("strategy={kind: partial, trained: 1}", "data.columns={text: text, pair: label, label: label}", "device.threads=2", "backbone.width=64");
    }

    @Test
    void learningRatesAndHeadsShareAndTheCutDoesNot() throws IOException {
        run("first", DEEP, "strategy=feature_extraction");
        long bytes = bytes();
        run("rate", DEEP, "strategy=feature_extraction", "optimizer.learning_rate=1e-4", "seed=3", "horizon={epochs: 5}");
        assertThat(bytes()).isEqualTo(bytes);
        run("other", DEEP, "strategy={kind: partial, trained: 2}");
        assertThat(bytes()).isGreaterThan(bytes);
    }

    /// Weights by another seed, another tokenizer.
    @ParameterizedTest
    @CsvSource({"seed=4", "tokenizer.vocabulary=70", "device.precision=bfloat16", "device.threads=2"})
    void whatValuesDependOnMissesWhatIsThere(String override) throws IOException {
        run("first", DEEP, "strategy=feature_extraction", "evaluate={tasks: []}", "data.validation=none", "horizon={epochs: 1}");
        long bytes = bytes();
        run("other", DEEP, "strategy=feature_extraction", "evaluate={tasks: []}", "data.validation=none", "horizon={epochs: 1}", override);
        assertThat(bytes()).isGreaterThan(bytes);
    }

    @Test
    void roundingIsDoneWhenAskedFor() throws IOException {
        String[] overrides = {"strategy={kind: partial, trained: 1}"};
        Path off = run("off", DEEP, with(overrides, "precompute=off"));
        Path rounded = run("rounded", DEEP, with(overrides, "precompute={kind: on, storage: bfloat16}"));
        long half = bytes();
        assertThat(Tiny.tensors(rounded)).isNotEqualTo(Tiny.tensors(off));
        Path again = run("again", DEEP, with(overrides, "precompute={kind: on, storage: bfloat16}"));
        Tiny.assertSame(rounded, again);
        assertThat(bytes()).isEqualTo(half);
        run("exact", DEEP, overrides);
        assertThat(bytes() - half).isGreaterThan(half);
    }

    @Test
    void aDamagedEntryIsComputedAnewAndSaidOnce() throws IOException {
        String[] overrides = {"strategy={kind: partial, trained: 1}"};
        Path whole = run("whole", DEEP, overrides);
        for (Path segment : segments()) {
            try (var file = new RandomAccessFile(segment.toFile(), "rw")) {
                for (long at = 200; at < file.length(); at += 2000) {
                    file.seek(at);
                    int old = file.read();
                    file.seek(at);
                    file.write(old ^ 1);
                }
            }
        }
        Path after = run("after", DEEP, overrides);
        Tiny.assertSame(whole, after);
        assertThat(said(after)).filteredOn(text -> text.contains("is damaged")).hasSize(1);
        Path mended = run("mended", DEEP, with(overrides, "precompute=on"));
        assertThat(Tiny.tensors(mended)).isEqualTo(Tiny.tensors(whole));
    }

    @Test
    void aFolderOfSomebodyElsesIsLeftAloneOrRefused() throws IOException {
        Path theirs = Files.createDirectories(folder.resolve("theirs"));
        Files.writeString(theirs.resolve("thesis.txt"), "precious");
        Path run = run("run", DEEP, "strategy=feature_extraction", "precompute.folder=" + theirs);
        assertThat(said(run).getFirst()).contains("theirs: holds 'thesis.txt', which is no part of a store").contains("computes frozen layers anew");
        assertThat(theirs).isDirectoryContaining(file -> file.endsWith("thesis.txt"));
        assertThatThrownBy(() -> run("refused", DEEP, "strategy=feature_extraction", "precompute={kind: on, folder: " + theirs + "}"))
                .hasMessageContaining("holds 'thesis.txt'");
        Tiny.assertSame(run("off", DEEP, "strategy=feature_extraction", "precompute=off"), run);
    }

    @Test
    void aFolderThatCannotBeMadeIsSaid() throws IOException {
        Path run = run("run", DEEP, "strategy=feature_extraction", "precompute.folder=" + rows.resolve("below"));
        assertThat(said(run).getFirst()).contains("rows.csv/below: cannot be made or read");
    }

    @Test
    void whatIsNotExactIsSaidAndRefused() throws IOException {
        Map<String, String> reasons = Map.of(
                "strategy=full", "the strategy freezes no layer above the input",
                "strategy={kind: partial, trained: 1, embeddings: true}", "the strategy freezes no layer above the input");
        for (var reason : reasons.entrySet()) {
            Path run = run("run-" + reason.getKey().hashCode(), DEEP, reason.getKey(), "horizon={steps: 1}");
            assertThat(said(run)).containsExactly("not used: " + reason.getValue());
            assertThatThrownBy(() -> run("refused", DEEP, reason.getKey(), "precompute=on"))
                    .isInstanceOf(RecipeException.class)
                    .hasMessage("precompute.kind on: " + reason.getValue() + ". Give precompute=auto to train all the same");
        }
        Path masked = run("masked", Tiny.MASKED, "strategy={kind: partial, trained: 1}", "horizon={steps: 1}");
        assertThat(said(masked).getFirst()).contains("rows are not the same in every epoch");
    }

    /// Interrupted in the middle of filling and gone on with: what was there is found, and the end is the same.
    @Test
    void aResumedRunIsTheUndisturbedOne() throws IOException {
        String[] overrides = {"strategy={kind: gradual, every: {epochs: 0.5}}"};
        Path whole = run("whole", DEEP, overrides);
        Path often = folder.resolve("often");
        int[] steps = {0};
        TrainingRun.run(Tiny.recipe(DEEP, rows, overrides), TrainingRun.Request.to(often).stoppedBy(() -> ++steps[0] == 5));
        assertThat(FrozenWork.own(often.resolve("data"))).isNotEmptyDirectory();
        TrainingRun.run(Tiny.recipe(DEEP, rows, overrides), TrainingRun.Request.to(often).resuming());
        Tiny.assertSame(whole, often);
        assertThat(FrozenWork.own(often.resolve("data"))).as("a run's own store ends with it").doesNotExist();
    }
}

package dev.cultivar.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cultivar.checkpoint.RunFiles;
import dev.cultivar.format.JsonFiles;
import dev.cultivar.loop.Event;
import dev.cultivar.recipe.RecipeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A run that was interrupted, anywhere and often, ends in the very state of one that was not.
class ResumeTest {
    @TempDir
    Path folder;

    private Path rows = Path.of("");

    @BeforeEach
    void write() throws Exception {
        rows = Tiny.rows(folder.resolve("rows.csv"), 60);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            dropout, whole epochs    | masked     |
            accumulation, 2 threads  | masked     | batching={rows: 4, max_length: 32, accumulation: 2} ; device={threads: 2, precision: float32}
            three on two threads     | masked     | batching={tokens: 64, max_length: 32, accumulation: 3} ; device={threads: 2, precision: float32}
            averaged weights         | masked     | average={decay: 0.8}
            momentum, cosine         | masked     | optimizer={kind: sgd, learning_rate: 0.1, momentum: 0.9, nesterov: true} ; schedule={kind: cosine, warmup: {steps: 4}}
            bfloat16                 | masked     | device={threads: 1, precision: bfloat16}
            bfloat16 and all of it   | masked     | device={threads: 2, precision: bfloat16} ; average={decay: 0.8} ; batching={rows: 4, max_length: 32, accumulation: 2}
            pairs of sentences       | masked     | objective={kind: mlm_nsp} ; data.columns={text: text, pair: label}
            replaced tokens          | masked     | backbone={kind: electra, layers: 1, width: 16, heads: 2, embedding: 12, positions: 32} ; objective={kind: replaced_token}
            replaced, own embeddings | masked     | backbone={kind: electra, layers: 1, width: 16, heads: 2, positions: 32} ; objective={kind: replaced_token, generator: {embeddings: own}} ; batching={rows: 4, max_length: 32, accumulation: 2} ; device={threads: 2, precision: bfloat16}
            gradual, every 3 steps   | classified | strategy={kind: gradual, every: {steps: 3}, layer_decay: 0.8}
            gradual in bfloat16      | classified | strategy={kind: gradual, every: {steps: 2}} ; device={threads: 1, precision: bfloat16} ; average={decay: 0.8}
            partial, smoothing       | classified | strategy={kind: partial, trained: 1} ; objective={kind: classification, label_smoothing: 0.1, pooling: mean}
            feature extraction       | classified | strategy={kind: feature_extraction} ; optimizer={kind: sgd, learning_rate: 0.5, momentum: 0.5}
            patience                 | classified | stopping={patience: 1, metric: loss} ; evaluate={every: {steps: 1}} ; optimizer={kind: sgd, learning_rate: 3}
            """)
    void anInterruptedRunEndsWhereAWholeOneDoes(String name, String base, String overrides) {
        String yaml = base.equals("masked") ? Tiny.MASKED : Tiny.CLASSIFIED;
        interruptedOften(yaml, overrides == null ? new String[0] : overrides.split(" ; "));
    }

    /// Each kind of state that an optimizer has, with parameters that start to move at different steps and at different rates.
    @ParameterizedTest
    @ValueSource(strings = {
        "adamw, learning_rate: 5e-3",
        "adam, learning_rate: 5e-3, amsgrad: true, weight_decay: 0.1",
        "adamax, learning_rate: 5e-3, weight_decay: 0.1, decay: all",
        "nadam, learning_rate: 5e-3",
        "radam, learning_rate: 5e-3",
        "adagrad, learning_rate: 5e-2, rate_decay: 0.1, accumulator: 0.1",
        "adadelta, learning_rate: 1",
        "rmsprop, learning_rate: 5e-3, momentum: 0.9, centered: true",
        "sgd, learning_rate: 0.1, momentum: 0.9, dampening: 0.1",
        "lion, learning_rate: 1e-3, weight_decay: 0.1",
        "adafactor, learning_rate: 1e-2, momentum: 0.9",
        "muon, learning_rate: 2e-2, adamw: {learning_rate: 5e-3}",
    })
    void everyOptimizersStateIsKept(String optimizer) {
        interruptedOften(Tiny.CLASSIFIED, "optimizer={kind: " + optimizer + "}", "strategy={kind: gradual, every: {steps: 2}, layer_decay: 0.8}",
                "schedule={kind: warmup_stable_decay, decay: 0.5}", "clipping={norm: 0.5}");
    }

    private void interruptedOften(String yaml, String... changes) {
        var recipe = Tiny.recipe(yaml, rows, changes);
        Path whole = folder.resolve("whole");
        var undisturbed = TrainingRun.run(recipe, TrainingRun.Request.to(whole));

        Path often = folder.resolve("often");
        List<String> attempts = new ArrayList<>();
        for (int stop : new int[] {1, 3, 1, 100}) { // after so many steps of the attempt
            var request = TrainingRun.Request.to(often).stoppedBy(after(stop));
            var result = TrainingRun.run(recipe, request.resuming());
            attempts.add(result.reason());
            if (!result.reason().equals("interrupted")) {
                assertThat(result.best()).isEqualTo(undisturbed.best());
                assertThat(result.reason()).isEqualTo(undisturbed.reason());
                break;
            }
        }
        assertThat(attempts.size()).as("it was interrupted: " + attempts).isGreaterThan(1);
        Tiny.assertSame(whole, often);
    }

    private static BooleanSupplier after(int steps) {
        int[] left = {steps};
        return () -> --left[0] <= 0;
    }

    @Test
    void aRunThatIsAtItsEndStaysThere() {
        var recipe = Tiny.recipe(Tiny.MASKED, rows, "horizon={steps: 2}");
        Path run = folder.resolve("run");
        var once = TrainingRun.run(recipe, TrainingRun.Request.to(run));
        var log = Tiny.log(run);
        var again = TrainingRun.run(recipe, TrainingRun.Request.to(run).resuming());
        assertThat(again.progress()).isEqualTo(once.progress());
        assertThat(again.best()).isEqualTo(once.best());
        assertThat(Tiny.log(run)).isEqualTo(log);
    }

    /// Provenance is written once the data are read, which may take long.
    @Test
    void aRunThatWasKilledBeforeItsDataWereReadGoesOn() throws Exception {
        var recipe = Tiny.recipe(Tiny.MASKED, rows, "horizon={steps: 2}");
        Path run = folder.resolve("run");
        TrainingRun.run(recipe, TrainingRun.Request.to(run).stoppedBy(() -> true));
        dev.cultivar.format.DurableFiles.delete(new RunFiles(run).checkpointsFolder());
        Files.delete(new RunFiles(run).provenance());
        TrainingRun.run(recipe, TrainingRun.Request.to(run).resuming());
        assertThat(new RunFiles(run).last()).isPresent();
        assertThat(new RunFiles(run).provenance()).exists();
    }

    /// A kill may come between a checkpoint and the mark of the best.
    @Test
    void theMarkOfTheBestIsSetAgain() throws Exception {
        var recipe = Tiny.recipe(Tiny.MASKED, rows, "horizon={steps: 5}", "evaluate={every: {steps: 2}}", "checkpoint={every: never}");
        Path run = folder.resolve("run");
        TrainingRun.run(recipe, TrainingRun.Request.to(run).stoppedBy(after(2)));
        Path link = new RunFiles(run).checkpointsFolder().resolve("best");
        assertThat(link).isSymbolicLink();
        Files.delete(link);
        List<String> bestAtStart = new ArrayList<>();
        TrainingRun.run(recipe, TrainingRun.Request.to(run).resuming().watchedBy(event -> {
            if (event instanceof Event.Started) {
                new RunFiles(run).best().ifPresent(best -> bestAtStart.add(best.getFileName().toString()));
            }
        }));
        assertThat(bestAtStart).containsExactly("step-000002");
    }

    @Test
    void anotherRecipeIsRefusedAndSaysWhatDiffers() {
        Path run = folder.resolve("run");
        TrainingRun.run(Tiny.recipe(Tiny.MASKED, rows, "horizon={steps: 1}"), TrainingRun.Request.to(run));
        var other = Tiny.recipe(Tiny.MASKED, rows, "horizon={steps: 1}", "optimizer={kind: adamw, learning_rate: 0.5}");
        assertThatThrownBy(() -> TrainingRun.run(other, TrainingRun.Request.to(run).resuming()))
                .isInstanceOf(RecipeException.class)
                .hasMessageContaining("another recipe").hasMessageContaining("learning_rate: 0.005").hasMessageContaining("learning_rate: 0.5");
        var threads = Tiny.recipe(Tiny.MASKED, rows, "horizon={steps: 1}", "device={threads: 2, precision: float32}");
        assertThatThrownBy(() -> TrainingRun.run(threads, TrainingRun.Request.to(run).resuming()))
                .isInstanceOf(RecipeException.class)
                .hasMessageContaining("threads: 1").hasMessageContaining("threads: 2").hasMessageContaining("resume=inexact");
        assertThatThrownBy(() -> TrainingRun.run(threads, TrainingRun.Request.to(run)))
                .isInstanceOf(RecipeException.class);
    }

    @Test
    void whatTheMachineDecidesIsDecidedOnce() {
        Path run = folder.resolve("run");
        var recipe = Tiny.recipe(Tiny.MASKED, rows, "horizon={steps: 2}", "device={threads: auto, precision: auto}");
        TrainingRun.run(recipe, TrainingRun.Request.to(run).stoppedBy(() -> true));
        var stored = dev.cultivar.recipe.RecipeReader.read(new RunFiles(run).recipe(), List.of());
        assertThat(stored.device().threads()).isInstanceOf(dev.cultivar.recipe.DeviceRecipe.Threads.Count.class);
        assertThat(TrainingRun.run(recipe, TrainingRun.Request.to(run).resuming()).progress().step()).isEqualTo(2);
    }

    @Test
    void anotherProcessorIsRefused() {
        Path run = folder.resolve("run");
        var recipe = Tiny.recipe(Tiny.MASKED, rows, "horizon={steps: 2}");
        TrainingRun.run(recipe, TrainingRun.Request.to(run).stoppedBy(() -> true));
        Map<String, Object> facts = JsonFiles.read(new RunFiles(run).provenance());
        facts.put("processor", "an abacus");
        JsonFiles.write(new RunFiles(run).provenance(), facts);
        assertThatThrownBy(() -> TrainingRun.run(recipe, TrainingRun.Request.to(run).resuming()))
                .isInstanceOf(RecipeException.class).hasMessageContaining("an abacus").hasMessageContaining("resume=inexact");
        var inexact = Tiny.recipe(Tiny.MASKED, rows, "horizon={steps: 2}", "resume=inexact");
        assertThat(TrainingRun.run(inexact, TrainingRun.Request.to(run).resuming()).progress().step()).isEqualTo(2);
    }
}

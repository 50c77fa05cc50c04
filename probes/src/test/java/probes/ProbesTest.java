package probes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cultivar.checkpoint.RunFiles;
import dev.cultivar.format.Safetensors;
import dev.cultivar.recipe.RecipeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Each probe reaches its goal, and where it is killed on the way it ends where an undisturbed run ends, to the bit.
@Timeout(300)
class ProbesTest {
    private static final int KILLS = 3;

    @TempDir
    Path folder;

    @BeforeAll
    static void onLinux() {
        Assumptions.assumeTrue(System.getProperty("os.name").equals("Linux"), "kills processes as Linux does it");
    }

    @Test
    void anAdversarialPairCoversTheRingAndItsCriticKnowsTheModes() throws Exception {
        Path gan = folder.resolve("gan");
        assertThat(Proof.best(Proof.train(RingProbe.PROBE, gan), "modes")).isEqualTo(RingProbe.MODES);
        Proof.trainWithKills("ring", folder.resolve("killed"), KILLS, 150);
        Proof.assertSame(gan, folder.resolve("killed"));

        // A GAN as pretraining: 64 labelled points, and only a linear layer learns.
        String[] which = {
            "backbone={kind: pretrained, model: " + gan + "}", "data.parameters={batches: 1}", "strategy={kind: feature_extraction}",
            "turns=[{name: main, objective: {kind: classification}, optimizer: {kind: adamw, learning_rate: 3e-2}}]", "horizon={steps: 100}"
        };
        Path modes = folder.resolve("modes");
        assertThat(Proof.best(Proof.train(RingProbe.PROBE, modes, which), "accuracy")).isGreaterThan(0.97);
        assertThat(tensors(modes, "mlp.")).isEqualTo(tensors(gan, "mlp."));
    }

    @Test
    void deepQLearningFindsTheShortestWay() throws Exception {
        Path grid = folder.resolve("grid");
        assertThat(Proof.best(Proof.train(GridProbe.PROBE, grid), "return")).isEqualTo(GridProbe.OPTIMAL, within());
        Proof.trainWithKills("grid", folder.resolve("killed"), KILLS, 1500);
        Proof.assertSame(grid, folder.resolve("killed"));
    }

    private static org.assertj.core.data.Offset<Double> within() {
        return org.assertj.core.data.Offset.offset(1e-9);
    }

    @Test
    void runningStatisticsAreStateAndFrozenLayersUseThem() throws Exception {
        Path digits = folder.resolve("digits");
        var result = Proof.train(DigitsProbe.PROBE, digits);
        assertThat(Proof.best(result, "accuracy")).isGreaterThan(0.9);
        Proof.trainWithKills("digits", folder.resolve("killed"), KILLS, 60);
        Proof.assertSame(digits, folder.resolve("killed"));

        // What is frozen keeps its statistics to the bit; what is trained gathers new ones.
        String[] more = {"backbone={kind: pretrained, model: " + digits + "}", "seed=18", "horizon={steps: 10}"};
        Path last = folder.resolve("last");
        Proof.train(DigitsProbe.PROBE, last, with(more, "strategy={kind: partial, trained: 1}"));
        assertThat(tensors(last, "block.1.")).isEqualTo(tensors(digits, "block.1."));
        assertThat(tensors(last, "block.2.mean")).isNotEqualTo(tensors(digits, "block.2.mean"));
        Path head = folder.resolve("head");
        Proof.train(DigitsProbe.PROBE, head, with(more, "strategy={kind: feature_extraction}", "batching={rows: 32, accumulation: 2}"));
        assertThat(tensors(head, "block.")).isEqualTo(tensors(digits, "block."));
        assertThat(tensors(head, "classifier.")).isNotEqualTo(tensors(digits, "classifier."));
    }

    @Test
    void statisticsOfABatchAreNotSplit() {
        assertThatThrownBy(() -> Proof.train(DigitsProbe.PROBE, folder.resolve("run"), "batching={rows: 32, accumulation: 2}"))
                .isInstanceOf(RecipeException.class)
                .hasMessageContaining("batching.accumulation must be 1 for this backbone, got 2: batch normalisation");
    }

    @Test
    void sentencesFindTheirPairs() throws Exception {
        String file = "data.train.file=" + PairsProbe.write(folder.resolve("pairs.csv"));
        Path pairs = folder.resolve("pairs");
        assertThat(Proof.best(Proof.train(PairsProbe.PROBE, pairs, file), "found")).isGreaterThan(0.9);
        Proof.trainWithKills("pairs", folder.resolve("killed"), KILLS, 60, file);
        Proof.assertSame(pairs, folder.resolve("killed"));
        assertThatThrownBy(() -> Proof.train(PairsProbe.PROBE, folder.resolve("split"), file, "batching={rows: 16, max_length: 32, accumulation: 2}"))
                .isInstanceOf(RecipeException.class)
                .hasMessageContaining("got 2: each row's negatives are all other rows of the batch");
    }

    /// A probe is a program that is read in one sitting.
    @Test
    void eachIsShort() throws Exception {
        Path here = Path.of("src/test/java/probes");
        for (String probe : List.of("RingProbe", "GridProbe", "DigitsProbe", "PairsProbe")) {
            assertThat(Files.readAllLines(here.resolve(probe + ".java")).stream()
                            .filter(line -> !line.isBlank() && !line.startsWith("import ")))
                    .as(probe).hasSizeLessThanOrEqualTo(150);
        }
    }

    private static String[] with(String[] overrides, String... more) {
        String[] all = Arrays.copyOf(overrides, overrides.length + more.length);
        System.arraycopy(more, 0, all, overrides.length, more.length);
        return all;
    }

    /// The values of the last checkpoint's tensors whose names begin so.
    private static String tensors(Path run, String prefix) {
        var text = new StringBuilder();
        try (var file = Safetensors.open(new RunFiles(run).last().orElseThrow().resolve("model.safetensors"))) {
            file.entries().keySet().stream().filter(name -> name.startsWith(prefix)).sorted()
                    .forEach(name -> text.append(name).append(Arrays.toString(file.floats(name))));
        }
        assertThat(text).as(prefix).isNotEmpty();
        return text.toString();
    }
}

package dev.cultivar.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cultivar.batch.Batch;
import dev.cultivar.checkpoint.Progress;
import dev.cultivar.checkpoint.StateReader;
import dev.cultivar.checkpoint.StateWriter;
import dev.cultivar.format.Safetensors;
import dev.cultivar.nn.Backbones;
import dev.cultivar.nn.FlatGroup;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.ModelFolder;
import dev.cultivar.nn.Weights;
import dev.cultivar.objective.LabelFacts;
import dev.cultivar.objective.Objectives;
import dev.cultivar.optim.Clipping;
import dev.cultivar.optim.Optimizer;
import dev.cultivar.optim.Segment;
import dev.cultivar.recipe.AverageRecipe;
import dev.cultivar.recipe.ClippingRecipe;
import dev.cultivar.recipe.Every;
import dev.cultivar.recipe.ObjectiveRecipe;
import dev.cultivar.recipe.StoppingRecipe;
import dev.cultivar.recipe.StrategyRecipe;
import dev.cultivar.strategy.Strategies;
import dev.cultivar.torch.Owned;
import dev.cultivar.torch.Tensors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

/// A step means the same however its rows are cut into micro-batches, and however many of these are under way at once.
class AccumulationTest {
    /// Sums in another order differ in their last bits only.
    private static final double TOLERANCE = 1e-5;
    private static final double RATE = 0.5;
    private static final Path CASE =
            Path.of(System.getProperty("cultivar.root", ".")).resolve("../shared/fixtures/bert-pretraining");

    /// The case's four ragged rows, and again with another label, one of them with none.
    private static List<Map<String, int[]>> rows() {
        List<Map<String, int[]>> rows = new ArrayList<>();
        try (var inputs = Safetensors.open(CASE.resolve("inputs.safetensors"))) {
            for (int i = 0; i < 8; i++) {
                int from = i % 4;
                Map<String, int[]> row = new LinkedHashMap<>();
                int length = (int) Arrays.stream(part(inputs, "attention_mask", from)).filter(one -> one == 1).count();
                for (String name : List.of("input_ids", "attention_mask", "token_type_ids", "labels")) {
                    row.put(name, Arrays.copyOf(part(inputs, name, from), length));
                }
                int next = (int) inputs.longs("next_sentence_label")[from];
                row.put("next_sentence_label", new int[] {i < 4 ? next : i == 7 ? -100 : 1 - next});
                rows.add(row);
            }
        }
        assertThat(rows.stream().map(row -> row.get("input_ids").length).distinct()).hasSize(4);
        return rows;
    }

    private static int[] part(Safetensors inputs, String name, int row) {
        int width = (int) inputs.entry(name).shape()[1];
        return Arrays.stream(inputs.longs(name)).skip((long) row * width).limit(width).mapToInt(Math::toIntExact).toArray();
    }

    /// Rows, padded to the longest of them.
    private static Batch batch(List<Map<String, int[]>> rows) {
        int width = rows.stream().mapToInt(row -> row.get("input_ids").length).max().orElseThrow();
        var batch = Batch.of(new long[rows.size()]);
        for (String name : List.of("input_ids", "attention_mask", "token_type_ids", "labels")) {
            int pad = name.equals("labels") ? -100 : 0;
            batch.ints(name, rows.stream().flatMapToInt(row -> IntStream.range(0, width)
                    .map(i -> i < row.get(name).length ? row.get(name)[i] : pad)).toArray(), rows.size(), width);
        }
        return batch.ints("next_sentence_label", rows.stream().mapToInt(row -> row.get("next_sentence_label")[0]).toArray(), rows.size()).build();
    }

    /// @param losses    of three steps
    /// @param gradients of the three, one after the other
    private record Outcome(List<Map<String, Double>> losses, List<float[]> gradients) {}

    /// Plain steps down the gradient, which is written down.
    private record Descent(List<float[]> seen) implements Optimizer {
        @Override
        public void step(List<Segment> segments, double factor) {
            for (Segment segment : segments) {
                Tensor data = segment.data();
                seen.add(Tensors.floats(segment.gradient()));
                data.add_(segment.gradient(), new Scalar(-RATE));
            }
        }

        @Override
        public double learningRate() {
            return RATE;
        }

        @Override
        public void save(StateWriter out) {}

        @Override
        public void restore(StateReader in) {}
    }

    private static final class Nowhere implements Keeper {
        @Override
        public void publish(Progress progress, boolean best) {}

        @Override
        public Optional<String> newest() {
            return Optional.empty();
        }
    }

    private static Outcome steps(int[] cuts, int replicas) {
        List<Map<String, int[]>> rows = rows();
        List<Batch> micro = new ArrayList<>();
        for (int from = 0, i = 0; from < rows.size(); from += cuts[i++]) {
            micro.add(batch(rows.subList(from, from + cuts[i])));
        }
        try (var folder = ModelFolder.open(CASE.resolve("model")); var memory = new Owned(); var workers = new Workers(replicas, 1)) {
            var weights = new Weights(0, folder.stored(hidden -> false));
            var model = new Model(weights, Backbones.build(folder.config(), weights, true, Backbones.Custom.NONE));
            var objective = Objectives.build(new ObjectiveRecipe.MaskedLmNextSentence(0.15, false, 0.7), model, LabelFacts.NONE, (name, of, built) -> {
                throw new IllegalStateException(name);
            });
            List<FlatGroup> groups = List.of(weights.pack(weights.parameters(), false, replicas));
            var strategy = Strategies.build(new StrategyRecipe.Full(1), model, (name, of, backbone) -> {
                throw new IllegalStateException(name);
            });
            List<float[]> gradients = new ArrayList<>();
            List<Map<String, Double>> losses = new ArrayList<>();
            var turn = new Turn("main", 1, objective, new Moves(weights, strategy, groups, name -> true), new Descent(gradients),
                    (step, total) -> 1, new Clipping(new ClippingRecipe.None()));
            new TrainingLoop(
                    new TrainingLoop.Setup(model, Entrance.INPUT, List.of(turn), (name, count, policy) -> micro, strategy,
                            new Average(new AverageRecipe.None(), groups, memory), new Best(new StoppingRecipe.None()), new Randomness(0),
                            new Evaluations(new Every.Never(), new LinkedHashMap<>(), false), new Nowhere(), new Every.Never(), micro.size(), workers, 3),
                    event -> {
                        if (event instanceof Event.Stepped stepped) {
                            losses.add(stepped.losses());
                        }
                    }).run(() -> false);
            model.close();
            return new Outcome(losses, gradients);
        }
    }

    @Test
    void eightTimesOneIsOneTimesEight() {
        assumeTrue(Files.isDirectory(CASE), "golden case " + CASE + " is absent");
        Outcome whole = steps(new int[] {8}, 1);
        assertThat(whole.losses()).hasSize(3);
        assertThat(whole.losses().getFirst().get("loss")).isGreaterThan(whole.losses().getLast().get("loss"));
        assertThat(whole.losses().getFirst()).containsKeys("masked_lm", "next_sentence");
        List<Outcome> cut = List.of(
                steps(new int[] {1, 1, 1, 1, 1, 1, 1, 1}, 1),
                steps(new int[] {1, 1, 1, 1, 1, 1, 1, 1}, 2),
                steps(new int[] {3, 1, 4}, 1),
                steps(new int[] {3, 1, 4}, 2),
                steps(new int[] {1, 7}, 2));
        for (Outcome other : cut) {
            for (int step = 0; step < 3; step++) {
                int at = step;
                whole.losses().get(step).forEach((term, loss) ->
                        assertThat(other.losses().get(at).get(term)).as(term).isCloseTo(loss, within(TOLERANCE)));
            }
            for (int i = 0; i < whole.gradients().size(); i++) {
                assertThat(largestDifference(whole.gradients().get(i), other.gradients().get(i))).isLessThan(TOLERANCE);
            }
        }
    }

    /// Who computes which micro-batch is fixed: the bits are the same each time.
    @Test
    void replicasGiveTheSameBitsEachTime() {
        assumeTrue(Files.isDirectory(CASE), "golden case " + CASE + " is absent");
        Outcome once = steps(new int[] {3, 1, 4}, 2);
        Outcome again = steps(new int[] {3, 1, 4}, 2);
        assertThat(again.losses()).isEqualTo(once.losses());
        assertThat(again.gradients()).usingRecursiveComparison().isEqualTo(once.gradients());
    }

    private static double largestDifference(float[] a, float[] b) {
        assertThat(b).hasSameSizeAs(a);
        return IntStream.range(0, a.length).mapToDouble(i -> Math.abs(a[i] - b[i])).max().orElseThrow();
    }
}

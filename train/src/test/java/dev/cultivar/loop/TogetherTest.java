package dev.cultivar.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cultivar.batch.Batch;
import dev.cultivar.checkpoint.Progress;
import dev.cultivar.checkpoint.StateReader;
import dev.cultivar.checkpoint.StateWriter;
import dev.cultivar.nn.Backbones;
import dev.cultivar.nn.ConfigFile;
import dev.cultivar.nn.FlatGroup;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.Weights;
import dev.cultivar.objective.LabelFacts;
import dev.cultivar.objective.Objectives;
import dev.cultivar.optim.Clipping;
import dev.cultivar.optim.Optimizer;
import dev.cultivar.optim.Segment;
import dev.cultivar.recipe.AverageRecipe;
import dev.cultivar.recipe.ClippingRecipe;
import dev.cultivar.recipe.Every;
import dev.cultivar.recipe.ObjectiveRecipe.EmbeddingLoss;
import dev.cultivar.recipe.ObjectiveRecipe;
import dev.cultivar.recipe.StoppingRecipe;
import dev.cultivar.recipe.StrategyRecipe;
import dev.cultivar.strategy.Strategies;
import dev.cultivar.torch.Owned;
import dev.cultivar.torch.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A loss that compares rows with each other is the same however they are cut into micro-batches.
class TogetherTest {
    private static final int GROUPS = 12;
    private static final int TEXTS = 3;
    private static final int LENGTH = 7;
    private static final Map<String, Object> BERT = Map.of(
            "model_type", "bert", "vocab_size", 40L, "hidden_size", 16L, "num_hidden_layers", 2L, "num_attention_heads", 2L,
            "intermediate_size", 32L, "max_position_embeddings", 16L, "hidden_dropout_prob", 0.0, "attention_probs_dropout_prob", 0.0);

    /// Groups of ragged texts; some share a meaning.
    private static Batch groups(int from, int to) {
        int rows = to - from;
        int[] ids = new int[rows * TEXTS * LENGTH];
        int[] mask = new int[ids.length];
        int[] meaning = new int[rows * TEXTS];
        float[] scores = new float[rows];
        for (int group = from; group < to; group++) {
            var random = new Random(group);
            scores[group - from] = group % 2;
            for (int text = 0; text < TEXTS; text++) {
                int at = (group - from) * TEXTS + text;
                meaning[at] = text < 2 ? group % 9 : 100 + group;
                int length = 2 + random.nextInt(LENGTH - 1);
                for (int i = 0; i < length; i++) {
                    ids[at * LENGTH + i] = 1 + random.nextInt(39);
                    mask[at * LENGTH + i] = 1;
                }
            }
        }
        return Batch.of(new long[rows]).ints("input_ids", ids, rows, TEXTS, LENGTH).ints("attention_mask", mask, rows, TEXTS, LENGTH)
                .ints("token_type_ids", new int[ids.length], rows, TEXTS, LENGTH).ints("meaning", meaning, rows, TEXTS)
                .floats("labels", scores, rows).build();
    }

    private record Outcome(List<Double> losses, List<float[]> gradients) {}

    private record Descent(List<float[]> seen) implements Optimizer {
        @Override
        public void step(List<Segment> segments, double factor) {
            for (Segment segment : segments) {
                seen.add(Tensors.floats(segment.gradient()));
                segment.data().add_(segment.gradient(), new Scalar(-0.05));
            }
        }

        @Override
        public double learningRate() {
            return 0.05;
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

    private static Outcome steps(EmbeddingLoss loss, double dropout, int replicas, int... cuts) {
        List<Batch> micro = new ArrayList<>();
        for (int i = 0, from = 0; i < cuts.length; from += cuts[i++]) {
            micro.add(groups(from, from + cuts[i]));
        }
        Map<String, Object> config = new LinkedHashMap<>(BERT);
        config.put("hidden_dropout_prob", dropout);
        try (var memory = new Owned(); var workers = new Workers(replicas, 1); var weights = new Weights(3, Weights.Stored.NONE)) {
            var model = new Model(weights, Backbones.build(ConfigFile.of("test", config), weights, false, Backbones.Custom.NONE));
            var recipe = new ObjectiveRecipe.Embedding(ObjectiveRecipe.Pooling.MEAN, true, loss, new ObjectiveRecipe.Pairs.Columns(),
                    new ObjectiveRecipe.HardNegatives.None());
            var objective = Objectives.build(recipe, model, LabelFacts.NONE, (name, of, built) -> {
                throw new IllegalStateException(name);
            });
            List<FlatGroup> groups = List.of(weights.pack(weights.parameters(), false, replicas));
            var strategy = Strategies.build(new StrategyRecipe.Full(1), model, (name, of, backbone) -> {
                throw new IllegalStateException(name);
            });
            List<float[]> gradients = new ArrayList<>();
            List<Double> losses = new ArrayList<>();
            var turn = new Turn("main", 1, objective, new Moves(weights, strategy, groups, name -> true), new Descent(gradients),
                    (step, total) -> 1, new Clipping(new ClippingRecipe.None()));
            new TrainingLoop(
                    new TrainingLoop.Setup(model, Entrance.INPUT, List.of(turn), (name, count, policy) -> micro, strategy,
                            new Average(new AverageRecipe.None(), groups, memory), new Best(new StoppingRecipe.None()), new Randomness(0),
                            new Evaluations(new Every.Never(), new LinkedHashMap<>(), false), new Nowhere(), new Every.Never(), micro.size(), workers, 3),
                    event -> {
                        if (event instanceof Event.Stepped stepped) {
                            losses.add(stepped.losses().get("loss"));
                        }
                    }).run(() -> false);
            return new Outcome(losses, gradients);
        }
    }

    private static double distance(Outcome a, Outcome b) {
        double most = IntStream.range(0, a.losses().size()).mapToDouble(i -> Math.abs(a.losses().get(i) - b.losses().get(i))).max().orElseThrow();
        for (int i = 0; i < a.gradients().size(); i++) {
            float[] x = a.gradients().get(i);
            float[] y = b.gradients().get(i);
            assertThat(y).hasSameSizeAs(x);
            most = Math.max(most, IntStream.range(0, x.length).mapToDouble(j -> Math.abs(x[j] - y[j])).max().orElseThrow());
        }
        return most;
    }

    private static EmbeddingLoss loss(String kind) {
        return switch (kind) {
            case "one way" -> new EmbeddingLoss.MultipleNegatives(20, false);
            case "both ways" -> new EmbeddingLoss.MultipleNegatives(20, true);
            case "triplet" -> new EmbeddingLoss.Triplet(1);
            case "contrastive" -> new EmbeddingLoss.Contrastive(0.5);
            default -> new EmbeddingLoss.Cosine();
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"one way", "both ways", "triplet", "contrastive", "cosine"})
    void microBatchesAndReplicasMakeTheStepOfOneLargeBatch(String kind) {
        Outcome whole = steps(loss(kind), 0, 1, GROUPS);
        assertThat(whole.losses()).hasSize(3);
        assertThat(whole.losses().getLast()).isLessThan(whole.losses().getFirst());
        for (Outcome cut : List.of(
                steps(loss(kind), 0, 1, 4, 4, 4),
                steps(loss(kind), 0, 1, 1, 5, 6),
                steps(loss(kind), 0, 2, GROUPS),
                steps(loss(kind), 0, 2, 5, 7))) {
            assertThat(distance(whole, cut)).isLessThan(2e-5);
        }
    }

    /// The second forward pass drops out what the first did: its gradient is that of what was seen.
    @Test
    void dropoutIsTheSameInBothPasses() {
        Outcome once = steps(loss("one way"), 0.3, 1, 6, 6);
        assertThat(distance(once, steps(loss("one way"), 0.3, 1, 6, 6))).isZero();
        assertThat(distance(once, steps(loss("one way"), 0.3, 2, 6, 6))).isLessThan(2e-5);
    }

    /// Rows of other micro-batches are seen: without them the loss would be lower.
    @Test
    void otherMicroBatchesAreNegativesToo() {
        double whole = steps(loss("one way"), 0, 1, 6, 6).losses().getFirst();
        double half = steps(loss("one way"), 0, 1, 6).losses().getFirst();
        assertThat(whole).isGreaterThan(half + 0.1);
    }
}

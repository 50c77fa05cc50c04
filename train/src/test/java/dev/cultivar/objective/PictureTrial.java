package dev.cultivar.objective;

import dev.cultivar.batch.Batch;
import dev.cultivar.batch.Draw;
import dev.cultivar.batch.PictureFacts;
import dev.cultivar.batch.PictureShape;
import dev.cultivar.checkpoint.Progress;
import dev.cultivar.checkpoint.StateReader;
import dev.cultivar.checkpoint.StateWriter;
import dev.cultivar.loop.Average;
import dev.cultivar.loop.Best;
import dev.cultivar.loop.Entrance;
import dev.cultivar.loop.Evaluations;
import dev.cultivar.loop.Event;
import dev.cultivar.loop.Keeper;
import dev.cultivar.loop.Moves;
import dev.cultivar.loop.Randomness;
import dev.cultivar.loop.TrainingLoop;
import dev.cultivar.loop.Turn;
import dev.cultivar.loop.Workers;
import dev.cultivar.nn.Backbones;
import dev.cultivar.nn.ConfigFile;
import dev.cultivar.nn.FlatGroup;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.Weights;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;

/// A tiny model over pictures with objectives on it, and steps of it by the product's own loop.
///
/// @param model      over pictures of one shape
/// @param objectives one a turn
record PictureTrial(Model model, List<Objective> objectives) implements AutoCloseable {
    static final PictureShape SHAPE = new PictureShape(1, 8, 8);
    static final PictureFacts FACTS = new PictureFacts(1, 8, 8, new float[] {0.4f}, new float[] {0.5f});
    static final List<String> CLASSES = List.of("a", "b", "c");
    static final LabelFacts LABELLED = LabelFacts.of(CLASSES).with(FACTS);

    static Map<String, Object> encoder(int... channels) {
        return config("conv_encoder", "channels", IntStream.of(channels).boxed().toList());
    }

    static Map<String, Object> mlp(int... hidden) {
        return config("mlp", "hidden_sizes", IntStream.of(hidden).boxed().toList());
    }

    static Map<String, Object> config(String kind, Object... more) {
        Map<String, Object> config = new LinkedHashMap<>(Map.of("model_type", kind, "num_channels", 1, "image_size", 8));
        for (int i = 0; i < more.length; i += 2) {
            config.put(String.valueOf(more[i]), more[i + 1]);
        }
        return config;
    }

    static PictureTrial of(Map<String, Object> backbone, LabelFacts facts, ObjectiveRecipe... recipes) {
        var weights = new Weights(3, Weights.Stored.NONE);
        var model = new Model(weights, Backbones.build(ConfigFile.of("test", backbone), weights, false, Backbones.Custom.NONE));
        List<Objective> objectives = Arrays.stream(recipes)
                .map(recipe -> Objectives.build(recipe, model, facts, (name, of, built) -> {
                    throw new IllegalStateException(name);
                }))
                .toList();
        return new PictureTrial(model, objectives);
    }

    Objective objective() {
        return objectives.getFirst();
    }

    /// Standard normal numbers, or uniform ones, as a function of the row.
    static float[] numbers(String what, int from, int to, int each, boolean normal) {
        float[] values = new float[(to - from) * each];
        for (int i = 0; i < values.length; i++) {
            int row = from + i / each;
            values[i] = (float) (normal ? Draw.normal(1, Draw.name(what), row, i % each) : Draw.unit(1, Draw.name(what), row, i % each));
        }
        return values;
    }

    /// Pictures that are a function of the row's number, in [0, 1] and as a backbone reads them; row r is of class r modulo 3.
    static Batch.Builder pictures(int from, int to) {
        int rows = to - from;
        float[] pixels = numbers("pixels", from, to, SHAPE.values(), false);
        int[] labels = IntStream.range(from, to).map(row -> row % CLASSES.size()).toArray();
        return Batch.of(IntStream.range(from, to).asLongStream().toArray())
                .floats("pixels", pixels, rows, 1, 8, 8)
                .floats("pixel_values", normalized(pixels), rows, 1, 8, 8)
                .ints("labels", labels, rows);
    }

    static float[] normalized(float[] pixels) {
        float[] values = new float[pixels.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (pixels[i] - FACTS.mean()[0]) / FACTS.deviation()[0];
        }
        return values;
    }

    /// What steps came to.
    ///
    /// @param losses    of each step, by name
    /// @param gradients of each turn, one after the other
    record Outcome(List<Map<String, Double>> losses, List<float[]> gradients) {
        double loss() {
            return losses.getFirst().entrySet().stream().filter(each -> each.getKey().endsWith("loss")).mapToDouble(Map.Entry::getValue).sum();
        }

        /// The largest difference of a loss or a gradient.
        double from(Outcome other) {
            double most = 0;
            for (int i = 0; i < losses.size(); i++) {
                for (String term : losses.get(i).keySet()) {
                    most = Math.max(most, Math.abs(losses.get(i).get(term) - other.losses.get(i).get(term)));
                }
            }
            for (int i = 0; i < gradients.size(); i++) {
                for (int j = 0; j < gradients.get(i).length; j++) {
                    most = Math.max(most, Math.abs(gradients.get(i)[j] - other.gradients.get(i)[j]));
                }
            }
            return most;
        }
    }

    private record Descent(double rate, List<float[]> seen) implements Optimizer {
        @Override
        public void step(List<Segment> segments, double factor) {
            for (Segment segment : segments) {
                seen.add(Tensors.floats(segment.gradient()));
                segment.data().add_(segment.gradient(), new Scalar(-rate));
            }
        }

        @Override
        public double learningRate() {
            return rate;
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

    /// Steps of plain descent, each turn over the same micro-batches.
    Outcome steps(int count, double rate, int replicas, Batch... micro) {
        return steps(count, rate, replicas, false, micro);
    }

    /// @param bfloat16 whether forward and backward passes are made in bfloat16
    Outcome steps(int count, double rate, int replicas, boolean bfloat16, Batch... micro) {
        Weights weights = model.weights();
        var strategy = Strategies.build(new StrategyRecipe.Full(1), model, (name, of, backbone) -> {
            throw new IllegalStateException(name);
        });
        List<float[]> gradients = new ArrayList<>();
        List<Map<String, Double>> losses = new ArrayList<>();
        try (var memory = new Owned(); var workers = new Workers(replicas, 1)) {
            List<Turn> turns = new ArrayList<>();
            List<FlatGroup> all = new ArrayList<>();
            for (int t = 0; t < objectives.size(); t++) {
                Objective objective = objectives.get(t);
                List<FlatGroup> groups = List.of(weights.pack(weights.parameters().stream().filter(objective::moves).toList(), bfloat16, replicas));
                all.addAll(groups);
                turns.add(new Turn("turn" + t, 1, objective, new Moves(weights, strategy, groups, name -> true), new Descent(rate, gradients),
                        (step, total) -> 1, new Clipping(new ClippingRecipe.None())));
            }
            new TrainingLoop(
                    new TrainingLoop.Setup(model, Entrance.INPUT, turns, (name, number, policy) -> List.of(micro), strategy,
                            new Average(new AverageRecipe.None(), all, memory), new Best(new StoppingRecipe.None()), new Randomness(0),
                            new Evaluations(new Every.Never(), new LinkedHashMap<>(), false), new Nowhere(), new Every.Never(), micro.length, workers, count),
                    event -> {
                        if (event instanceof Event.Stepped stepped) {
                            losses.add(stepped.losses());
                        }
                    }).run(() -> false);
        }
        return new Outcome(losses, gradients);
    }

    @Override
    public void close() {
        model.close();
    }
}

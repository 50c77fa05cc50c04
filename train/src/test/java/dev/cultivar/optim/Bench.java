package dev.cultivar.optim;

import dev.cultivar.nn.FlatGroup;
import dev.cultivar.nn.Initial;
import dev.cultivar.nn.NoGradient;
import dev.cultivar.nn.Weights;
import dev.cultivar.recipe.OptimizerRecipe;
import dev.cultivar.torch.Owned;
import dev.cultivar.torch.Scope;
import dev.cultivar.torch.Tensors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/// A few parameters of different shapes in a group, and what is drawn for them.
final class Bench implements AutoCloseable {
    private final Map<String, long[]> shapes = new LinkedHashMap<>();
    final Owned memory = new Owned();
    private final Weights weights = new Weights(5, Weights.Stored.NONE);
    private final Random random = new Random(8);
    final FlatGroup group;
    final Optimizer optimizer;

    /// @param side of the largest matrix
    Bench(OptimizerRecipe recipe, int side) {
        shapes.put("embeddings.weight", new long[] {37, 11});
        shapes.put("layer.0.weight", new long[] {24, 10});
        shapes.put("layer.1.weight", new long[] {side, side});
        shapes.put("layer.2.kernel", new long[] {4, 3, 5, 5});
        shapes.put("layer.0.bias", new long[] {24});
        shapes.put("layer.3.bias", new long[] {1});
        shapes.forEach((name, shape) -> weights.parameter(name, new Initial.Normal(0.1), shape));
        group = weights.pack(weights.parameters(), false, 1);
        optimizer = Optimizers.build(recipe, List.of(group), memory, name -> name.startsWith("layer"), (custom, of, owner) -> {
            throw new IllegalStateException(custom.name());
        });
    }

    Segment segment(int first, int last) {
        return new Segment(group, 0, first, last, 1, true);
    }

    List<Segment> whole() {
        return List.of(segment(0, shapes.size() - 1));
    }

    List<Segment> apart() {
        return IntStream.range(0, shapes.size()).mapToObj(i -> segment(i, i)).toList();
    }

    /// A gradient for everything, another one at each call.
    void draw() {
        try (var scope = Scope.open(); var without = new NoGradient()) {
            for (FlatGroup.Member member : group.members()) {
                float[] values = new float[(int) member.elements()];
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) random.nextGaussian() / 10;
                }
                group.gradient().narrow(0, member.from(), values.length).copy_(Tensors.ofFloats(values, values.length));
            }
        }
    }

    void consume(List<Segment> segments, double scale) {
        try (var scope = Scope.open(); var without = new NoGradient()) {
            optimizer.consume(segments, 0.7, scale);
        }
    }

    float[] values() {
        return Tensors.floats(group.data());
    }

    float[] values(String name) {
        return Tensors.floats(weights.master(name));
    }

    @Override
    public void close() {
        memory.close();
        weights.close();
    }
}

package dev.cultivar.bench;

import dev.cultivar.nn.FlatGroup;
import dev.cultivar.nn.MemoryFormat;
import dev.cultivar.nn.Initial;
import dev.cultivar.nn.NoGradient;
import dev.cultivar.nn.Weights;
import dev.cultivar.optim.Clipping;
import dev.cultivar.optim.Optimizer;
import dev.cultivar.optim.Optimizers;
import dev.cultivar.optim.Segment;
import dev.cultivar.recipe.ClippingRecipe;
import dev.cultivar.recipe.OptimizerRecipe;
import dev.cultivar.torch.Owned;
import dev.cultivar.torch.Scope;
import dev.cultivar.torch.Tensors;
import dev.cultivar.torch.Torch;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// How long one AdamW step takes, clipping's scale and the gradient's clearing included, in four ways of doing it:
/// libtorch's operators one after the other over everything (`whole`), the same over pieces that stay in a core's cache
/// (`pieces`), one pass in Java over pieces that are copied into arrays and back (`arrays`), and one pass in Java straight
/// on the tensors' memory (`direct`). Beside them the library's own optimizers, and clipping's norm.
///
/// `java ... OptimizerBench [parameters...]`: the ways take turns, and each row shows the best of its turns.
public final class OptimizerBench {
    private static final int PIECE = 1 << 15; // four tensors of 128 KiB: a core's share of the second-level cache
    private static final int ARRAY = 1 << 10; // four arrays of 4 KiB: half of the first-level cache
    private static final float SCALE = 0.5f;
    private static final double RATE = 1e-3;
    private static final double DECAY = 0.01;
    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.999;
    private static final double EPSILON = 1e-8;

    private OptimizerBench() {}

    /// One way of making a step.
    private record Way(String name, Runnable step) {}

    /// What a step reads and writes.
    private record Flat(Tensor data, Tensor gradient, Tensor first, Tensor second) {
        static Flat of(long parameters, Owned memory) {
            try (var scope = Scope.open()) {
                var all = new ArrayList<Tensor>();
                for (int i = 0; i < 4; i++) {
                    all.add(memory.own(torch.full(new long[] {parameters}, new Scalar(0.01 * (i + 1)))));
                }
                return new Flat(all.get(0), all.get(1), all.get(2), all.get(3));
            }
        }

        Flat part(long from, long to) {
            return new Flat(
                    data.narrow(0, from, to - from),
                    gradient.narrow(0, from, to - from),
                    first.narrow(0, from, to - from),
                    second.narrow(0, from, to - from));
        }
    }

    public static void main(String[] arguments) {
        long[] sizes = arguments.length == 0
                ? new long[] {1_000_000, 14_000_000, 124_000_000}
                : Arrays.stream(arguments).mapToLong(size -> Math.ceilDiv(Long.parseLong(size), 16) * 16).toArray(); // as a group is aligned
        Torch.start();
        int threads = Torch.threads();
        System.out.printf(Locale.ROOT, "threads %d, vectors %s%n%12s %8s %10s%n", threads, Torch.vectors(), "parameters", "way", "ms");
        for (long size : sizes) {
            measure(size, threads);
        }
        muon();
    }

    /// One matrix of GPT-2 124M by Muon.
    private static void muon() {
        try (var memory = new Owned(); var weights = new Weights(1, Weights.Stored.NONE)) {
            weights.parameter("weight", new Initial.Normal(0.02), 768, 768);
            FlatGroup group = weights.pack(weights.parameters(), false, 1);
            List<Segment> segments = List.of(new Segment(group, 0, 0, 0, 1, true));
            var others = new OptimizerRecipe.AdamW(RATE, BETA1, BETA2, EPSILON, DECAY, OptimizerRecipe.Decayed.ALL);
            var recipe = new OptimizerRecipe.Muon(0.02, 0.95, true, 5, OptimizerRecipe.Muon.Scale.ORIGINAL, 0.1, others);
            Optimizer optimizer = Optimizers.build(recipe, List.of(group), memory, parameter -> true, (custom, groups, owner) -> {
                throw new IllegalStateException(custom.name());
            });
            double best = Double.MAX_VALUE;
            for (int turn = 0; turn < 10; turn++) {
                try (var scope = Scope.open(); var without = new NoGradient()) {
                    group.gradient().normal_();
                    long before = System.nanoTime();
                    optimizer.consume(segments, 1, 1);
                    best = Math.min(best, (System.nanoTime() - before) / 1e6);
                }
            }
            System.out.printf(Locale.ROOT, "Muon, 768 x 768: %.1f ms%n", best);
        }
    }

    private static void measure(long size, int threads) {
        try (var memory = new Owned()) {
            Flat flat = Flat.of(size, memory);
            List<Way> ways = new ArrayList<>(List.of(
                    new Way("whole", () -> whole(flat)),
                    new Way("pieces", () -> pieces(flat, size, threads)),
                    new Way("arrays", () -> arrays(flat, size, threads)),
                    new Way("direct", () -> direct(flat, size, threads))));
            List<Segment> segments = segments(flat, size);
            product(segments, memory).forEach((name, optimizer) -> ways.add(new Way(name, () -> {
                try (var scope = Scope.open()) {
                    optimizer.consume(segments, 1, SCALE);
                }
            })));
            ways.add(new Way("norm", () -> new Clipping(new ClippingRecipe.Norm(1)).norm(segments)));
            double[] best = new double[ways.size()];
            Arrays.fill(best, Double.MAX_VALUE);
            int turns = size < 50_000_000 ? 60 : 12;
            for (int turn = 0; turn < turns; turn++) {
                for (int w = 0; w < best.length; w++) {
                    try (var scope = Scope.open()) {
                        flat.gradient().fill_(new Scalar(0.02));
                    }
                    long before = System.nanoTime();
                    ways.get(w).step().run();
                    best[w] = Math.min(best[w], (System.nanoTime() - before) / 1e6);
                }
            }
            for (int w = 0; w < best.length; w++) {
                System.out.printf(Locale.ROOT, "%12d %8s %10.2f%n", size, ways.get(w).name(), best[w]);
            }
        }
    }

    private static List<Segment> segments(Flat flat, long size) {
        var member = new FlatGroup.Member("all", new long[] {size}, MemoryFormat.CONTIGUOUS, 0);
        var group = new FlatGroup(List.of(member), flat.data(), List.of(flat.gradient()), Optional.empty());
        return List.of(new Segment(group, 0, 0, 0, 1, true));
    }

    private static Map<String, Optimizer> product(List<Segment> segments, Owned memory) {
        var all = OptimizerRecipe.Decayed.ALL;
        Map<String, OptimizerRecipe> recipes = new LinkedHashMap<>();
        recipes.put("adamw", new OptimizerRecipe.AdamW(RATE, BETA1, BETA2, EPSILON, DECAY, all));
        recipes.put("sgd", new OptimizerRecipe.Sgd(RATE, 0.9, 0, false, 0, all));
        recipes.put("lion", new OptimizerRecipe.Lion(RATE, BETA1, 0.99, DECAY, all));
        recipes.put("rmsprop", new OptimizerRecipe.RmsProp(RATE, 0.99, EPSILON, 0, false, 0, all));
        Map<String, Optimizer> optimizers = new LinkedHashMap<>();
        recipes.forEach((name, recipe) -> optimizers.put(name,
                Optimizers.build(recipe, List.of(segments.getFirst().group()), memory, parameter -> true, (custom, groups, owner) -> {
                    throw new IllegalStateException(custom.name());
                })));
        return optimizers;
    }

    private static void whole(Flat flat) {
        try (var scope = Scope.open()) {
            operators(flat);
        }
    }

    private static void operators(Flat flat) {
        flat.gradient().mul_(new Scalar(SCALE));
        flat.data().mul_(new Scalar(1 - RATE * DECAY));
        flat.first().lerp_(flat.gradient(), new Scalar(1 - BETA1));
        flat.second().mul_(new Scalar(BETA2)).addcmul_(flat.gradient(), flat.gradient(), new Scalar(1 - BETA2));
        Tensor denominator = flat.second().sqrt().div_(new Scalar(0.5)).add_(new Scalar(EPSILON));
        flat.data().addcdiv_(flat.first(), denominator, new Scalar(-RATE / 0.5));
        flat.gradient().zero_();
    }

    private static void pieces(Flat flat, long size, int threads) {
        each(size, threads, (from, to) -> {
            int before = torch.get_num_threads();
            torch.set_num_threads(1);
            for (long at = from; at < to; at += PIECE) {
                try (var scope = Scope.open()) {
                    operators(flat.part(at, Math.min(to, at + PIECE)));
                }
            }
            torch.set_num_threads(before);
        });
    }

    private static void arrays(Flat flat, long size, int threads) {
        MemorySegment data = Tensors.bytes(flat.data());
        MemorySegment gradient = Tensors.bytes(flat.gradient());
        MemorySegment first = Tensors.bytes(flat.first());
        MemorySegment second = Tensors.bytes(flat.second());
        each(size, threads, (from, to) -> {
            float[] w = new float[ARRAY];
            float[] g = new float[ARRAY];
            float[] m = new float[ARRAY];
            float[] v = new float[ARRAY];
            for (long at = from; at < to; at += ARRAY) {
                int count = (int) Math.min(ARRAY, to - at);
                MemorySegment.copy(data, ValueLayout.JAVA_FLOAT, 4 * at, w, 0, count);
                MemorySegment.copy(gradient, ValueLayout.JAVA_FLOAT, 4 * at, g, 0, count);
                MemorySegment.copy(first, ValueLayout.JAVA_FLOAT, 4 * at, m, 0, count);
                MemorySegment.copy(second, ValueLayout.JAVA_FLOAT, 4 * at, v, 0, count);
                step(w, g, m, v, count, SCALE, (float) (1 - RATE * DECAY), (float) (1 - BETA1), (float) BETA2, (float) (1 - BETA2), 0.5f,
                        (float) EPSILON, (float) (-RATE / 0.5));
                MemorySegment.copy(w, 0, data, ValueLayout.JAVA_FLOAT, 4 * at, count);
                MemorySegment.copy(m, 0, first, ValueLayout.JAVA_FLOAT, 4 * at, count);
                MemorySegment.copy(v, 0, second, ValueLayout.JAVA_FLOAT, 4 * at, count);
                gradient.asSlice(4 * at, 4L * count).fill((byte) 0);
            }
        });
    }

    private static void step(
            float[] w, float[] g, float[] m, float[] v, int count,
            float scale, float kept, float rise, float beta2, float rest, float correction, float epsilon, float change) {
        for (int i = 0; i < count; i++) {
            float gradient = g[i] * scale;
            float first = m[i] + rise * (gradient - m[i]);
            float second = v[i] * beta2 + rest * gradient * gradient;
            m[i] = first;
            v[i] = second;
            w[i] = w[i] * kept + change * first / ((float) Math.sqrt(second) / correction + epsilon);
        }
    }

    private static void direct(Flat flat, long size, int threads) {
        MemorySegment data = Tensors.bytes(flat.data());
        MemorySegment gradients = Tensors.bytes(flat.gradient());
        MemorySegment firsts = Tensors.bytes(flat.first());
        MemorySegment seconds = Tensors.bytes(flat.second());
        each(size, threads, (from, to) -> {
            for (long at = from; at < to; at += PIECE) {
                step(data, gradients, firsts, seconds, at, (int) Math.min(PIECE, to - at));
            }
        });
    }

    private static void step(MemorySegment w, MemorySegment g, MemorySegment m, MemorySegment v, long from, int count) {
        float kept = (float) (1 - RATE * DECAY);
        float rise = (float) (1 - BETA1);
        float beta2 = (float) BETA2;
        float rest = (float) (1 - BETA2);
        for (int i = 0; i < count; i++) {
            long at = from + i;
            float gradient = g.getAtIndex(ValueLayout.JAVA_FLOAT, at) * SCALE;
            float moment = m.getAtIndex(ValueLayout.JAVA_FLOAT, at);
            float first = moment + rise * (gradient - moment);
            float second = v.getAtIndex(ValueLayout.JAVA_FLOAT, at) * beta2 + rest * gradient * gradient;
            m.setAtIndex(ValueLayout.JAVA_FLOAT, at, first);
            v.setAtIndex(ValueLayout.JAVA_FLOAT, at, second);
            g.setAtIndex(ValueLayout.JAVA_FLOAT, at, 0);
            w.setAtIndex(ValueLayout.JAVA_FLOAT, at, w.getAtIndex(ValueLayout.JAVA_FLOAT, at) * kept
                    + (float) (-RATE / 0.5) * first / ((float) Math.sqrt(second) / 0.5f + (float) EPSILON));
        }
    }

    @FunctionalInterface
    private interface Piece {
        void work(long from, long to);
    }

    private static void each(long size, int threads, Piece piece) {
        long share = Math.ceilDiv(size, (long) threads);
        IntStream.range(0, threads).parallel().forEach(t -> piece.work(t * share, Math.min(size, (t + 1) * share)));
    }
}

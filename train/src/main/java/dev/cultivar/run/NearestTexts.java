package dev.cultivar.run;

import dev.cultivar.batch.DataException;
import dev.cultivar.data.Examples;
import dev.cultivar.nn.NoGradient;
import dev.cultivar.predict.Embedder;
import dev.cultivar.recipe.ObjectiveRecipe.HardNegatives;
import dev.cultivar.torch.Scope;
import dev.cultivar.torch.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/// For each text the nearest ones that do not belong to it, by the vectors of a model that does not change: hard negatives (as mined by
/// Xiong et al., 2021, "Approximate nearest neighbor negative contrastive learning", here by all distances, once).
///
/// @param vectors of the stored texts, of length 1
/// @param place   of the texts, for messages
/// @param count   how many are kept
record NearestTexts(List<float[]> vectors, String place, int count) {
    private static final int AT_ONCE = 128; // texts whose similarities are in memory at once

    /// @param rows  the training rows as they were stored
    /// @param texts how many these are
    static NearestTexts of(HardNegatives.Nearest recipe, Examples rows, int texts) {
        List<String> all = new ArrayList<>(texts);
        rows.each(example -> all.add(example.text()));
        try (Embedder embedder = Embedder.open(recipe.model())) {
            List<float[]> vectors = embedder.embed(all);
            vectors.forEach(NearestTexts::normalise);
            return new NearestTexts(vectors, rows.name(), recipe.nearest());
        }
    }

    private static void normalise(float[] vector) {
        double squares = 0;
        for (float each : vector) {
            squares += (double) each * each;
        }
        for (int i = 0; i < vector.length; i++) {
            vector[i] = (float) (vector[i] / Math.max(Math.sqrt(squares), 1e-12));
        }
    }

    /// For each text those of other labels.
    int[][] ofOtherLabels(int[] labels) {
        int[] all = IntStream.range(0, vectors.size()).toArray();
        return nearest(all, all, (text, other) -> labels[other] != labels[text]);
    }

    /// For each pair the second texts of others that mean something else than both of its own.
    ///
    /// @param meanings of the stored texts, two a pair
    int[][] ofOtherPairs(int[] meanings) {
        int[] firsts = IntStream.range(0, vectors.size() / 2).map(pair -> 2 * pair).toArray();
        int[] seconds = Arrays.stream(firsts).map(first -> first + 1).toArray();
        return nearest(firsts, seconds, (first, other) ->
                meanings[other] != meanings[first] && meanings[other] != meanings[first + 1]);
    }

    private interface Allowed {
        boolean test(int text, int other);
    }

    private int[][] nearest(int[] texts, int[] others, Allowed allowed) {
        int width = vectors.getFirst().length;
        int[][] nearest = new int[texts.length][];
        try (var scope = Scope.open(); var without = new NoGradient()) {
            Tensor all = Tensors.ofFloats(flat(others, width), others.length, width).t();
            for (int from = 0; from < texts.length; from += AT_ONCE) {
                int[] some = Arrays.copyOfRange(texts, from, Math.min(texts.length, from + AT_ONCE));
                try (var inner = Scope.open()) {
                    float[] near = Tensors.floats(Tensors.ofFloats(flat(some, width), some.length, width).matmul(all));
                    for (int i = 0; i < some.length; i++) {
                        nearest[from + i] = best(some[i], others, Arrays.copyOfRange(near, i * others.length, (i + 1) * others.length), allowed);
                    }
                }
            }
        }
        return nearest;
    }

    /// The nearest that are allowed; of equally near ones the first.
    private int[] best(int text, int[] others, float[] near, Allowed allowed) {
        int[] best = IntStream.range(0, others.length)
                .filter(i -> allowed.test(text, others[i]))
                .boxed()
                .sorted((i, j) -> Float.compare(near[j], near[i]))
                .limit(count)
                .mapToInt(i -> others[i])
                .toArray();
        if (best.length == 0) {
            throw new DataException(place + ": objective.hard_negatives finds no text that does not belong to another; give more rows");
        }
        return best;
    }

    private float[] flat(int[] texts, int width) {
        float[] flat = new float[texts.length * width];
        for (int i = 0; i < texts.length; i++) {
            System.arraycopy(vectors.get(texts[i]), 0, flat, i * width, width);
        }
        return flat;
    }
}

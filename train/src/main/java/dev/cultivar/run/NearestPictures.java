package dev.cultivar.run;

import dev.cultivar.torch.Scope;
import dev.cultivar.torch.Tensors;
import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;

/// Finds for each of some vectors the nearest of very many others, which come in blocks and are not kept: all distances to a block are one matrix product.
///
/// The product finds the nearest of a block in float32; its distance is then computed in float64 from the values themselves, so a copy is at distance 0.
final class NearestPictures {
    private final float[] queries;
    private final int width;
    private final double[] lengths;
    private final double[] squared;
    private final int[] rows;
    private final int[] own;

    /// @param queries (Q, width) row after row
    /// @param own     for each query a row that is itself and does not count; -1 where there is none
    NearestPictures(float[] queries, int width, int[] own) {
        this.queries = queries;
        this.width = width;
        this.own = own;
        lengths = lengths(queries, width);
        squared = new double[lengths.length];
        Arrays.fill(squared, Double.POSITIVE_INFINITY);
        rows = new int[lengths.length];
        Arrays.fill(rows, -1);
    }

    NearestPictures(float[] queries, int width) {
        this(queries, width, none(queries.length / width));
    }

    private static int[] none(int count) {
        int[] none = new int[count];
        Arrays.fill(none, -1);
        return none;
    }

    /// Looks at more vectors.
    ///
    /// @param block   (B, width) row after row
    /// @param numbers of its rows
    void add(float[] block, int[] numbers) {
        double[] others = lengths(block, width);
        float[] products = products(block); // (Q, B)
        for (int q = 0; q < squared.length; q++) {
            int best = -1;
            double least = Double.POSITIVE_INFINITY;
            for (int b = 0; b < others.length; b++) {
                double distance = lengths[q] + others[b] - 2.0 * products[q * others.length + b];
                if (distance < least && numbers[b] != own[q]) {
                    least = distance;
                    best = b;
                }
            }
            if (best >= 0) {
                double exact = exact(q, block, best);
                if (exact < squared[q]) {
                    squared[q] = exact;
                    rows[q] = numbers[best];
                }
            }
        }
    }

    private float[] products(float[] block) {
        try (var scope = Scope.open()) {
            Tensor asked = Tensors.ofFloats(queries, queries.length / width, width); // (Q, C)
            Tensor others = Tensors.ofFloats(block, block.length / width, width); // (B, C)
            return Tensors.floats(asked.matmul(others.t())); // (Q, B)
        }
    }

    private double exact(int q, float[] block, int b) {
        double sum = 0;
        for (int i = 0; i < width; i++) {
            double gap = (double) queries[q * width + i] - block[b * width + i];
            sum += gap * gap;
        }
        return sum;
    }

    private static double[] lengths(float[] vectors, int width) {
        double[] lengths = new double[vectors.length / width];
        for (int i = 0; i < vectors.length; i++) {
            lengths[i / width] += (double) vectors[i] * vectors[i];
        }
        return lengths;
    }

    /// The number of the nearest row; -1 where none was looked at.
    int row(int query) {
        return rows[query];
    }

    /// Distances to the nearest.
    ///
    /// @param per what a squared distance is divided by before its root is taken: 1, or how many values there are for their root mean square
    double[] distances(double per) {
        return Arrays.stream(squared).map(each -> Math.sqrt(each / per)).toArray();
    }
}

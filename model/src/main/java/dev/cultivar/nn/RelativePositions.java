package dev.cultivar.nn;

import dev.cultivar.torch.Scope;
import dev.cultivar.torch.Tensors;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// What a token's distance adds to its score, learned for each head and kind of distance (Raffel et al., 2020, section 2.1): small distances
/// are kinds of their own, larger ones share kinds that grow with the logarithm, and all beyond a longest one are one kind.
final class RelativePositions {
    private final boolean bothWays;
    private final int kinds;
    private final int[] kind;

    /// @param bothWays    whether tokens ahead are seen, and told from those behind
    /// @param buckets     kinds of distances in all
    /// @param maxDistance where the last kind begins at the latest
    RelativePositions(boolean bothWays, int buckets, int maxDistance) {
        this.bothWays = bothWays;
        this.kinds = bothWays ? buckets / 2 : buckets;
        int exact = kinds / 2;
        this.kind = new int[maxDistance + 1];
        float[] far = far(exact, maxDistance);
        for (int distance = 0; distance <= maxDistance; distance++) {
            kind[distance] = distance < exact ? distance : Math.min(kinds - 1, exact + (int) far[distance]);
        }
    }

    /// In libtorch's float32, as the weights were trained: a kind's border may fall on a whole number.
    private float[] far(int exact, int maxDistance) {
        try (var scope = Scope.open()) {
            float[] ratios = new float[maxDistance + 1];
            for (int distance = 0; distance <= maxDistance; distance++) {
                ratios[distance] = Math.max(1, (float) distance / exact);
            }
            Tensor logarithms = torch.log(Tensors.ofFloats(ratios, ratios.length)).div(new Scalar(Math.log((double) maxDistance / exact)));
            return Tensors.floats(logarithms.mul(new Scalar((double) (kinds - exact))));
        }
    }

    /// The kind of a distance from the token that asks to the one that is asked.
    int kind(int distance) {
        int length = Math.min(kind.length - 1, bothWays ? Math.abs(distance) : Math.max(0, -distance));
        return kind[length] + (bothWays && distance > 0 ? kinds : 0);
    }

    /// To add to the scores, (1, H, T, S).
    ///
    /// @param table  (kinds, H)
    /// @param before tokens that were read before the T that ask
    Tensor bias(Tensor table, int length, int before, int all) {
        int[] ids = new int[length * all];
        for (int i = 0; i < length; i++) {
            for (int j = 0; j < all; j++) {
                ids[i * all + j] = kind(j - i - before);
            }
        }
        return torch.embedding(table, Tensors.ofInts(ids, length, all)).permute(2, 0, 1).unsqueeze(0); // (T, S, H) -> (1, H, T, S)
    }
}

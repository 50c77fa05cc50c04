package dev.cultivar.predict;

import dev.cultivar.image.Picture;
import java.util.Arrays;

/// What a model's layers attended to in a picture that it cut into patches.
///
/// @param seen   the picture in the form in which the model saw it, before its values were normalised
/// @param down   rows of patches
/// @param across columns of patches
/// @param map    the probabilities: token 0 is the class token, then come the patches, row by row
public record PictureAttention(Picture seen, int down, int across, AttentionMap map) {
    /// The class token, whose last state the head reads.
    private static final int CLASS = 0;

    /// How much of the class token came from each patch, row by row, see [AttentionMap#rollout]. The class token's own share is left out, so the
    /// sum is below 1.
    public float[] rollout() {
        return patches(map.rollout(CLASS), 0);
    }

    /// How much of each patch the class token takes in a layer's head, row by row.
    ///
    /// @param layer from 0
    /// @param head  from 0
    public float[] seenBy(int layer, int head) {
        return patches(map.values().get(layer)[head], CLASS * map.keys());
    }

    private float[] patches(float[] shares, int from) {
        return Arrays.copyOfRange(shares, from + 1, from + 1 + down * across);
    }
}

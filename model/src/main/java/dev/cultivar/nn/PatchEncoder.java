package dev.cultivar.nn;

import org.bytedeco.pytorch.Tensor;

/// A backbone that cuts pictures into squares and can do without some of them: what masked patches are learned with (He et al., 2022).
///
/// Legend: N patches of a picture, row by row; K of them are shown.
public interface PatchEncoder {

    /// What it reads; each side a multiple of [#patch], so that every value belongs to a patch.
    ImageShape image();

    /// The side of a patch, in pixels.
    int patch();

    /// The states of the patches that are shown, behind the class token's: (B, 1 + K, C), normed.
    ///
    /// @param kept numbers of these patches, int64 (B, K)
    Tensor visible(Inputs inputs, Tensor kept, Mode mode);
}

package dev.cultivar.nn;

import dev.cultivar.torch.Tensors;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/// Positions as turns of queries and keys (Su et al., 2021, equation 34): element `i` of a head and element `i + d/2` are the
/// two coordinates of a point that is turned by its position's angle. Made once a forward pass, used by all layers.
///
/// @param cosine (T, d) or (B, 1, T, d)
/// @param sine   likewise, the first half negated
record Rotary(Tensor cosine, Tensor sine) {

    /// @param angles of one position, see [Rope#angles]
    static Rotary of(Positions positions, float[] angles, ScalarType type) {
        Tensor places = positions.tensor().to(ScalarType.Float).unsqueeze(-1); // (T, 1) or (B, T, 1)
        Tensor turned = places.mul(Tensors.ofFloats(angles, angles.length)); // (..., d/2)
        Tensor sine = turned.sin();
        Tensor cosine = turned.cos();
        var rotary = new Rotary(both(cosine, cosine).to(type), both(sine.neg(), sine).to(type));
        return positions.shared() ? rotary : new Rotary(rotary.cosine.unsqueeze(1), rotary.sine.unsqueeze(1));
    }

    private static Tensor both(Tensor first, Tensor second) {
        return torch.cat(new TensorVector(first, second), -1);
    }

    /// (B, H, T, d) -> (B, H, T, d)
    Tensor turn(Tensor x) {
        Tensor swapped = x.roll(new long[] {x.size(-1) / 2}, -1);
        return torch.addcmul(x.mul(cosine), swapped, sine, new Scalar(1.0));
    }
}

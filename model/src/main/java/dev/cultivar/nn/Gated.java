package dev.cultivar.nn;

import org.bytedeco.pytorch.Tensor;

/// The gated feed-forward block (Shazeer, 2020, "GLU variants improve transformer"): with SiLU it is called SwiGLU.
final class Gated {
    private Gated() {}

    /// (..., C) -> (..., C)
    static Tensor apply(Weights weights, String name, String activation, Tensor x) {
        Tensor gate = Layers.activation(activation, Layers.projection(weights, name + ".gate_proj", x)); // (..., F)
        return Layers.projection(weights, name + ".down_proj", gate.mul(Layers.projection(weights, name + ".up_proj", x)));
    }
}

package dev.cultivar.nn;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// Two linear layers with ReLU between, from the vector that a backbone makes of a picture to the one that is compared with others (SimCLR;
/// Chen et al., 2020, section 2.1). Tasks that come afterwards do without it.
public final class ProjectionHead {
    public static final String NAME = "projector";
    private static final String FIRST = NAME + ".0";
    private static final String SECOND = NAME + ".2";
    private static final double LEAST = 1e-12; // of a length that is divided by

    private final Weights weights;
    private final int outputs;

    private ProjectionHead(Weights weights, int width, int outputs) {
        this.weights = weights;
        this.outputs = outputs;
        Layers.declareUniformLinear(weights, FIRST, width, width);
        Layers.declareUniformLinear(weights, SECOND, width, outputs);
    }

    /// The head of the model, built on first use.
    ///
    /// @param outputs numbers of the vector that is compared
    public static ProjectionHead of(Model model, int outputs) {
        return model.network(NAME, ProjectionHead.class, weights -> new ProjectionHead(weights, model.backbone().width(), outputs));
    }

    public int outputs() {
        return outputs;
    }

    /// (B, F) -> (B, D) of length 1, in float32 whatever the arithmetic
    public Tensor unit(Tensor vectors) {
        Tensor projected = Layers.linear(weights, SECOND, torch.relu(Layers.linear(weights, FIRST, vectors))).to(torch.ScalarType.Float);
        return projected.div(projected.square().sum(1).unsqueeze(1).add(new Scalar(LEAST)).sqrt());
    }
}

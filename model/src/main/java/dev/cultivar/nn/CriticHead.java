package dev.cultivar.nn;

import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// One score a picture, from the vector that a backbone makes of it: the higher, the likelier the picture is of the data and not drawn.
///
/// A critic that is told classes adds the product of the vector with a learned one of the class (projection; Miyato and Koyama, 2018,
/// equation 7).
public final class CriticHead {
    public static final String NAME = "critic";
    private static final String LABELS = NAME + ".labels.weight";

    private final Weights weights;

    /// @param width   of the vector
    /// @param classes that it is told; 0 for none
    private CriticHead(Weights weights, int width, int classes) {
        this.weights = weights;
        Layers.declareUniformLinear(weights, NAME, width, 1);
        if (classes > 0) {
            weights.parameter(LABELS, new Initial.Normal(1 / Math.sqrt(width)), classes, width);
        }
    }

    /// The head of the model, built on first use.
    public static CriticHead of(Model model, int classes) {
        return model.network(NAME, CriticHead.class, weights -> new CriticHead(weights, model.backbone().width(), classes));
    }

    /// (B, F) and (B) -> (B), in float32 whatever the arithmetic
    public Tensor scores(Tensor vectors, Optional<Tensor> labels) {
        Tensor plain = Layers.linear(weights, NAME, vectors).squeeze(1).to(torch.ScalarType.Float); // (B, 1) -> (B)
        return labels.map(classes -> plain.add(vectors.mul(weights.get(LABELS).index_select(0, classes)).sum(1).to(torch.ScalarType.Float)))
                .orElse(plain);
    }
}

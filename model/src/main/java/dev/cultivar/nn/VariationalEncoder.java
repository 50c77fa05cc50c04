package dev.cultivar.nn;

import java.util.Optional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// The half of a VAE that reads (Kingma and Welling, 2014, appendix C.2): a backbone, and on the vector that it makes of a picture two linear
/// layers, `mu` and `logvar`, which say where in the latent space the picture lies and how surely.
///
/// Where pictures have classes, a learned vector of the class (`posterior.labels.weight`) is added to the backbone's.
public final class VariationalEncoder {
    public static final String NAME = "posterior";
    private static final String MEAN = "mu";
    private static final String LOG_VARIANCE = "logvar";
    private static final String LABELS = NAME + ".labels.weight";
    private static final double LABEL_DEVIATION = 0.02;

    private final Weights weights;
    private final Backbone backbone;
    private final int latent;

    /// @param latent  Z
    /// @param classes K, 0 where pictures have no classes
    private VariationalEncoder(Weights weights, Backbone backbone, int latent, int classes) {
        this.weights = weights;
        this.backbone = backbone;
        this.latent = latent;
        Layers.declareUniformLinear(weights, MEAN, backbone.width(), latent);
        Layers.declareUniformLinear(weights, LOG_VARIANCE, backbone.width(), latent);
        if (classes > 0) {
            weights.parameter(LABELS, new Initial.Normal(LABEL_DEVIATION), classes, backbone.width());
        }
    }

    /// The network of the model, built on first use.
    public static VariationalEncoder of(Model model, int latent, int classes) {
        return model.network(
                NAME, VariationalEncoder.class, weights -> new VariationalEncoder(weights, model.backbone(), latent, classes));
    }

    /// Z
    public int latent() {
        return latent;
    }

    /// A normal distribution over the latent space for each picture, in float32.
    ///
    /// @param mean        (B, Z)
    /// @param logVariance (B, Z)
    public record Posterior(Tensor mean, Tensor logVariance) {

        /// The reparametrised sample (equation 10): mean + deviation * noise, (B, Z)
        public Tensor sample(Tensor noise) {
            return mean.add(noise.mul(logVariance.div(new Scalar(2)).exp()));
        }

        /// The divergence from the standard normal distribution (appendix B), (B)
        public Tensor divergence() {
            return logVariance.add(new Scalar(1)).sub(mean.square()).sub(logVariance.exp()).sum(1).mul(new Scalar(-0.5));
        }
    }

    /// What the backbone makes of pictures, (B, F).
    public Tensor features(Inputs inputs, Mode mode) {
        return backbone.pooled(backbone.forward(inputs, mode), inputs, mode);
    }

    /// @param features (B, F)
    /// @param labels   (B), where pictures have classes
    public Posterior posterior(Tensor features, Optional<Tensor> labels) {
        Tensor x = labels.map(classes -> features.add(weights.get(LABELS).index_select(0, classes))).orElse(features);
        return new Posterior(
                Layers.linear(weights, MEAN, x).to(torch.ScalarType.Float), Layers.linear(weights, LOG_VARIANCE, x).to(torch.ScalarType.Float));
    }
}

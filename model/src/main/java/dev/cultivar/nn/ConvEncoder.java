package dev.cultivar.nn;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// A small convolutional encoder: each convolution (3x3, stride 2, padding 1) and ReLU halves the picture, `encoder.0`, `encoder.2` and so on.
///
/// Inputs: `pixel_values` (B, c, H, W) of one size. An autoencoder draws pictures again by [its layers the other way round][MirroredPictures].
final class ConvEncoder implements SequentialBackbone, FeatureMaps {
    private static final int KERNEL = 3;

    private final Weights weights;
    private final ConvEncoderConfig config;
    private final List<String> modules;

    /// Declares the parameters.
    ConvEncoder(Weights weights, ConvEncoderConfig config) {
        this.weights = weights;
        this.config = config;
        this.modules = IntStream.range(0, config.layers()).mapToObj(i -> "encoder." + 2 * i).toList(); // ReLU has a number too
        for (int layer = 1; layer <= config.layers(); layer++) {
            Convolution.declare(weights, modules.get(layer - 1), config.channels(layer - 1), config.channels(layer), KERNEL);
        }
    }

    @Override
    public Hidden forward(Inputs inputs, Mode mode) {
        var type = weights.get(modules.getFirst() + ".weight").scalar_type();
        return Cuts.forward(inputs, layers(), () -> config.image().read(inputs, type), mode, this::layer);
    }

    /// (B, C, H, W) -> (B, C', (H + 1) / 2, (W + 1) / 2)
    private Tensor layer(int depth, Tensor x) {
        return torch.relu(Convolution.apply(weights, modules.get(depth - 1), x, 2, 1));
    }

    /// (B, C, H, W) -> (B, C H W)
    @Override
    public Tensor pooled(Hidden hidden, Inputs inputs, Mode mode) {
        return hidden.states().flatten(1, 3);
    }

    @Override
    public ImageShape image() {
        return config.image();
    }

    @Override
    public String output() {
        return LinearHead.CLASSIFIER;
    }

    @Override
    public List<String> modules() {
        return modules;
    }

    @Override
    public int width() {
        return config.width();
    }

    @Override
    public Map<String, Object> config() {
        return config.json();
    }

    @Override
    public Optional<PictureDecoder> mirror(Weights of, String name) {
        return Optional.of(new MirroredPictures(of, name, config));
    }

    @Override
    public double forwardFlops(int length) {
        double flops = 0;
        for (int layer = 1; layer <= config.layers(); layer++) {
            flops += Convolution.flops(config.channels(layer - 1), config.channels(layer), KERNEL, config.rows(layer), config.columns(layer));
        }
        return flops;
    }
}

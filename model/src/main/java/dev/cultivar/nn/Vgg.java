package dev.cultivar.nn;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// VGG16 (Simonyan and Zisserman, 2015, configuration D): thirteen convolutions of 3 x 3 in five stages, then dense layers; names are
/// torchvision's, so that published weights load.
///
/// Inputs: `pixel_values` (B, c, H, W), 32 pixels or more a side. Depths 1 to 13 are the convolutions, each with its ReLU and the pool that may
/// follow, 14 and 15 the dense layers. New weights are drawn so that signals keep their size through ReLU (He et al., 2015, equation 10):
/// with PyTorch's own values thirteen layers would leave nothing of them.
final class Vgg implements SequentialBackbone, FeatureMaps {
    static final String OUTPUT = "classifier.6";

    private final Weights weights;
    private final VggConfig config;
    private final List<VggConfig.Convolved> convolutions;
    private final List<LinearLayer> dense;
    private final List<String> modules;

    /// Declares the parameters.
    Vgg(Weights weights, VggConfig config) {
        this.weights = weights;
        this.config = config;
        this.convolutions = config.convolutions();
        this.dense = config.dense();
        this.modules = Stream.concat(convolutions.stream().map(VggConfig.Convolved::name), dense.stream().map(LinearLayer::name)).toList();
        for (VggConfig.Convolved each : convolutions) {
            weights.parameter(each.name() + ".weight", new Initial.Normal(Math.sqrt(2 / (9.0 * each.in()))), each.out(), each.in(), 3, 3);
            weights.parameter(each.name() + ".bias", new Initial.Constant(0), each.out());
        }
        for (LinearLayer each : dense) {
            Layers.declareLinear(weights, each.name(), Math.sqrt(2.0 / each.in()), each.in(), each.out());
        }
    }

    @Override
    public Hidden forward(Inputs inputs, Mode mode) {
        return Cuts.forward(inputs, layers(), () -> pixels(inputs), mode, (depth, x) -> layer(depth, x, mode));
    }

    private Tensor pixels(Inputs inputs) {
        Tensor pixels = config.image().readOfAnySize(inputs, weights.get(modules.getFirst() + ".weight").scalar_type());
        if (Math.min(pixels.size(2), pixels.size(3)) < VggConfig.LEAST) {
            throw new IllegalArgumentException("images of " + pixels.size(2) + " x " + pixels.size(3) + " pixels are too small for VGG16's five pools; expected "
                    + VggConfig.LEAST + " or more a side");
        }
        return pixels;
    }

    private Tensor layer(int depth, Tensor x, Mode mode) {
        if (depth <= convolutions.size()) {
            return behind(depth, map(depth, x));
        }
        boolean first = depth == convolutions.size() + 1;
        Tensor read = first
                ? torch.adaptive_avg_pool2d(x, VggConfig.SIDE, VggConfig.SIDE).flatten(1, 3) // (B, C, H, W) -> (B, C, 7, 7) -> (B, 49 C)
                : Layers.dropout(x, config.dropout(), mode, depth);
        return torch.relu(Layers.linear(weights, dense.get(first ? 0 : 1).name(), read));
    }

    /// (B, C, H, W) -> (B, C', H, W)
    private Tensor map(int depth, Tensor x) {
        return torch.relu(Convolution.apply(weights, convolutions.get(depth - 1).name(), x, 1, 1));
    }

    /// The pool that may follow: (B, C, H, W) -> (B, C, H/2, W/2)
    private Tensor behind(int depth, Tensor map) {
        return convolutions.get(depth - 1).pools() ? Convolution.maxPool(map, 2, 2, 0, false) : map;
    }

    @Override
    public Tensor maps(Inputs inputs, Mode mode) {
        return map(convolutions.size(), forward(inputs.upTo(convolutions.size() - 1), mode).states());
    }

    @Override
    public Inputs.Start above(Tensor maps) {
        return new Inputs.Start(convolutions.size(), behind(convolutions.size(), maps));
    }

    /// The second dense layer's output as it is, (B, C).
    @Override
    public Tensor pooled(Hidden hidden, Inputs inputs, Mode mode) {
        return hidden.states();
    }

    @Override
    public ImageShape image() {
        return config.image();
    }

    @Override
    public String output() {
        return OUTPUT;
    }

    @Override
    public double outputDropout() {
        return config.dropout();
    }

    @Override
    public List<String> modules() {
        return modules;
    }

    @Override
    public int width() {
        return config.hidden();
    }

    /// The dense layers.
    @Override
    public AdapterTargets adapterTargets() {
        return new AdapterTargets(dense.stream().map(LinearLayer::name).toList(), List.of(), List.of());
    }

    @Override
    public Map<String, Object> config() {
        return config.json();
    }

    @Override
    public double forwardFlops(int length) {
        return config.forwardFlops();
    }
}

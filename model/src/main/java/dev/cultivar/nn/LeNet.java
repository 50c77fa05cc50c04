package dev.cultivar.nn;

import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/// LeNet-5 (LeCun et al., 1998, figure 2), the first convolutional network in wide use, as it is built today.
///
/// What differs from the paper: pools are plain means without weights, every map of the second convolution reads every one of the
/// first, the activation is `tanh` without a scale, and the head is a linear layer and not distances to drawn digits. The paper's third
/// convolution is a dense layer at its image size, which stands here for any size.
///
/// Inputs: `pixel_values` (B, c, H, W) of one size, 28 x 28 as in MNIST. Depths 1 and 2 are the convolutions, each with its pool, 3 and 4 the
/// dense layers.
final class LeNet implements SequentialBackbone, FeatureMaps {
    static final String OUTPUT = "classifier.4";
    private static final List<String> MODULES = List.of("features.0", "features.3", "classifier.0", "classifier.2");
    private static final List<Integer> WIDTHS = List.of(6, 16, 120, 84);
    private static final int KERNEL = 5;
    private static final int CONVOLUTIONS = 2;
    private static final int POOL = 2;

    private final Weights weights;
    private final LeNetConfig config;

    /// Declares the parameters.
    LeNet(Weights weights, LeNetConfig config) {
        this.weights = weights;
        this.config = config;
        Convolution.declare(weights, MODULES.get(0), config.image().channels(), WIDTHS.get(0), KERNEL);
        Convolution.declare(weights, MODULES.get(1), WIDTHS.get(0), WIDTHS.get(1), KERNEL);
        Layers.declareUniformLinear(weights, MODULES.get(2), flat(), WIDTHS.get(2));
        Layers.declareUniformLinear(weights, MODULES.get(3), WIDTHS.get(2), WIDTHS.get(3));
    }

    /// How many numbers the first dense layer reads.
    private int flat() {
        return Math.multiplyExact(
                WIDTHS.get(1), Math.multiplyExact(LeNetConfig.second(config.image().height()), LeNetConfig.second(config.image().width())));
    }

    @Override
    public Hidden forward(Inputs inputs, Mode mode) {
        var type = weights.get(MODULES.getFirst() + ".weight").scalar_type();
        return Cuts.forward(inputs, layers(), () -> config.image().read(inputs, type), mode, this::layer);
    }

    private Tensor layer(int depth, Tensor x) {
        String name = MODULES.get(depth - 1);
        return switch (depth) {
            case 1, CONVOLUTIONS -> Convolution.meanPool(map(depth, x), POOL); // (B, C, H, W) -> (B, C', H', W')
            case 3 -> active(Layers.linear(weights, name, x.flatten(1, 3))); // (B, C, H, W) -> (B, C H W) -> (B, 120)
            default -> active(Layers.linear(weights, name, x)); // (B, 120) -> (B, 84)
        };
    }

    /// (B, C, H, W) -> (B, C', H', W')
    private Tensor map(int depth, Tensor x) {
        return active(Convolution.apply(weights, MODULES.get(depth - 1), x, 1, depth == 1 ? 2 : 0));
    }

    @Override
    public Tensor maps(Inputs inputs, Mode mode) {
        return map(CONVOLUTIONS, forward(inputs.upTo(CONVOLUTIONS - 1), mode).states());
    }

    @Override
    public Inputs.Start above(Tensor maps) {
        return new Inputs.Start(CONVOLUTIONS, Convolution.meanPool(maps, POOL));
    }

    private Tensor active(Tensor x) {
        return Layers.activation(config.activation(), x);
    }

    /// The second dense layer's output as it is, (B, 84).
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
    public List<String> modules() {
        return MODULES;
    }

    @Override
    public int width() {
        return WIDTHS.getLast();
    }

    /// The dense layers.
    @Override
    public AdapterTargets adapterTargets() {
        return new AdapterTargets(MODULES.subList(2, 4), List.of(), List.of());
    }

    @Override
    public Map<String, Object> config() {
        return config.json();
    }

    @Override
    public double forwardFlops(int length) {
        int height = config.image().height();
        int width = config.image().width();
        return Convolution.flops(config.image().channels(), WIDTHS.get(0), KERNEL, height, width)
                + Convolution.flops(WIDTHS.get(0), WIDTHS.get(1), KERNEL, LeNetConfig.first(height) - 4, LeNetConfig.first(width) - 4)
                + 2.0 * flat() * WIDTHS.get(2)
                + 2.0 * WIDTHS.get(2) * WIDTHS.get(3);
    }
}

package dev.cultivar.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// A small convolutional network: blocks of a convolution that keeps the map's size and ReLU, with max pools after the last or after
/// every block.
///
/// Inputs: `pixel_values` (B, c, H, W) of one size. Names are those of PyTorch's Sequential, `features.N`. Shapes: C channels of a map.
final class Cnn implements SequentialBackbone, FeatureMaps {
    private final Weights weights;
    private final CnnConfig config;
    private final List<String> modules;

    /// Declares the parameters.
    Cnn(Weights weights, CnnConfig config) {
        this.weights = weights;
        this.config = config;
        this.modules = modules(config);
        int in = config.image().channels();
        for (int i = 0; i < modules.size(); i++) {
            Convolution.declare(weights, modules.get(i), in, config.filters().get(i), config.kernel());
            in = config.filters().get(i);
        }
    }

    /// ReLU and pools have a number too.
    private static List<String> modules(CnnConfig config) {
        List<String> modules = new ArrayList<>();
        int number = 0;
        for (int depth = 1; depth <= config.filters().size(); depth++) {
            modules.add("features." + number);
            number += config.pools(depth) ? 3 : 2;
        }
        return List.copyOf(modules);
    }

    @Override
    public Hidden forward(Inputs inputs, Mode mode) {
        var type = weights.get(modules.getFirst() + ".weight").scalar_type();
        return Cuts.forward(inputs, layers(), () -> config.image().read(inputs, type), mode, this::block);
    }

    /// (B, C, H, W) -> (B, C', H', W')
    private Tensor block(int depth, Tensor x) {
        return behind(depth, map(depth, x));
    }

    /// (B, C, H, W) -> (B, C', H, W)
    private Tensor map(int depth, Tensor x) {
        return torch.relu(Convolution.apply(weights, modules.get(depth - 1), x, 1, config.kernel() / 2));
    }

    /// The pool that may follow: (B, C, H, W) -> (B, C, H', W')
    private Tensor behind(int depth, Tensor map) {
        return config.pools(depth)
                ? Convolution.maxPool(map, config.pool(), config.pool(), 0, config.pooled() == CnnConfig.Pooled.EVERY_BLOCK)
                : map;
    }

    @Override
    public Tensor maps(Inputs inputs, Mode mode) {
        return map(layers(), forward(inputs.upTo(layers() - 1), mode).states());
    }

    @Override
    public Inputs.Start above(Tensor maps) {
        return new Inputs.Start(layers(), behind(layers(), maps));
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

    /// Of the flattened map.
    @Override
    public int width() {
        int height = config.image().height();
        int width = config.image().width();
        for (int depth = 1; depth <= layers(); depth++) {
            height = config.behind(depth, height);
            width = config.behind(depth, width);
        }
        return Math.multiplyExact(config.filters().getLast(), Math.multiplyExact(height, width));
    }

    @Override
    public Map<String, Object> config() {
        return config.json();
    }

    @Override
    public double forwardFlops(int length) {
        int height = config.image().height();
        int width = config.image().width();
        int in = config.image().channels();
        double flops = 0;
        for (int depth = 1; depth <= layers(); depth++) {
            int out = config.filters().get(depth - 1);
            flops += Convolution.flops(in, out, config.kernel(), height, width);
            height = config.behind(depth, height);
            width = config.behind(depth, width);
            in = out;
        }
        return flops;
    }
}

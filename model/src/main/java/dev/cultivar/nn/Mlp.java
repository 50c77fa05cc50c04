package dev.cultivar.nn;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/// A multi-layer perceptron: linear layers with an activation after each, over all numbers of a row at once.
///
/// Inputs: `pixel_values` (B, ...), flattened behind the first dimension. Names are those of PyTorch's Sequential: `net.0`, `net.2`, ...,
/// and the head over labels goes on counting. Linear layers start with PyTorch's own values, uniform up to `1 / sqrt(fan in)`.
final class Mlp implements SequentialBackbone {
    private final Weights weights;
    private final MlpConfig config;
    private final List<String> modules;

    /// Declares the parameters.
    Mlp(Weights weights, MlpConfig config) {
        this.weights = weights;
        this.config = config;
        this.modules = IntStream.range(0, config.hidden().size()).mapToObj(Mlp::output).toList();
        int in = config.image().elements();
        for (int i = 0; i < modules.size(); i++) {
            Layers.declareUniformLinear(weights, modules.get(i), in, config.hidden().get(i));
            in = config.hidden().get(i);
        }
    }

    /// The linear layer that stands on so many others.
    static String output(int layers) {
        return "net." + 2 * layers;
    }

    @Override
    public Hidden forward(Inputs inputs, Mode mode) {
        var type = weights.get(modules.getFirst() + ".weight").scalar_type();
        return Cuts.forward(inputs, layers(), () -> config.image().readFlat(inputs, type), mode, (depth, x) -> layer(depth, x, mode));
    }

    /// (B, in) -> (B, out)
    private Tensor layer(int depth, Tensor x, Mode mode) {
        Tensor read = depth == 1 ? x : Layers.dropout(x, config.dropout(), mode, depth);
        Tensor made = Layers.linear(weights, modules.get(depth - 1), read);
        return config.activation().equals("leaky_relu") ? Layers.leakyRelu(made) : Layers.activation(config.activation(), made);
    }

    /// The last hidden layer as it is, (B, C).
    @Override
    public Tensor pooled(Hidden hidden, Inputs inputs, Mode mode) {
        return hidden.states();
    }

    @Override
    public boolean flattens() {
        return true;
    }

    @Override
    public ImageShape image() {
        return config.image();
    }

    @Override
    public String output() {
        return output(layers());
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
        return config.hidden().getLast();
    }

    /// Every hidden layer.
    @Override
    public AdapterTargets adapterTargets() {
        return new AdapterTargets(modules, List.of(), List.of());
    }

    @Override
    public Map<String, Object> config() {
        return config.json();
    }

    @Override
    public double forwardFlops(int length) {
        double flops = 0;
        double in = config.image().elements();
        for (int out : config.hidden()) {
            flops += 2 * in * out;
            in = out;
        }
        return flops;
    }
}

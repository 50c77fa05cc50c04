package dev.cultivar.nn;

import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/// The few layers that all transformers share, as functions of weights and a name.
final class Layers {
    private Layers() {}

    static void declareLinear(Weights weights, String name, double deviation, long in, long out) {
        declareProjection(weights, name, deviation, true, in, out);
    }

    /// A linear layer in PyTorch's own initial values: uniform up to `1 / sqrt(fan in)`.
    static void declareUniformLinear(Weights weights, String name, long in, long out) {
        var drawn = new Initial.Uniform(1 / Math.sqrt(in));
        weights.parameter(name + ".weight", drawn, out, in);
        weights.linear(name, in, out, false);
        weights.parameter(name + ".bias", drawn, out);
    }

    /// (..., in) -> (..., out)
    static Tensor linear(Weights weights, String name, Tensor x) {
        return weights.adapters().through(name, x, in ->
                torch.linear(in, weights.get(name + ".weight"), new TensorOptional(weights.get(name + ".bias"))));
    }

    /// A linear layer that may have no bias.
    static void declareProjection(Weights weights, String name, double deviation, boolean bias, long in, long out) {
        weights.parameter(name + ".weight", new Initial.Normal(deviation), out, in);
        weights.linear(name, in, out, false);
        if (bias) {
            weights.parameter(name + ".bias", new Initial.Constant(0), out);
        }
    }

    /// (..., in) -> (..., out), with the bias where one was declared
    static Tensor projection(Weights weights, String name, Tensor x) {
        return weights.has(name + ".bias")
                ? linear(weights, name, x)
                : weights.adapters().through(name, x, in -> torch.linear(in, weights.get(name + ".weight")));
    }

    static void declareNorm(Weights weights, String name, long width) {
        weights.parameter(name + ".weight", new Initial.Constant(1), width);
        weights.parameter(name + ".bias", new Initial.Constant(0), width);
    }

    /// A norm that may have no bias.
    static void declareNorm(Weights weights, String name, boolean bias, long width) {
        weights.parameter(name + ".weight", new Initial.Constant(1), width);
        if (bias) {
            weights.parameter(name + ".bias", new Initial.Constant(0), width);
        }
    }

    /// Layer normalisation over the last dimension (Ba, Kiros and Hinton, 2016), with the bias where one was declared.
    static Tensor norm(Weights weights, String name, Tensor x, double epsilon) {
        Tensor scale = weights.get(name + ".weight");
        return torch.layer_norm(
                x,
                new long[] {scale.numel()},
                new TensorOptional(scale),
                weights.has(name + ".bias") ? new TensorOptional(weights.get(name + ".bias")) : new TensorOptional(),
                epsilon,
                false);
    }

    /// Dropout (Srivastava et al., 2014) of a layer at a depth: what is kept is scaled up. The draws come from the mode's own
    /// generator, so that replicas may draw at once and draw the same again.
    static Tensor dropout(Tensor x, double share, Mode mode, int depth) {
        if (share == 0 || !mode.training(depth)) {
            return x;
        }
        if (mode.draws() == null) {
            throw new IllegalStateException("dropout needs a mode with a generator to draw from");
        }
        Tensor kept;
        try (var without = new NoGradient()) {
            kept = torch.empty_like(x).bernoulli_(1 - share, new GeneratorOptional(mode.draws())).div_(new Scalar(1 - share));
        }
        return x.mul(kept);
    }

    /// A slope of 0.2 below 0, as in DCGAN (Radford et al., 2016); libtorch's own is 0.01, so this has no name among [#ACTIVATIONS].
    static Tensor leakyRelu(Tensor x) {
        return torch.leaky_relu(x, new Scalar(0.2));
    }

    static Tensor activation(String name, Tensor x) {
        return switch (name) {
            case "gelu" -> torch.gelu(x);
            case "gelu_new", "gelu_pytorch_tanh" -> torch.gelu(x, "tanh");
            case "relu" -> torch.relu(x);
            case "silu", "swish" -> torch.silu(x);
            case "tanh" -> torch.tanh(x);
            default -> throw new IllegalArgumentException("activation " + name + " is not known; known are " + ACTIVATIONS);
        };
    }

    static final java.util.List<String> ACTIVATIONS =
            java.util.List.of("gelu", "gelu_new", "gelu_pytorch_tanh", "relu", "silu", "swish", "tanh");
}

package probes;

import dev.cultivar.nn.Backbone;
import dev.cultivar.nn.Backbones;
import dev.cultivar.nn.Hidden;
import dev.cultivar.nn.Initial;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.Mode;
import dev.cultivar.nn.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/// Dense layers, each followed by a leaky ReLU: the backbone of a critic or of a value function.
///
/// @param kind   as recipes name it
/// @param inputs how many numbers a row of the field `x` has
/// @param width  of each layer
/// @param layers how many
record Mlp(String kind, Weights weights, int inputs, int width, int layers) implements Backbone {
    static Mlp declared(String kind, Weights weights, int inputs, int width, int layers) {
        for (int i = 0; i < layers; i++) {
            declare(weights, "mlp." + i, i == 0 ? inputs : width, width);
        }
        return new Mlp(kind, weights, inputs, width, layers);
    }

    static void declare(Weights weights, String name, int in, int out) {
        weights.parameter(name + ".weight", new Initial.Uniform(1 / Math.sqrt(in)), out, in);
        weights.parameter(name + ".bias", new Initial.Constant(0), out);
    }

    static Tensor linear(Weights weights, String name, Tensor x) {
        return torch.linear(x, weights.get(name + ".weight"), new TensorOptional(weights.get(name + ".bias")));
    }

    /// (B, inputs) -> (B, width)
    Tensor features(Tensor x) {
        return features(x, "mlp.").getLast();
    }

    /// The same function of other weights: those whose names begin so.
    List<Tensor> features(Tensor x, String prefix) {
        List<Tensor> cuts = new ArrayList<>(List.of(x));
        for (int i = 0; i < layers; i++) {
            cuts.add(torch.leaky_relu(linear(weights, prefix + i, cuts.getLast()), new Scalar(0.1)));
        }
        return cuts;
    }

    @Override
    public Hidden forward(Inputs batch, Mode mode) {
        List<Tensor> cuts = features(batch.tensor("x"), "mlp.");
        return new Hidden(cuts.getLast(), cuts);
    }

    @Override
    public Tensor pooled(Hidden hidden, Inputs batch, Mode mode) {
        return hidden.states();
    }

    @Override
    public int depth(String parameter) {
        return parameter.startsWith("mlp.") ? 1 + Integer.parseInt(parameter.split("\\.")[1]) : -1;
    }

    @Override
    public Map<String, Object> config() {
        return Backbones.customConfig(kind, Map.of());
    }

    @Override
    public int positions() {
        return 0;
    }

    @Override
    public double forwardFlops(int length) {
        return 2.0 * width * (inputs + (layers - 1.0) * width);
    }
}

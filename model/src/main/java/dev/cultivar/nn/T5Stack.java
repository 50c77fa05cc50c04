package dev.cultivar.nn;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/// One half of a T5: blocks of attention, in the decoder attention to the encoder's states too, and a feed-forward block, each on the normed
/// states and added to them (pre-norm); a last norm above all, which belongs to the last layer.
final class T5Stack {
    private final Weights weights;
    private final T5Config config;
    private final String prefix;
    private final int layers;
    private final int below;
    private final boolean decoder;
    private final RelativePositions distances;

    /// Declares the parameters.
    ///
    /// @param prefix of the names
    /// @param below  layers of the other half that lie below
    T5Stack(Weights weights, T5Config config, String prefix, int layers, int below, boolean decoder) {
        this.weights = weights;
        this.config = config;
        this.prefix = prefix;
        this.layers = layers;
        this.below = below;
        this.decoder = decoder;
        this.distances = new RelativePositions(!decoder, config.buckets(), config.maxDistance());
        for (int i = 0; i < layers; i++) {
            declareAttention(self(i));
            RmsNorm.declare(weights, part(i, 0) + "layer_norm", config.width());
            if (decoder) {
                declareAttention(cross(i));
                RmsNorm.declare(weights, part(i, 1) + "layer_norm", config.width());
            }
            declareFeedForward(last(i) + "DenseReluDense");
            RmsNorm.declare(weights, last(i) + "layer_norm", config.width());
        }
        weights.parameter(biasTable(), spread(config.width()), config.buckets(), config.heads());
        RmsNorm.declare(weights, prefix + "final_layer_norm", config.width());
    }

    /// Nothing divides the scores by a head's size; the initial queries are smaller instead.
    private void declareAttention(String name) {
        int inner = config.heads() * config.headWidth();
        Layers.declareProjection(weights, name + ".q", deviation((double) config.width() * config.headWidth()), false, config.width(), inner);
        Layers.declareProjection(weights, name + ".k", deviation(config.width()), false, config.width(), inner);
        Layers.declareProjection(weights, name + ".v", deviation(config.width()), false, config.width(), inner);
        Layers.declareProjection(weights, name + ".o", deviation(inner), false, inner, config.width());
    }

    private void declareFeedForward(String name) {
        for (String in : config.gated() ? List.of(".wi_0", ".wi_1") : List.of(".wi")) {
            Layers.declareProjection(weights, name + in, deviation(config.width()), false, config.width(), config.feedForward());
        }
        Layers.declareProjection(weights, name + ".wo", deviation(config.feedForward()), false, config.feedForward(), config.width());
    }

    private double deviation(double inputs) {
        return config.initializerFactor() / Math.sqrt(inputs);
    }

    private Initial spread(double inputs) {
        return new Initial.Normal(deviation(inputs));
    }

    /// The encoder's layers, or those above [Inputs#start].
    Hidden encode(Inputs inputs, java.util.function.Supplier<Tensor> embed, Mode mode) {
        Tensor x = inputs.start().map(Inputs.Start::states).orElseGet(embed); // (B, S, C)
        int length = Math.toIntExact(inputs.batch().ints("input_ids").shape()[1]);
        Tensor mask = add(bias(length, 0), PaddingMask.of(inputs, x.scalar_type(), x.size(0), x.size(1)));
        int from = inputs.start().map(Inputs.Start::cut).orElse(0);
        int to = Math.min(layers, inputs.end().orElse(layers));
        return run(x, from, to, mode, (i, in) -> block(i, in, mask, null, null, mode));
    }

    /// The decoder's layers.
    ///
    /// @param x      embeddings of the text that is written, (B, T, C)
    /// @param target its inputs
    Hidden decode(Tensor x, Inputs target, Source source, Mode mode) {
        var decoding = Decoding.of(target, x.scalar_type());
        int before = target.past().map(KeyValues::length).orElse(0);
        Tensor mask = add(bias(decoding.length(), before), decoding.mask());
        Hidden hidden = run(x, 0, layers, mode, (i, in) -> block(i, in, mask, decoding, source, mode));
        decoding.done();
        return hidden;
    }

    @FunctionalInterface
    private interface Block {
        Tensor apply(int i, Tensor x);
    }

    private Hidden run(Tensor first, int from, int to, Mode mode, Block block) {
        Tensor x = first;
        List<Tensor> made = new ArrayList<>();
        made.add(x);
        for (int i = from; i < to; i++) {
            x = block.apply(i, x);
            if (i == layers - 1) {
                x = RmsNorm.apply(weights, prefix + "final_layer_norm", x, config.normEpsilon());
                x = Layers.dropout(x, config.dropout(), mode, below + layers);
            }
            made.add(x);
        }
        return new Hidden(x, made);
    }

    /// (1, H, T, S)
    private Tensor bias(int length, int before) {
        return distances.bias(weights.get(biasTable()), length, before, before + length);
    }

    private static Tensor add(Tensor bias, @Nullable Tensor mask) {
        return mask == null ? bias : bias.add(mask); // (B, H, T, S)
    }

    /// (B, T, C) -> (B, T, C)
    private Tensor block(int i, Tensor x, Tensor mask, @Nullable Decoding decoding, @Nullable Source source, Mode mode) {
        Tensor normed = norm(part(i, 0), x);
        KeyValues.Layer own = keys(self(i), normed);
        Tensor after = x.add(attend(i, self(i), normed, decoding == null ? own : decoding.seen(i, own.keys(), own.values()), mask, mode));
        if (source != null) {
            KeyValues.Layer read = source.keys(i, () -> keys(cross(i), source.states()));
            after = after.add(attend(i, cross(i), norm(part(i, 1), after), read, source.mask(), mode));
        }
        return after.add(feedForward(i, norm(last(i), after), mode));
    }

    private Tensor norm(String part, Tensor x) {
        return RmsNorm.apply(weights, part + "layer_norm", x, config.normEpsilon());
    }

    private Tensor attend(int i, String name, Tensor x, KeyValues.Layer seen, @Nullable Tensor mask, Mode mode) {
        Tensor q = split(Layers.projection(weights, name + ".q", x));
        Tensor mixed = Attention.apply(q, seen.keys(), seen.values(), mask, 1, config.dropout(), mode, depth(i))
                .transpose(1, 2)
                .flatten(2, 3); // (B, H, T, d) -> (B, T, H d)
        return Layers.dropout(Layers.projection(weights, name + ".o", mixed), config.dropout(), mode, depth(i));
    }

    private KeyValues.Layer keys(String name, Tensor x) {
        return new KeyValues.Layer(split(Layers.projection(weights, name + ".k", x)), split(Layers.projection(weights, name + ".v", x)));
    }

    /// (B, T, H d) -> (B, H, T, d)
    private Tensor split(Tensor x) {
        return x.view(x.size(0), x.size(1), config.heads(), config.headWidth()).transpose(1, 2);
    }

    private Tensor feedForward(int i, Tensor x, Mode mode) {
        String name = last(i) + "DenseReluDense";
        Tensor inner = config.gated()
                ? Layers.activation(config.activation(), Layers.projection(weights, name + ".wi_0", x))
                        .mul(Layers.projection(weights, name + ".wi_1", x))
                : Layers.activation(config.activation(), Layers.projection(weights, name + ".wi", x)); // (B, T, F)
        Tensor dropped = Layers.dropout(inner, config.dropout(), mode, depth(i));
        return Layers.dropout(Layers.projection(weights, name + ".wo", dropped), config.dropout(), mode, depth(i));
    }

    /// Where a parameter of this half lies; the last norm belongs to the last layer, and the table of distances, which all layers read, to
    /// the first.
    int depth(String parameter) {
        String blocks = prefix + "block.";
        return parameter.startsWith(blocks)
                ? depth(Integer.parseInt(parameter.substring(blocks.length(), parameter.indexOf('.', blocks.length()))))
                : below + layers;
    }

    private int depth(int i) {
        return below + i + 1;
    }

    /// Floating point operations of a token here, of which as many are seen as there are.
    double flops(int length) {
        double inner = (double) config.heads() * config.headWidth();
        double products = (decoder ? 8 : 4) * config.width() * inner + (config.gated() ? 3.0 : 2.0) * config.width() * config.feedForward();
        return layers * (2 * products + (decoder ? 8.0 : 4.0) * length * inner);
    }

    private String biasTable() {
        return self(0) + ".relative_attention_bias.weight";
    }

    private String self(int i) {
        return part(i, 0) + "SelfAttention";
    }

    private String cross(int i) {
        return part(i, 1) + "EncDecAttention";
    }

    private String last(int i) {
        return part(i, decoder ? 2 : 1);
    }

    private String part(int i, int part) {
        return prefix + "block." + i + ".layer." + part + ".";
    }
}

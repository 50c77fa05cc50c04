package dev.cultivar.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/// One half of a BART: embeddings of pieces and positions, then blocks of attention, in the decoder attention to the encoder's states too,
/// and a feed-forward block, each added to its input, then normed (post-norm, Vaswani et al., 2017).
final class BartStack {
    /// Rows of the table of positions that stand before the first one; nobody reads them.
    private static final int OFFSET = 2;
    private static final double EPSILON = 1e-5;

    private final Weights weights;
    private final BartConfig config;
    private final BartConfig.Half half;
    private final String prefix;
    private final String words;
    private final int below;
    private final boolean decoder;

    /// Declares the parameters.
    ///
    /// @param words  the table of pieces
    /// @param prefix of the names
    /// @param below  layers of the other half that lie below
    BartStack(Weights weights, BartConfig config, BartConfig.Half half, String words, String prefix, int below, boolean decoder) {
        this.weights = weights;
        this.config = config;
        this.half = half;
        this.prefix = prefix;
        this.words = words;
        this.below = below;
        this.decoder = decoder;
        double deviation = config.initializerRange();
        int width = config.width();
        weights.parameter(positionTable(), new Initial.Normal(deviation), config.positions() + OFFSET, width);
        Layers.declareNorm(weights, prefix + "layernorm_embedding", width);
        for (int i = 0; i < half.layers(); i++) {
            for (String attention : decoder ? List.of("self_attn", "encoder_attn") : List.of("self_attn")) {
                for (String part : List.of(".k_proj", ".v_proj", ".q_proj", ".out_proj")) {
                    Layers.declareLinear(weights, layer(i) + attention + part, deviation, width, width);
                }
                Layers.declareNorm(weights, layer(i) + attention + "_layer_norm", width);
            }
            Layers.declareLinear(weights, layer(i) + "fc1", deviation, width, half.feedForward());
            Layers.declareLinear(weights, layer(i) + "fc2", deviation, half.feedForward(), width);
            Layers.declareNorm(weights, layer(i) + "final_layer_norm", width);
        }
    }

    /// The encoder's layers, or those above [Inputs#start]. Positions are counted from the left edge, padding included.
    Hidden encode(Inputs inputs, Mode mode) {
        int length = Math.toIntExact(inputs.batch().ints("input_ids").shape()[1]);
        if (length > config.positions()) {
            throw new IllegalArgumentException("a row of " + length + " tokens is longer than the model's " + config.positions() + " positions");
        }
        Supplier<Tensor> embed = () -> embed(inputs, weights.get(positionTable()).narrow(0, OFFSET, length), mode);
        Tensor x = inputs.start().map(Inputs.Start::states).orElseGet(embed); // (B, S, C)
        Tensor mask = PaddingMask.of(inputs, x.scalar_type(), x.size(0), x.size(1));
        int from = inputs.start().map(Inputs.Start::cut).orElse(0);
        int to = Math.min(half.layers(), inputs.end().orElse(half.layers()));
        return run(x, from, to, (i, in) -> block(i, in, mask, null, null, mode));
    }

    /// The decoder's layers.
    Hidden decode(Inputs target, Inputs source, Tensor encoded, Mode mode) {
        var decoding = Decoding.of(target, encoded.scalar_type());
        Tensor places = decoding.positions().below(config.positions()).embed(weights.get(positionTable()).narrow(0, OFFSET, config.positions()));
        var read = Source.of(source, encoded, target);
        Hidden hidden = run(embed(target, places, mode), 0, half.layers(), (i, in) -> block(i, in, decoding.mask(), decoding, read, mode));
        decoding.done();
        return hidden;
    }

    /// (B, T) -> (B, T, C). The padding piece's vector gets no gradient.
    private Tensor embed(Inputs inputs, Tensor positions, Mode mode) {
        Tensor pieces = torch.embedding(weights.get(words), inputs.tensor("input_ids"), config.targets().pad(), false, false);
        Tensor scaled = config.scaled() ? pieces.mul(new Scalar(Math.sqrt(config.width()))) : pieces;
        return Layers.dropout(norm(prefix + "layernorm_embedding", scaled.add(positions)), config.dropout(), mode, 0);
    }

    @FunctionalInterface
    private interface Block {
        Tensor apply(int i, Tensor x);
    }

    private static Hidden run(Tensor first, int from, int to, Block block) {
        Tensor x = first;
        List<Tensor> made = new ArrayList<>();
        made.add(x);
        for (int i = from; i < to; i++) {
            x = block.apply(i, x);
            made.add(x);
        }
        return new Hidden(x, made);
    }

    /// (B, T, C) -> (B, T, C)
    private Tensor block(int i, Tensor x, @Nullable Tensor mask, @Nullable Decoding decoding, @Nullable Source source, Mode mode) {
        String self = layer(i) + "self_attn";
        KeyValues.Layer own = keys(self, x);
        Tensor seen = attend(i, self, x, decoding == null ? own : decoding.seen(i, own.keys(), own.values()), mask, mode);
        Tensor after = norm(self + "_layer_norm", x.add(seen));
        if (source != null) {
            String cross = layer(i) + "encoder_attn";
            KeyValues.Layer read = source.keys(i, () -> keys(cross, source.states()));
            after = norm(cross + "_layer_norm", after.add(attend(i, cross, after, read, source.mask(), mode)));
        }
        return norm(layer(i) + "final_layer_norm", after.add(feedForward(i, after, mode)));
    }

    private Tensor norm(String name, Tensor x) {
        return Layers.norm(weights, name, x, EPSILON);
    }

    private Tensor attend(int i, String name, Tensor x, KeyValues.Layer seen, @Nullable Tensor mask, Mode mode) {
        Tensor q = split(Layers.linear(weights, name + ".q_proj", x));
        Tensor mixed = Attention.apply(q, seen.keys(), seen.values(), mask, config.attentionDropout(), mode, depth(i))
                .transpose(1, 2)
                .flatten(2, 3); // (B, H, T, d) -> (B, T, C)
        return Layers.dropout(Layers.linear(weights, name + ".out_proj", mixed), config.dropout(), mode, depth(i));
    }

    private KeyValues.Layer keys(String name, Tensor x) {
        return new KeyValues.Layer(split(Layers.linear(weights, name + ".k_proj", x)), split(Layers.linear(weights, name + ".v_proj", x)));
    }

    /// (B, T, C) -> (B, H, T, d)
    private Tensor split(Tensor x) {
        return x.view(x.size(0), x.size(1), half.heads(), config.width() / half.heads()).transpose(1, 2);
    }

    private Tensor feedForward(int i, Tensor x, Mode mode) {
        Tensor inner = Layers.activation(config.activation(), Layers.linear(weights, layer(i) + "fc1", x)); // (B, T, F)
        Tensor dropped = Layers.dropout(inner, config.activationDropout(), mode, depth(i));
        return Layers.dropout(Layers.linear(weights, layer(i) + "fc2", dropped), config.dropout(), mode, depth(i));
    }

    /// Where a parameter of this half lies: its embeddings are at 0 in either half.
    int depth(String parameter) {
        String layers = prefix + "layers.";
        return parameter.startsWith(layers)
                ? depth(Integer.parseInt(parameter.substring(layers.length(), parameter.indexOf('.', layers.length()))))
                : 0;
    }

    private int depth(int i) {
        return below + i + 1;
    }

    /// Floating point operations of a token here, of which as many are seen as there are.
    double flops(int length) {
        double width = config.width();
        double products = (decoder ? 8 : 4) * width * width + 2 * width * half.feedForward();
        return half.layers() * (2 * products + (decoder ? 8 : 4) * length * width);
    }

    private String positionTable() {
        return prefix + "embed_positions.weight";
    }

    private String layer(int i) {
        return prefix + "layers." + i + ".";
    }
}

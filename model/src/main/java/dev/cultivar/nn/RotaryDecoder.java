package dev.cultivar.nn;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/// Llama and its kin: rotary positions, RMS norms, gated feed-forward blocks in which a token sees only what came before it; names and
/// numbers are Hugging Face's. A [DecoderFamily] says in what a member differs.
///
/// Inputs: `input_ids` (B, T) and, where the rows need them, `attention_mask`, `position_ids` and `segment_ids` (B, T).
final class RotaryDecoder implements TextBackbone {
    private static final String PREFIX = "model.";
    private static final String BLOCKS = PREFIX + "layers.";
    private static final String WORDS = PREFIX + "embed_tokens.weight";
    private static final String LAST_NORM = PREFIX + "norm";

    private final Weights weights;
    private final DecoderFamily family;
    private final DecoderShape shape;
    private final DecoderTraits traits;
    private final Map<Rope, float[]> angles;
    private final boolean recompute;

    /// Declares the parameters.
    public RotaryDecoder(Weights weights, DecoderFamily family) {
        this.weights = weights;
        this.family = family;
        this.shape = family.shape();
        this.traits = family.traits();
        this.recompute = false;
        this.angles = new HashMap<>();
        traits.layers().forEach(layer -> angles.computeIfAbsent(layer.rope(), rope -> rope.angles(shape.headWidth())));
        weights.parameter(WORDS, new Initial.Normal(shape.initializerRange()), shape.vocabulary(), shape.width());
        for (int i = 0; i < shape.layers(); i++) {
            declare(BLOCKS + i);
        }
        norm(LAST_NORM, shape.width());
    }

    private RotaryDecoder(RotaryDecoder decoder) {
        this.weights = decoder.weights;
        this.family = decoder.family;
        this.shape = decoder.shape;
        this.traits = decoder.traits;
        this.angles = decoder.angles;
        this.recompute = true;
    }

    private void declare(String name) {
        int width = shape.width();
        int queries = shape.heads() * shape.headWidth();
        int keys = shape.keyValueHeads() * shape.headWidth();
        DecoderTraits.Biases biases = traits.biases();
        linear(name + ".self_attn.q_proj", biases.read(), width, queries);
        linear(name + ".self_attn.k_proj", biases.read(), width, keys);
        linear(name + ".self_attn.v_proj", biases.read(), width, keys);
        linear(name + ".self_attn.o_proj", biases.attended(), queries, width);
        if (traits.headNorms()) {
            norm(name + ".self_attn.q_norm", shape.headWidth());
            norm(name + ".self_attn.k_norm", shape.headWidth());
        }
        linear(name + ".mlp.gate_proj", biases.feedForward(), width, shape.feedForward());
        linear(name + ".mlp.up_proj", biases.feedForward(), width, shape.feedForward());
        linear(name + ".mlp.down_proj", biases.feedForward(), shape.feedForward(), width);
        norm(name + ".input_layernorm", width);
        norm(name + ".post_attention_layernorm", width);
        if (traits.outerNorms()) {
            norm(name + ".pre_feedforward_layernorm", width);
            norm(name + ".post_feedforward_layernorm", width);
        }
    }

    private void linear(String name, boolean bias, int in, int out) {
        Layers.declareProjection(weights, name, shape.initializerRange(), bias, in, out);
    }

    private void norm(String name, int width) {
        RmsNorm.declare(weights, name, width, traits.norm());
    }

    @Override
    public Optional<VirtualShape> virtualShape() {
        return Optional.of(new VirtualShape(shape.width(), shape.keyValueHeads(), shape.headWidth()));
    }

    @Override
    public Optional<Backbone> recomputing() {
        return Optional.of(new RotaryDecoder(this));
    }

    @Override
    public Hidden forward(Inputs inputs, Mode mode) {
        ScalarType type = weights.get(WORDS).scalar_type();
        var decoding = Decoding.of(inputs, type);
        Map<DecoderTraits.Layer, View> views = new HashMap<>();
        for (DecoderTraits.Layer layer : traits.layers()) {
            views.computeIfAbsent(layer, alike -> view(alike, decoding, type));
        }
        Tensor x = inputs.start().map(Inputs.Start::states).orElseGet(() -> embed(inputs)); // (B, T, C)
        List<Tensor> layers = new ArrayList<>();
        layers.add(x);
        for (int i = inputs.start().map(Inputs.Start::cut).orElse(0); i < inputs.end().orElse(shape.layers()); i++) {
            int layer = i;
            var view = Objects.requireNonNull(views.get(traits.layers().get(i)));
            x = Recomputed.where(recompute, i + 1, x, mode, in -> block(layer, in, view, decoding, mode));
            if (i == shape.layers() - 1) {
                x = normed(LAST_NORM, x);
            }
            layers.add(x);
        }
        decoding.done();
        return new Hidden(x, layers);
    }

    /// What layers of a kind share in a forward pass.
    ///
    /// @param rotary turns queries and keys
    /// @param mask   to add to the scores
    private record View(Rotary rotary, @Nullable Tensor mask) {}

    private View view(DecoderTraits.Layer layer, Decoding decoding, ScalarType type) {
        float[] turns = Objects.requireNonNull(angles.get(layer.rope()));
        return new View(Rotary.of(decoding.positions(), turns, type), decoding.mask(layer.window()));
    }

    /// (B, T) -> (B, T, C). The padding piece's vector gets no gradient.
    private Tensor embed(Inputs inputs) {
        long pad = shape.special().pad().orElse(-1);
        Tensor words = inputs.prompted(torch.embedding(weights.get(WORDS), inputs.tensor("input_ids"), pad, false, false));
        return traits.embeddingScale() == 1 ? words : words.mul(new Scalar(traits.embeddingScale()));
    }

    /// (B, T, C) -> (B, T, C): attention, then the feed-forward block, each on the normed states and added to them.
    private Tensor block(int i, Tensor x, View view, Decoding decoding, Mode mode) {
        String name = BLOCKS + i;
        Tensor attended = attended(i, normed(name + ".input_layernorm", x), view, decoding, mode);
        if (!traits.outerNorms()) {
            Tensor middle = x.add(attended);
            return middle.add(feedForward(name, normed(name + ".post_attention_layernorm", middle)));
        }
        Tensor middle = x.add(normed(name + ".post_attention_layernorm", attended));
        Tensor fed = feedForward(name, normed(name + ".pre_feedforward_layernorm", middle));
        return middle.add(normed(name + ".post_feedforward_layernorm", fed));
    }

    /// (B, T, C) -> (B, T, C)
    private Tensor attended(int i, Tensor x, View view, Decoding decoding, Mode mode) {
        String name = BLOCKS + i + ".self_attn.";
        Tensor q = view.rotary().turn(headsNormed(name + "q_norm", split(name + "q_proj", x, shape.heads())));
        Tensor k = view.rotary().turn(headsNormed(name + "k_norm", split(name + "k_proj", x, shape.keyValueHeads())));
        Tensor v = split(name + "v_proj", x, shape.keyValueHeads());
        KeyValues.Layer all = decoding.seen(i, k, v);
        Tensor seen = Attention.apply(
                        q, all.keys(), all.values(), view.mask(), traits.scale(), traits.scoresCap(), shape.attentionDropout(), mode, i + 1)
                .transpose(1, 2)
                .flatten(2, 3); // (B, H, T, d) -> (B, T, H d)
        return Layers.projection(weights, name + "o_proj", seen);
    }

    private Tensor feedForward(String name, Tensor x) {
        return Gated.apply(weights, name + ".mlp", shape.activation(), x);
    }

    private Tensor normed(String name, Tensor x) {
        return RmsNorm.apply(weights, name, x, shape.normEpsilon(), traits.norm());
    }

    private Tensor headsNormed(String name, Tensor x) {
        return traits.headNorms() ? normed(name, x) : x;
    }

    /// (B, T, C) -> (B, H, T, d)
    private Tensor split(String name, Tensor x, int heads) {
        return Layers.projection(weights, name, x).view(x.size(0), x.size(1), heads, shape.headWidth()).transpose(1, 2);
    }

    @Override
    public Tensor pooled(Hidden hidden, Inputs inputs, Mode mode) {
        return LastToken.of(hidden, inputs);
    }

    @Override
    public Optional<WordTable> words() {
        return Optional.of(new WordTable(
                WORDS, shape.vocabulary(), shape.width(), shape.tied(), shape.initializerRange(), CausalLmHead.WEIGHT, traits.logitsCap()));
    }

    @Override
    public Optional<RowHead> labelHead(Model model, int labels, double deviation) {
        return Optional.of(ScoreHead.of(model, labels, deviation));
    }

    @Override
    public Architecture architecture(Set<String> networks) {
        if (networks.equals(Set.of(CausalLmHead.NAME))) {
            return new Architecture(family.predictor(), PREFIX, networks);
        }
        if (networks.equals(Set.of(ScoreHead.NAME))) {
            return new Architecture(family.classes() + "ForSequenceClassification", PREFIX, networks);
        }
        return new Architecture(family.classes() + "Model", PREFIX, Set.of());
    }

    @Override
    public Dimensions dimensions() {
        return new Dimensions(shape.width(), shape.layers(), shape.positions(), shape.vocabulary());
    }

    /// The last norm belongs to the last layer, whose states are those after it.
    @Override
    public int depth(String parameter) {
        if (parameter.startsWith(BLOCKS)) {
            return 1 + Integer.parseInt(parameter.substring(BLOCKS.length(), parameter.indexOf('.', BLOCKS.length())));
        }
        return parameter.startsWith(LAST_NORM + ".") ? shape.layers() : parameter.startsWith(PREFIX) ? 0 : -1;
    }

    @Override
    public Map<String, Object> config() {
        return family.json();
    }

    @Override
    public double forwardFlops(int length) {
        double heads = (double) shape.heads() * shape.headWidth();
        double attention = 2.0 * shape.width() * heads + 2.0 * shape.width() * shape.keyValueHeads() * shape.headWidth();
        double products = attention + 3.0 * shape.width() * shape.feedForward();
        double seen = traits.layers().stream().mapToDouble(layer -> Math.min(length, layer.window().orElse(length))).sum();
        return shape.layers() * 2 * products + 4.0 * seen * heads;
    }
}

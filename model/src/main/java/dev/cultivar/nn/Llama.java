package dev.cultivar.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/// Llama (Touvron et al., 2023; grouped queries as in version 2 and 3): rotary positions, RMS norms, gated feed-forward blocks;
/// names and numbers are Hugging Face's.
///
/// Inputs: `input_ids` (B, T) and, where the rows need them, `attention_mask`, `position_ids` and `segment_ids` (B, T).
public final class Llama implements Backbone {
    private static final String PREFIX = "model.";
    private static final String BLOCKS = PREFIX + "layers.";
    private static final String WORDS = PREFIX + "embed_tokens.weight";
    private static final String LAST_NORM = PREFIX + "norm";

    private final Weights weights;
    private final LlamaConfig config;
    private final float[] angles;
    private final boolean recompute;

    /// Declares the parameters.
    public Llama(Weights weights, LlamaConfig config) {
        this.weights = weights;
        this.config = config;
        this.recompute = false;
        this.angles = config.rope().angles(config.headWidth());
        int width = config.width();
        int queries = config.heads() * config.headWidth();
        int keys = config.keyValueHeads() * config.headWidth();
        weights.parameter(WORDS, new Initial.Normal(config.initializerRange()), config.vocabulary(), width);
        for (int i = 0; i < config.layers(); i++) {
            String name = BLOCKS + i;
            declare(name + ".self_attn.q_proj", config.attentionBias(), width, queries);
            declare(name + ".self_attn.k_proj", config.attentionBias(), width, keys);
            declare(name + ".self_attn.v_proj", config.attentionBias(), width, keys);
            declare(name + ".self_attn.o_proj", config.attentionBias(), queries, width);
            declare(name + ".mlp.gate_proj", config.feedForwardBias(), width, config.feedForward());
            declare(name + ".mlp.up_proj", config.feedForwardBias(), width, config.feedForward());
            declare(name + ".mlp.down_proj", config.feedForwardBias(), config.feedForward(), width);
            RmsNorm.declare(weights, name + ".input_layernorm", width);
            RmsNorm.declare(weights, name + ".post_attention_layernorm", width);
        }
        RmsNorm.declare(weights, LAST_NORM, width);
    }

    private Llama(Llama llama) {
        this.weights = llama.weights;
        this.config = llama.config;
        this.angles = llama.angles;
        this.recompute = true;
    }

    @Override
    public Optional<Backbone> recomputing() {
        return Optional.of(new Llama(this));
    }

    private void declare(String name, boolean bias, int in, int out) {
        Layers.declareProjection(weights, name, config.initializerRange(), bias, in, out);
    }

    @Override
    public Hidden forward(Inputs inputs, Mode mode) {
        ScalarType type = weights.get(WORDS).scalar_type();
        var decoding = Decoding.of(inputs, type);
        var rotary = Rotary.of(decoding.positions(), angles, type);
        Tensor x = inputs.start().map(Inputs.Start::states).orElseGet(() -> embed(inputs)); // (B, T, C)
        List<Tensor> layers = new ArrayList<>();
        layers.add(x);
        for (int i = inputs.start().map(Inputs.Start::cut).orElse(0); i < inputs.end().orElse(config.layers()); i++) {
            int layer = i;
            x = Recomputed.where(recompute, i + 1, x, mode, in -> block(layer, in, rotary, decoding, mode));
            if (i == config.layers() - 1) {
                x = RmsNorm.apply(weights, LAST_NORM, x, config.normEpsilon());
            }
            layers.add(x);
        }
        decoding.done();
        return new Hidden(x, layers);
    }

    /// (B, T) -> (B, T, C). The padding piece's vector gets no gradient.
    private Tensor embed(Inputs inputs) {
        return torch.embedding(weights.get(WORDS), inputs.tensor("input_ids"), config.special().pad().orElse(-1), false, false);
    }

    /// (B, T, C) -> (B, T, C): attention, then the feed-forward block, each on the normed states and added to them.
    private Tensor block(int i, Tensor x, Rotary rotary, Decoding decoding, Mode mode) {
        String name = BLOCKS + i;
        Tensor normed = RmsNorm.apply(weights, name + ".input_layernorm", x, config.normEpsilon());
        Tensor q = rotary.turn(split(name + ".self_attn.q_proj", normed, config.heads()));
        Tensor k = rotary.turn(split(name + ".self_attn.k_proj", normed, config.keyValueHeads()));
        Tensor v = split(name + ".self_attn.v_proj", normed, config.keyValueHeads());
        KeyValues.Layer all = decoding.seen(i, k, v);
        Tensor seen = Attention.apply(q, all.keys(), all.values(), decoding.mask(), config.attentionDropout(), mode, i + 1)
                .transpose(1, 2)
                .flatten(2, 3); // (B, H, T, d) -> (B, T, H d)
        Tensor attended = x.add(Layers.projection(weights, name + ".self_attn.o_proj", seen));
        Tensor middle = RmsNorm.apply(weights, name + ".post_attention_layernorm", attended, config.normEpsilon());
        return attended.add(Gated.apply(weights, name + ".mlp", config.activation(), middle));
    }

    /// (B, T, C) -> (B, H, T, d)
    private Tensor split(String name, Tensor x, int heads) {
        return Layers.projection(weights, name, x).view(x.size(0), x.size(1), heads, config.headWidth()).transpose(1, 2);
    }

    @Override
    public Tensor pooled(Hidden hidden, Inputs inputs, Mode mode) {
        return LastToken.of(hidden, inputs);
    }

    @Override
    public Optional<WordTable> words() {
        return Optional.of(new WordTable(WORDS, config.vocabulary(), config.width(), config.tied(), config.initializerRange()));
    }

    @Override
    public Architecture architecture(Set<String> networks) {
        return networks.equals(Set.of(CausalLmHead.NAME))
                ? new Architecture("LlamaForCausalLM", PREFIX, networks)
                : new Architecture("LlamaModel", PREFIX, Set.of());
    }

    @Override
    public boolean concurrent() {
        return true;
    }

    @Override
    public int width() {
        return config.width();
    }

    @Override
    public int layers() {
        return config.layers();
    }

    @Override
    public int positions() {
        return config.positions();
    }

    @Override
    public int vocabulary() {
        return config.vocabulary();
    }

    /// The last norm belongs to the last layer, whose states are those after it.
    @Override
    public int depth(String parameter) {
        if (parameter.startsWith(BLOCKS)) {
            return 1 + Integer.parseInt(parameter.substring(BLOCKS.length(), parameter.indexOf('.', BLOCKS.length())));
        }
        return parameter.startsWith(LAST_NORM + ".") ? config.layers() : parameter.startsWith(PREFIX) ? 0 : -1;
    }

    @Override
    public Map<String, Object> config() {
        return config.json();
    }

    @Override
    public double forwardFlops(int length) {
        double heads = (double) config.heads() * config.headWidth();
        double attention = 2.0 * config.width() * heads + 2.0 * config.width() * config.keyValueHeads() * config.headWidth();
        double products = attention + 3.0 * config.width() * config.feedForward();
        return config.layers() * (2 * products + 4.0 * length * heads);
    }
}

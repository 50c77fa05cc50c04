package dev.cultivar.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/// GPT-2 (Radford et al., 2019): learned positions, then pre-norm transformer blocks in which a token sees only what came
/// before it; names and numbers are Hugging Face's. Its linear layers are stored as (in, out).
///
/// Inputs: `input_ids` (B, T) and, where the rows need them, `attention_mask`, `position_ids` and `segment_ids` (B, T).
public final class Gpt2 implements TextBackbone {
    private static final String PREFIX = "transformer.";
    private static final String BLOCKS = PREFIX + "h.";
    private static final String WORDS = PREFIX + "wte.weight";
    private static final String PLACES = PREFIX + "wpe.weight";
    private static final String LAST_NORM = PREFIX + "ln_f";

    private final Weights weights;
    private final Gpt2Config config;
    private final boolean recompute;

    /// Declares the parameters. What a block adds starts smaller the more blocks there are (section 2.3 of the paper).
    public Gpt2(Weights weights, Gpt2Config config) {
        this.weights = weights;
        this.config = config;
        this.recompute = false;
        double deviation = config.initializerRange();
        double residual = deviation / Math.sqrt(2.0 * config.layers());
        int width = config.width();
        weights.parameter(WORDS, new Initial.Normal(deviation), config.vocabulary(), width);
        weights.parameter(PLACES, new Initial.Normal(deviation), config.positions(), width);
        for (int i = 0; i < config.layers(); i++) {
            String name = BLOCKS + i;
            Layers.declareNorm(weights, name + ".ln_1", width);
            declare(name + ".attn.c_attn", deviation, width, 3 * width);
            declare(name + ".attn.c_proj", residual, width, width);
            Layers.declareNorm(weights, name + ".ln_2", width);
            declare(name + ".mlp.c_fc", deviation, width, config.feedForward());
            declare(name + ".mlp.c_proj", residual, config.feedForward(), width);
        }
        Layers.declareNorm(weights, LAST_NORM, width);
    }

    private Gpt2(Gpt2 gpt2) {
        this.weights = gpt2.weights;
        this.config = gpt2.config;
        this.recompute = true;
    }

    @Override
    public Optional<Backbone> recomputing() {
        return Optional.of(new Gpt2(this));
    }

    private void declare(String name, double deviation, int in, int out) {
        weights.parameter(name + ".weight", new Initial.Normal(deviation), in, out);
        weights.linear(name, in, out, true);
        weights.parameter(name + ".bias", new Initial.Constant(0), out);
    }

    @Override
    public Hidden forward(Inputs inputs, Mode mode) {
        var decoding = Decoding.of(inputs, weights.get(WORDS).scalar_type());
        Tensor x = inputs.start().map(Inputs.Start::states).orElseGet(() -> embed(decoding, mode)); // (B, T, C)
        List<Tensor> layers = new ArrayList<>();
        layers.add(x);
        for (int i = inputs.start().map(Inputs.Start::cut).orElse(0); i < inputs.end().orElse(config.layers()); i++) {
            int layer = i;
            x = Recomputed.where(recompute, i + 1, x, mode, in -> block(layer, in, decoding, mode));
            if (i == config.layers() - 1) {
                x = Layers.norm(weights, LAST_NORM, x, config.normEpsilon());
            }
            layers.add(x);
        }
        decoding.done();
        return new Hidden(x, layers);
    }

    /// (B, T) -> (B, T, C)
    private Tensor embed(Decoding decoding, Mode mode) {
        Tensor words = decoding.inputs().prompted(torch.embedding(weights.get(WORDS), decoding.inputs().tensor("input_ids")));
        Tensor places = decoding.positions().below(config.positions()).embed(weights.get(PLACES));
        return Layers.dropout(words.add(places), config.embeddingDropout(), mode, 0);
    }

    /// (B, T, C) -> (B, T, C): attention, then the feed-forward block, each on the normed states and added to them.
    private Tensor block(int i, Tensor states, Decoding decoding, Mode mode) {
        String name = BLOCKS + i;
        int depth = i + 1;
        double drop = config.residualDropout();
        Tensor x = states.reshape(-1, config.width()); // (B T, C)
        Tensor qkv = linear(name + ".attn.c_attn", Layers.norm(weights, name + ".ln_1", x, config.normEpsilon())); // (B T, 3 C)
        TensorVector parts = qkv.view(decoding.rows(), decoding.length(), 3, config.heads(), config.width() / config.heads())
                .permute(2, 0, 3, 1, 4) // (3, B, H, T, C/H)
                .contiguous() // one copy for all three, so that the products need none
                .unbind(0);
        KeyValues.Layer all = decoding.seen(i, parts.get(1), parts.get(2));
        Tensor seen = Attention.apply(
                        parts.get(0), all.keys(), all.values(), decoding.mask(), config.scale(i), config.attentionDropout(), mode, depth)
                .transpose(1, 2)
                .reshape(-1, config.width()); // (B, H, T, C/H) -> (B T, C)
        x = x.add(Layers.dropout(linear(name + ".attn.c_proj", seen), drop, mode, depth));
        Tensor inner = linear(name + ".mlp.c_fc", Layers.norm(weights, name + ".ln_2", x, config.normEpsilon())); // (B T, F)
        Tensor out = linear(name + ".mlp.c_proj", Layers.activation(config.activation(), inner));
        return x.add(Layers.dropout(out, drop, mode, depth)).view(decoding.rows(), decoding.length(), config.width());
    }

    /// (N, in) -> (N, out)
    private Tensor linear(String name, Tensor x) {
        return weights.adapters().through(name, x, in ->
                torch.addmm(weights.get(name + ".bias"), in, weights.get(name + ".weight")));
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
    public Optional<RowHead> labelHead(Model model, int labels, double deviation) {
        return Optional.of(ScoreHead.of(model, labels, deviation));
    }

    @Override
    public Architecture architecture(Set<String> networks) {
        if (networks.equals(Set.of(CausalLmHead.NAME))) {
            return new Architecture("GPT2LMHeadModel", PREFIX, networks);
        }
        if (networks.equals(Set.of(ScoreHead.NAME))) {
            return new Architecture("GPT2ForSequenceClassification", PREFIX, networks);
        }
        return new Architecture("GPT2Model", PREFIX, Set.of());
    }

    @Override
    public Optional<VirtualShape> virtualShape() {
        return Optional.of(new VirtualShape(config.width(), config.heads(), config.width() / config.heads()));
    }

    @Override
    public Dimensions dimensions() {
        return new Dimensions(config.width(), config.layers(), config.positions(), config.vocabulary());
    }

    /// The last norm belongs to the last layer, whose states are those after it.
    @Override
    public int depth(String parameter) {
        if (parameter.startsWith(BLOCKS)) {
            return 1 + Integer.parseInt(parameter.substring(BLOCKS.length(), parameter.indexOf('.', BLOCKS.length())));
        }
        return parameter.startsWith(LAST_NORM) ? config.layers() : parameter.startsWith(PREFIX) ? 0 : -1;
    }

    @Override
    public Map<String, Object> config() {
        return config.json();
    }

    @Override
    public double forwardFlops(int length) {
        double products = 4.0 * config.width() * config.width() + 2.0 * config.width() * config.feedForward();
        return config.layers() * (2 * products + 4.0 * length * config.width());
    }
}

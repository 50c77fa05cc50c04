package dev.cultivar.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/// GPT-NeoX (Black et al., 2022): rotary positions on a part of each head, attention and feed-forward block beside each other; names and
/// numbers are Hugging Face's.
///
/// Inputs: `input_ids` (B, T) and, where the rows need them, `attention_mask`, `position_ids` and `segment_ids` (B, T).
final class GptNeoX implements TextBackbone {
    /// The head over the next token.
    static final String OUT = "embed_out";

    private static final String PREFIX = "gpt_neox.";
    private static final String BLOCKS = PREFIX + "layers.";
    private static final String WORDS = PREFIX + "embed_in.weight";
    private static final String LAST_NORM = PREFIX + "final_layer_norm";

    private final Weights weights;
    private final GptNeoXConfig config;
    private final float[] angles;
    private final boolean recompute;

    /// Declares the parameters.
    public GptNeoX(Weights weights, GptNeoXConfig config) {
        this.weights = weights;
        this.config = config;
        this.recompute = false;
        this.angles = config.rope().angles(config.turned());
        double deviation = config.initializerRange();
        int width = config.width();
        weights.parameter(WORDS, new Initial.Normal(deviation), config.vocabulary(), width);
        for (int i = 0; i < config.layers(); i++) {
            String name = BLOCKS + i;
            Layers.declareNorm(weights, name + ".input_layernorm", width);
            Layers.declareProjection(weights, name + ".attention.query_key_value", deviation, config.attentionBias(), width, 3 * width);
            Layers.declareProjection(weights, name + ".attention.dense", deviation, config.attentionBias(), width, width);
            Layers.declareNorm(weights, name + ".post_attention_layernorm", width);
            Layers.declareLinear(weights, name + ".mlp.dense_h_to_4h", deviation, width, config.feedForward());
            Layers.declareLinear(weights, name + ".mlp.dense_4h_to_h", deviation, config.feedForward(), width);
        }
        Layers.declareNorm(weights, LAST_NORM, width);
    }

    private GptNeoX(GptNeoX other) {
        this.weights = other.weights;
        this.config = other.config;
        this.angles = other.angles;
        this.recompute = true;
    }

    @Override
    public Optional<Backbone> recomputing() {
        return Optional.of(new GptNeoX(this));
    }

    @Override
    public Hidden forward(Inputs inputs, Mode mode) {
        ScalarType type = weights.get(WORDS).scalar_type();
        var decoding = Decoding.of(inputs, type);
        var rotary = Rotary.of(decoding.positions(), angles, type);
        Tensor x = inputs.start().map(Inputs.Start::states).orElseGet(() -> embed(inputs, mode)); // (B, T, C)
        List<Tensor> layers = new ArrayList<>();
        layers.add(x);
        for (int i = inputs.start().map(Inputs.Start::cut).orElse(0); i < inputs.end().orElse(config.layers()); i++) {
            int layer = i;
            x = Recomputed.where(recompute, i + 1, x, mode, in -> block(layer, in, rotary, decoding, mode));
            if (i == config.layers() - 1) {
                x = Layers.norm(weights, LAST_NORM, x, config.normEpsilon());
            }
            layers.add(x);
        }
        decoding.done();
        return new Hidden(x, layers);
    }

    /// (B, T) -> (B, T, C)
    private Tensor embed(Inputs inputs, Mode mode) {
        return Layers.dropout(torch.embedding(weights.get(WORDS), inputs.tensor("input_ids")), config.dropout(), mode, 0);
    }

    /// (B, T, C) -> (B, T, C): both parts are added to the states; the second reads them with or without what the first adds.
    private Tensor block(int i, Tensor x, Rotary rotary, Decoding decoding, Mode mode) {
        String name = BLOCKS + i;
        Tensor attended = Layers.dropout(attended(i, norm(name + ".input_layernorm", x), rotary, decoding, mode), config.dropout(), mode, i + 1);
        Tensor middle = x.add(attended);
        Tensor read = norm(name + ".post_attention_layernorm", config.parallel() ? x : middle);
        Tensor inner = Layers.activation(config.activation(), Layers.linear(weights, name + ".mlp.dense_h_to_4h", read)); // (B, T, F)
        return middle.add(Layers.dropout(Layers.linear(weights, name + ".mlp.dense_4h_to_h", inner), config.dropout(), mode, i + 1));
    }

    /// (B, T, C) -> (B, T, C). Of a head, query, key and value lie beside each other.
    private Tensor attended(int i, Tensor x, Rotary rotary, Decoding decoding, Mode mode) {
        String name = BLOCKS + i + ".attention";
        TensorVector parts = Layers.projection(weights, name + ".query_key_value", x)
                .view(decoding.rows(), decoding.length(), config.heads(), 3, config.headWidth())
                .permute(3, 0, 2, 1, 4) // (3, B, H, T, d)
                .contiguous()
                .unbind(0);
        KeyValues.Layer all = decoding.seen(i, turned(rotary, parts.get(1)), parts.get(2));
        Tensor seen = Attention.apply(
                        turned(rotary, parts.get(0)), all.keys(), all.values(), decoding.mask(), config.attentionDropout(), mode, i + 1)
                .transpose(1, 2)
                .flatten(2, 3); // (B, H, T, d) -> (B, T, C)
        return Layers.projection(weights, name + ".dense", seen);
    }

    /// (B, H, T, d) -> (B, H, T, d): the first part of a head is turned.
    private Tensor turned(Rotary rotary, Tensor x) {
        long turned = config.turned();
        long rest = config.headWidth() - turned;
        return rest == 0
                ? rotary.turn(x)
                : torch.cat(new TensorVector(rotary.turn(x.narrow(-1, 0, turned)), x.narrow(-1, turned, rest)), -1);
    }

    private Tensor norm(String name, Tensor x) {
        return Layers.norm(weights, name, x, config.normEpsilon());
    }

    @Override
    public Tensor pooled(Hidden hidden, Inputs inputs, Mode mode) {
        return LastToken.of(hidden, inputs);
    }

    @Override
    public Optional<WordTable> words() {
        return Optional.of(new WordTable(
                WORDS, config.vocabulary(), config.width(), config.tied(), config.initializerRange(), OUT + ".weight", Optional.empty()));
    }

    @Override
    public Optional<RowHead> labelHead(Model model, int labels, double deviation) {
        return Optional.of(ScoreHead.of(model, labels, deviation));
    }

    @Override
    public Architecture architecture(Set<String> networks) {
        if (networks.equals(Set.of(CausalLmHead.NAME))) {
            return new Architecture("GPTNeoXForCausalLM", PREFIX, Set.of(OUT));
        }
        if (networks.equals(Set.of(ScoreHead.NAME))) {
            return new Architecture("GPTNeoXForSequenceClassification", PREFIX, networks);
        }
        return new Architecture("GPTNeoXModel", PREFIX, Set.of());
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

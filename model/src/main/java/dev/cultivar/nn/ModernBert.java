package dev.cultivar.nn;

import dev.cultivar.batch.Batch;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/// ModernBERT (Warner et al., 2024): an encoder with rotary positions, pre-norm blocks, gated feed-forward parts, and attention that is
/// global in some layers and local in the others; names and numbers are Hugging Face's.
///
/// Inputs: `input_ids` (B, T) and, where the rows need it, `attention_mask` (B, T).
final class ModernBert implements TextBackbone {
    private static final String PREFIX = "model.";
    private static final String BLOCKS = PREFIX + "layers.";
    private static final String WORDS = PREFIX + "embeddings.tok_embeddings.weight";
    private static final String FIRST_NORM = PREFIX + "embeddings.norm";
    private static final String LAST_NORM = PREFIX + "final_norm";

    private final Weights weights;
    private final ModernBertConfig config;
    private final Map<Sight, float[]> angles;
    private final boolean recompute;

    /// Declares the parameters. The first block's attention reads the embeddings, which are normed already.
    public ModernBert(Weights weights, ModernBertConfig config) {
        this.weights = weights;
        this.config = config;
        this.recompute = false;
        this.angles = new EnumMap<>(Map.of(
                Sight.FULL, config.global().angles(config.headWidth()), Sight.SLIDING, config.local().angles(config.headWidth())));
        ModernBertConfig.Biases biases = config.biases();
        double deviation = config.initializerRange();
        double residual = deviation / Math.sqrt(2.0 * config.layers());
        int width = config.width();
        weights.parameter(WORDS, new Initial.Normal(deviation), config.vocabulary(), width);
        Layers.declareNorm(weights, FIRST_NORM, biases.norm(), width);
        for (int i = 0; i < config.layers(); i++) {
            String name = BLOCKS + i;
            if (i > 0) {
                Layers.declareNorm(weights, name + ".attn_norm", biases.norm(), width);
            }
            Layers.declareProjection(weights, name + ".attn.Wqkv", deviation, biases.attention(), width, 3 * width);
            Layers.declareProjection(weights, name + ".attn.Wo", residual, biases.attention(), width, width);
            Layers.declareNorm(weights, name + ".mlp_norm", biases.norm(), width);
            Layers.declareProjection(weights, name + ".mlp.Wi", deviation, biases.feedForward(), width, 2 * config.feedForward());
            Layers.declareProjection(weights, name + ".mlp.Wo", residual, biases.feedForward(), config.feedForward(), width);
        }
        Layers.declareNorm(weights, LAST_NORM, biases.norm(), width);
    }

    private ModernBert(ModernBert other) {
        this.weights = other.weights;
        this.config = other.config;
        this.angles = other.angles;
        this.recompute = true;
    }

    @Override
    public Optional<Backbone> recomputing() {
        return Optional.of(new ModernBert(this));
    }

    @Override
    public Hidden forward(Inputs inputs, Mode mode) {
        Batch.Field.Ints ids = inputs.batch().ints("input_ids");
        int rows = Math.toIntExact(ids.shape()[0]);
        int length = Math.toIntExact(ids.shape()[1]);
        if (length > config.positions()) {
            throw new IllegalArgumentException("a row of " + length + " tokens is longer than the model's " + config.positions() + " positions");
        }
        Map<Sight, View> views = views(inputs, rows, length);
        Tensor x = inputs.start().map(Inputs.Start::states).orElseGet(() -> embed(inputs, mode)); // (B, T, C)
        List<Tensor> layers = new ArrayList<>();
        layers.add(x);
        for (int i = inputs.start().map(Inputs.Start::cut).orElse(0); i < inputs.end().orElse(config.layers()); i++) {
            int layer = i;
            var view = Objects.requireNonNull(views.get(config.sights().get(i)));
            x = Recomputed.where(recompute, i + 1, x, mode, in -> block(layer, in, view, rows, length, mode));
            if (i == config.layers() - 1) {
                x = norm(LAST_NORM, x);
            }
            layers.add(x);
        }
        return new Hidden(x, layers);
    }

    /// What layers of a kind share in a forward pass.
    ///
    /// @param rotary turns queries and keys
    /// @param mask   to add to the scores; null where everything is seen
    private record View(Rotary rotary, @Nullable Tensor mask) {}

    private Map<Sight, View> views(Inputs inputs, int rows, int length) {
        ScalarType type = weights.get(WORDS).scalar_type();
        Tensor padding = PaddingMask.of(inputs, type, rows, length);
        Positions positions = Positions.counted(inputs.virtualKeys(), length);
        Map<Sight, View> views = new EnumMap<>(Sight.class);
        for (Sight sight : Sight.values()) {
            Tensor mask = sight == Sight.FULL ? padding : local(padding, type, length);
            views.put(sight, new View(Rotary.of(positions, Objects.requireNonNull(angles.get(sight)), type), mask));
        }
        return views;
    }

    /// Tokens that are further apart than half the span do not see each other: (1, 1, T, T) or (B, 1, T, T).
    private @Nullable Tensor local(@Nullable Tensor padding, ScalarType type, int length) {
        long reach = config.localSpan() / 2;
        if (reach >= length - 1) {
            return padding;
        }
        Tensor hidden = torch.full(new long[] {1, 1, length, length}, new Scalar(PaddingMask.lowest(type)), new TensorOptions(type));
        Tensor far = hidden.triu(reach + 1).add(hidden.tril(-reach - 1));
        return padding == null ? far : torch.minimum(far, padding);
    }

    /// (B, T) -> (B, T, C). The padding piece's vector gets no gradient.
    private Tensor embed(Inputs inputs, Mode mode) {
        long pad = config.special().pad().orElse(-1);
        Tensor words = torch.embedding(weights.get(WORDS), inputs.tensor("input_ids"), pad, false, false);
        return Layers.dropout(norm(FIRST_NORM, words), config.drops().embedding(), mode, 0);
    }

    /// (B, T, C) -> (B, T, C): attention, then the gated block, each on the normed states and added to them.
    private Tensor block(int i, Tensor x, View view, int rows, int length, Mode mode) {
        String name = BLOCKS + i;
        Tensor read = i == 0 ? x : norm(name + ".attn_norm", x);
        TensorVector parts = Layers.projection(weights, name + ".attn.Wqkv", read)
                .view(rows, length, 3, config.heads(), config.headWidth())
                .permute(2, 0, 3, 1, 4) // (3, B, H, T, d)
                .contiguous()
                .unbind(0);
        double drop = config.drops().attention();
        Tensor seen = Attention.apply(
                        view.rotary().turn(parts.get(0)), view.rotary().turn(parts.get(1)), parts.get(2), view.mask(), drop, mode, i + 1)
                .transpose(1, 2)
                .flatten(2, 3); // (B, H, T, d) -> (B, T, C)
        Tensor middle = x.add(Layers.dropout(Layers.projection(weights, name + ".attn.Wo", seen), drop, mode, i + 1));
        return middle.add(gated(name + ".mlp", norm(name + ".mlp_norm", middle), mode, i + 1));
    }

    /// (B, T, C) -> (B, T, C): the gated block (Shazeer, 2020), whose two halves come of one product.
    private Tensor gated(String name, Tensor x, Mode mode, int depth) {
        Tensor both = Layers.projection(weights, name + ".Wi", x); // (B, T, 2 F)
        long half = config.feedForward();
        Tensor inner = Layers.activation(config.activation(), both.narrow(-1, 0, half)).mul(both.narrow(-1, half, half));
        return Layers.projection(weights, name + ".Wo", Layers.dropout(inner, config.drops().feedForward(), mode, depth));
    }

    private Tensor norm(String name, Tensor x) {
        return Layers.norm(weights, name, x, config.normEpsilon());
    }

    /// (B, T, C) -> (B, C): the first token as it is.
    @Override
    public Tensor pooled(Hidden hidden, Inputs inputs, Mode mode) {
        return hidden.states().select(1, 0);
    }

    @Override
    public boolean poolsFirstToken() {
        return true;
    }

    @Override
    public Optional<MaskedLmHead> maskedLmHead(Model model) {
        var transform = ModernBertTransform.of(model, config);
        return Optional.of(model.network(
                ModernBertMaskedLmHead.NAME,
                ModernBertMaskedLmHead.class,
                into -> new ModernBertMaskedLmHead(into, transform, config, WORDS)));
    }

    @Override
    public Optional<RowHead> labelHead(Model model, int labels, double deviation) {
        var transform = ModernBertTransform.of(model, config);
        return Optional.of(model.network(
                LinearHead.CLASSIFIER,
                ModernBertClassificationHead.class,
                into -> new ModernBertClassificationHead(into, transform, this, config, labels, deviation)));
    }

    @Override
    public Architecture architecture(Set<String> networks) {
        if (networks.equals(Set.of(ModernBertTransform.NAME, ModernBertMaskedLmHead.NAME))) {
            return new Architecture("ModernBertForMaskedLM", PREFIX, networks);
        }
        if (networks.equals(Set.of(ModernBertTransform.NAME, LinearHead.CLASSIFIER))) {
            return new Architecture("ModernBertForSequenceClassification", PREFIX, networks);
        }
        return new Architecture("ModernBertModel", PREFIX, Set.of());
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
        double products = 4.0 * config.width() * config.width() + 3.0 * config.width() * config.feedForward();
        double seen = config.sights().stream()
                .mapToDouble(sight -> sight == Sight.FULL ? length : Math.min(length, config.localSpan() + 1.0))
                .sum();
        return config.layers() * 2 * products + 4.0 * seen * config.width();
    }
}

package dev.cultivar.nn;

import dev.cultivar.batch.Batch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/// BERT (Devlin et al., 2019): embeddings, then post-norm transformer blocks; names and numbers are Hugging Face's.
///
/// Inputs: `input_ids` (B, T) and, where the rows need them, `attention_mask` and `token_type_ids` (B, T). Positions are
/// counted from the left edge, padding included.
public final class Bert implements Backbone {
    private static final String PREFIX = "bert.";
    private static final String POOLER = PREFIX + "pooler.dense";

    private final Weights weights;
    private final BertConfig config;
    private final boolean pooler;

    /// Declares the parameters.
    ///
    /// @param pooler whether a head reads the first token through a dense layer and tanh
    public Bert(Weights weights, BertConfig config, boolean pooler) {
        this.weights = weights;
        this.config = config;
        this.pooler = pooler;
        double deviation = config.initializerRange();
        int width = config.width();
        var normal = new Initial.Normal(deviation);
        weights.parameter(embedding("word_embeddings"), normal, config.vocabulary(), width);
        weights.parameter(embedding("position_embeddings"), normal, config.positions(), width);
        weights.parameter(embedding("token_type_embeddings"), normal, config.segments(), width);
        Layers.declareNorm(weights, PREFIX + "embeddings.LayerNorm", width);
        for (int i = 0; i < config.layers(); i++) {
            for (String part : List.of("query", "key", "value")) {
                Layers.declareLinear(weights, layer(i) + "attention.self." + part, deviation, width, width);
            }
            Layers.declareLinear(weights, layer(i) + "attention.output.dense", deviation, width, width);
            Layers.declareNorm(weights, layer(i) + "attention.output.LayerNorm", width);
            Layers.declareLinear(weights, layer(i) + "intermediate.dense", deviation, width, config.feedForward());
            Layers.declareLinear(weights, layer(i) + "output.dense", deviation, config.feedForward(), width);
            Layers.declareNorm(weights, layer(i) + "output.LayerNorm", width);
        }
        if (pooler) {
            Layers.declareLinear(weights, POOLER, deviation, width, width);
        }
    }

    @Override
    public Hidden forward(Inputs inputs, Mode mode) {
        Batch.Field.Ints ids = inputs.batch().ints("input_ids");
        long rows = ids.shape()[0];
        long length = ids.shape()[1];
        if (length > config.positions()) {
            throw new IllegalArgumentException("a row of " + length + " tokens is longer than the model's " + config.positions() + " positions");
        }
        Tensor x = inputs.start().map(Inputs.Start::states).orElseGet(() -> embed(inputs, rows, length, mode));
        Tensor mask = mask(inputs, x, rows, length);
        List<Tensor> layers = new ArrayList<>();
        layers.add(x);
        int end = inputs.end().orElse(config.layers());
        for (int i = inputs.start().map(Inputs.Start::cut).orElse(0); i < end; i++) {
            x = block(i, x, mask, rows, length, mode);
            layers.add(x);
        }
        return new Hidden(x, layers);
    }

    /// (B, T) -> (B, T, C)
    private Tensor embed(Inputs inputs, long rows, long length, Mode mode) {
        Tensor words = torch.embedding(weights.get(embedding("word_embeddings")), inputs.tensor("input_ids"), config.pad(), false, false);
        Tensor types = weights.get(embedding("token_type_embeddings"));
        Tensor segments = inputs.has("token_type_ids")
                ? torch.embedding(types, inputs.tensor("token_type_ids")) // (B, T, C)
                : types.narrow(0, 0, 1); // (1, C)
        Tensor positions = weights.get(embedding("position_embeddings")).narrow(0, 0, length); // (T, C)
        Tensor sum = words.add(segments).add(positions);
        Tensor normed = Layers.norm(weights, PREFIX + "embeddings.LayerNorm", sum, config.normEpsilon());
        return Layers.dropout(normed, config.dropout(), mode, 0);
    }

    /// (B, T) of ones and zeros -> (B, 1, 1, T) to add to the scores; null where nothing is padding. The smallest
    /// finite number, not minus infinity: a row without any key must not become NaN.
    private @Nullable Tensor mask(Inputs inputs, Tensor like, long rows, long length) {
        if (!inputs.has("attention_mask")) {
            return null;
        }
        boolean full = true;
        for (int one : inputs.batch().ints("attention_mask").values()) {
            full &= one != 0;
        }
        if (full) {
            return null;
        }
        double lowest = like.scalar_type() == torch.ScalarType.BFloat16 ? -0x1.fep127 : -Float.MAX_VALUE;
        return inputs.tensor("attention_mask")
                .view(rows, 1, 1, length)
                .eq(new Scalar(0))
                .to(like.scalar_type())
                .mul(new Scalar(lowest));
    }

    /// (B, T, C) -> (B, T, C): attention, then the feed-forward block, each added to its input and normed.
    private Tensor block(int i, Tensor x, @Nullable Tensor mask, long rows, long length, Mode mode) {
        String name = layer(i);
        double drop = config.dropout();
        Tensor q = split(Layers.linear(weights, name + "attention.self.query", x), rows, length);
        Tensor k = split(Layers.linear(weights, name + "attention.self.key", x), rows, length);
        Tensor v = split(Layers.linear(weights, name + "attention.self.value", x), rows, length);
        Tensor seen = Attention.apply(q, k, v, mask, config.attentionDropout(), mode, i + 1)
                .transpose(1, 2)
                .reshape(rows, length, config.width()); // (B, H, T, C/H) -> (B, T, C)
        Tensor attended = Layers.dropout(Layers.linear(weights, name + "attention.output.dense", seen), drop, mode, i + 1);
        Tensor middle = Layers.norm(weights, name + "attention.output.LayerNorm", attended.add(x), config.normEpsilon());
        Tensor inner = Layers.activation(config.activation(), Layers.linear(weights, name + "intermediate.dense", middle));
        Tensor out = Layers.dropout(Layers.linear(weights, name + "output.dense", inner), drop, mode, i + 1);
        return Layers.norm(weights, name + "output.LayerNorm", out.add(middle), config.normEpsilon());
    }

    /// (B, T, C) -> (B, H, T, C/H)
    private Tensor split(Tensor x, long rows, long length) {
        return x.view(rows, length, config.heads(), config.width() / config.heads()).transpose(1, 2);
    }

    /// (B, T, C) -> (B, C): the first token through a dense layer and tanh.
    @Override
    public Tensor pooled(Hidden hidden, Inputs inputs, Mode mode) {
        if (!pooler) {
            throw new IllegalStateException("this BERT was opened without its pooler");
        }
        return torch.tanh(Layers.linear(weights, POOLER, hidden.states().select(1, 0)));
    }

    @Override
    public boolean poolsFirstToken() {
        return true;
    }

    private static String embedding(String table) {
        return PREFIX + "embeddings." + table + ".weight";
    }

    private static String layer(int i) {
        return PREFIX + "encoder.layer." + i + ".";
    }

    /// The table that a masked-LM head shares: (V, C).
    public static final String WORDS = embedding("word_embeddings");

    public BertConfig settings() {
        return config;
    }

    public boolean pooler() {
        return pooler;
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

    @Override
    public int depth(String parameter) {
        String encoder = PREFIX + "encoder.layer.";
        if (parameter.startsWith(encoder)) {
            return 1 + Integer.parseInt(parameter.substring(encoder.length(), parameter.indexOf('.', encoder.length())));
        }
        return parameter.startsWith(PREFIX + "embeddings.") ? 0 : parameter.startsWith(PREFIX) ? config.layers() + 1 : -1;
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

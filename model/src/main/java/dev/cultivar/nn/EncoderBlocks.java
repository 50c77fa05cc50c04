package dev.cultivar.nn;

import dev.cultivar.batch.Batch;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/// The stack of transformer blocks that BERT, ELECTRA, RoBERTa and DistilBERT share: each part's output is added to its input, then
/// normed (post-norm, Vaswani et al., 2017).
final class EncoderBlocks {
    private final Weights weights;
    private final BertConfig config;
    private final String prefix;
    private final EncoderNames names;
    private final boolean recompute;

    /// Declares the parameters, under BERT's names.
    ///
    /// @param prefix of the names, before a block's number
    EncoderBlocks(Weights weights, BertConfig config, String prefix) {
        this(weights, config, prefix, EncoderNames.BERT);
    }

    /// @param names of a block's parts
    EncoderBlocks(Weights weights, BertConfig config, String prefix, EncoderNames names) {
        this.weights = weights;
        this.config = config;
        this.prefix = prefix;
        this.names = names;
        this.recompute = false;
        double deviation = config.initializerRange();
        int width = config.width();
        for (int i = 0; i < config.layers(); i++) {
            for (String part : List.of(names.query(), names.key(), names.value(), names.attended())) {
                Layers.declareLinear(weights, layer(i) + part, deviation, width, width);
            }
            Layers.declareNorm(weights, layer(i) + names.attendedNorm(), width);
            Layers.declareLinear(weights, layer(i) + names.inner(), deviation, width, config.feedForward());
            Layers.declareLinear(weights, layer(i) + names.outer(), deviation, config.feedForward(), width);
            Layers.declareNorm(weights, layer(i) + names.outerNorm(), width);
        }
    }

    private EncoderBlocks(EncoderBlocks blocks) {
        this.weights = blocks.weights;
        this.config = blocks.config;
        this.prefix = blocks.prefix;
        this.names = blocks.names;
        this.recompute = true;
    }

    /// The same blocks, whose inner states are computed once more in the backward pass.
    EncoderBlocks recomputing() {
        return new EncoderBlocks(this);
    }

    /// All blocks, or those above [Inputs#start].
    ///
    /// @param embed (B, T, C), asked for where the batch starts at its input
    Hidden forward(Inputs inputs, Supplier<Tensor> embed, Mode mode) {
        Batch.Field.Ints ids = inputs.batch().ints("input_ids");
        long rows = ids.shape()[0];
        long length = ids.shape()[1];
        if (length + inputs.virtualKeys() > config.positions()) {
            throw new IllegalArgumentException("a row of " + length + " tokens is longer than the model's " + config.positions() + " positions");
        }
        Tensor x = inputs.start().map(Inputs.Start::states).orElseGet(embed);
        Tensor mask = PaddingMask.of(inputs, x.scalar_type(), rows, length);
        List<Tensor> layers = new ArrayList<>();
        layers.add(x);
        for (int i = inputs.start().map(Inputs.Start::cut).orElse(0); i < inputs.end().orElse(config.layers()); i++) {
            int layer = i;
            boolean first = i + 1 == config.layers() && inputs.ofFirstToken();
            // Of one token there is little to keep, and the backward pass starts there: nothing is gained by computing it twice.
            x = Recomputed.where(recompute && !first, i + 1, x, mode, in -> block(layer, in, first, inputs, mask, mode));
            layers.add(x);
        }
        return new Hidden(x, layers);
    }

    /// (B, T, C) -> (B, T, C): attention, then the feed-forward block, each added to its input and normed.
    ///
    /// @param first whether only the first token's output is read, (B, T, C) -> (B, 1, C): the others give no more than keys and values
    private Tensor block(int i, Tensor x, boolean first, Inputs inputs, @Nullable Tensor mask, Mode mode) {
        long rows = x.size(0);
        long length = x.size(1);
        String name = layer(i);
        double drop = config.dropout();
        Tensor own = first ? x.narrow(1, 0, 1).contiguous() : x; // (B, N, C)
        Tensor q = split(Layers.linear(weights, name + names.query(), own), rows, own.size(1));
        Tensor k = split(Layers.linear(weights, name + names.key(), x), rows, length);
        Tensor v = split(Layers.linear(weights, name + names.value(), x), rows, length);
        KeyValues.Layer all = inputs.behindPrefix(i, k, v);
        Tensor seen = Attention.apply(q, all.keys(), all.values(), mask, config.attentionDropout(), mode, i + 1)
                .transpose(1, 2)
                .reshape(rows, own.size(1), config.width()); // (B, H, N, C/H) -> (B, N, C)
        double dropAttended = names.dropsAttended() ? drop : 0;
        Tensor attended = Layers.dropout(Layers.linear(weights, name + names.attended(), seen), dropAttended, mode, i + 1);
        Tensor middle = Layers.norm(weights, name + names.attendedNorm(), attended.add(own), config.normEpsilon());
        Tensor inner = Layers.activation(config.activation(), Layers.linear(weights, name + names.inner(), middle));
        Tensor out = Layers.dropout(Layers.linear(weights, name + names.outer(), inner), drop, mode, i + 1);
        return Layers.norm(weights, name + names.outerNorm(), out.add(middle), config.normEpsilon());
    }

    /// (B, T, C) -> (B, H, T, C/H)
    private Tensor split(Tensor x, long rows, long length) {
        return x.view(rows, length, config.heads(), config.width() / config.heads()).transpose(1, 2);
    }

    private String layer(int i) {
        return prefix + i + ".";
    }

    /// From 1, the depth of the block that a parameter lies in; 0 for one of another part.
    int depth(String parameter) {
        return parameter.startsWith(prefix)
                ? 1 + Integer.parseInt(parameter.substring(prefix.length(), parameter.indexOf('.', prefix.length())))
                : 0;
    }

    /// Floating point operations of the blocks for one token among `length`.
    double forwardFlops(int length) {
        double products = 4.0 * config.width() * config.width() + 2.0 * config.width() * config.feedForward();
        return config.layers() * (2 * products + 4.0 * length * config.width());
    }
}

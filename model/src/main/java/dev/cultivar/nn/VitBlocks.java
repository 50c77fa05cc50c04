package dev.cultivar.nn;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.pytorch.Tensor;

/// The stack of a ViT's transformer blocks: the input of each part is normed, its output is added to what it was before (pre-norm).
final class VitBlocks {
    private static final List<String> SEEN = List.of("attention.attention.query", "attention.attention.key", "attention.attention.value");
    private static final String ATTENDED = "attention.output.dense";
    private static final String INNER = "intermediate.dense";
    private static final String OUTER = "output.dense";
    private static final String BEFORE = "layernorm_before";
    private static final String AFTER = "layernorm_after";
    private static final Pattern NUMBER = Pattern.compile("(\\d{1,6})\\.");

    private final Weights weights;
    private final VitConfig config;
    private final String prefix;

    /// Declares the parameters.
    ///
    /// @param prefix of the names, before a block's number
    VitBlocks(Weights weights, VitConfig config, String prefix) {
        this.weights = weights;
        this.config = config;
        this.prefix = prefix;
        double deviation = config.initializerRange();
        int width = config.width();
        for (int i = 0; i < config.layers(); i++) {
            for (String part : SEEN) {
                Layers.declareProjection(weights, layer(i) + part, deviation, config.biased(), width, width);
            }
            Layers.declareLinear(weights, layer(i) + ATTENDED, deviation, width, width);
            Layers.declareLinear(weights, layer(i) + INNER, deviation, width, config.feedForward());
            Layers.declareLinear(weights, layer(i) + OUTER, deviation, config.feedForward(), width);
            Layers.declareNorm(weights, layer(i) + BEFORE, width);
            Layers.declareNorm(weights, layer(i) + AFTER, width);
        }
    }

    /// (B, T, C) -> (B, T, C): attention, then the feed-forward block.
    ///
    /// @param depth of the block, from 1
    /// @param first whether only the first token's output is read, (B, T, C) -> (B, 1, C): the others give no more than keys and values
    Tensor block(int depth, Tensor x, boolean first, Mode mode) {
        String name = layer(depth - 1);
        double drop = config.dropout();
        Tensor read = Layers.norm(weights, name + BEFORE, x, config.normEpsilon());
        Tensor own = first ? read.narrow(1, 0, 1).contiguous() : read; // (B, N, C)
        Tensor q = split(Layers.projection(weights, name + SEEN.get(0), own));
        Tensor k = split(Layers.projection(weights, name + SEEN.get(1), read));
        Tensor v = split(Layers.projection(weights, name + SEEN.get(2), read));
        Tensor seen = Attention.apply(q, k, v, null, config.attentionDropout(), mode, depth)
                .transpose(1, 2)
                .reshape(x.size(0), own.size(1), config.width()); // (B, H, N, C/H) -> (B, N, C)
        Tensor attended = Layers.dropout(Layers.linear(weights, name + ATTENDED, seen), drop, mode, depth);
        Tensor middle = attended.add(first ? x.narrow(1, 0, 1) : x);
        Tensor wide = Layers.linear(weights, name + INNER, Layers.norm(weights, name + AFTER, middle, config.normEpsilon()));
        Tensor out = Layers.linear(weights, name + OUTER, Layers.activation(config.activation(), wide));
        return Layers.dropout(out, drop, mode, depth).add(middle);
    }

    /// (B, T, C) -> (B, H, T, C/H)
    private Tensor split(Tensor x) {
        return x.view(x.size(0), x.size(1), config.heads(), config.width() / config.heads()).transpose(1, 2);
    }

    private String layer(int i) {
        return prefix + i + ".";
    }

    /// From 1, the depth of the block that a parameter lies in; 0 for one of another part.
    int depth(String parameter) {
        Matcher block = NUMBER.matcher(parameter);
        return parameter.startsWith(prefix) && block.region(prefix.length(), parameter.length()).lookingAt()
                ? Math.min(1 + Integer.parseInt(block.group(1)), config.layers()) // a file's block that nobody asks for is no head either
                : 0;
    }
}

package dev.cultivar.nn;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/// ViT (Dosovitskiy et al., 2021, "An image is worth 16x16 words"): an image is cut into squares, which go through a transformer as
/// words do, behind a class token that the head reads; names and numbers are those of Hugging Face's files.
///
/// Inputs: `pixel_values` (B, c, H, W) of one size. The last norm belongs to the last layer, and [#pooled] applies it. Shapes: N patches, T tokens.
final class Vit implements ImageBackbone, PatchEncoder {
    private static final String PREFIX = "vit.";
    private static final String EMBEDDINGS = PREFIX + "embeddings.";
    private static final String CLASS = EMBEDDINGS + "cls_token";
    private static final String POSITIONS = EMBEDDINGS + "position_embeddings";
    private static final String PATCHES = EMBEDDINGS + "patch_embeddings.projection";
    private static final String NORM = PREFIX + "layernorm";

    private final Weights weights;
    private final VitConfig config;
    private final VitBlocks blocks;

    /// Declares the parameters.
    Vit(Weights weights, VitConfig config) {
        this.weights = weights;
        this.config = config;
        var drawn = new Initial.Normal(config.initializerRange());
        int width = config.width();
        weights.parameter(CLASS, drawn, 1, 1, width);
        weights.parameter(POSITIONS, drawn, 1, config.patches() + 1L, width);
        weights.parameter(PATCHES + ".weight", drawn, width, config.image().channels(), config.patch(), config.patch());
        weights.parameter(PATCHES + ".bias", new Initial.Constant(0), width);
        this.blocks = new VitBlocks(weights, config, PREFIX + "encoder.layer.");
        Layers.declareNorm(weights, NORM, width);
    }

    @Override
    public Hidden forward(Inputs inputs, Mode mode) {
        return Cuts.forward(inputs, layers(), () -> behindClass(patches(inputs), mode), mode, (depth, x) ->
                blocks.block(depth, x, depth == layers() && inputs.ofFirstToken(), mode));
    }

    /// (B, c, H, W) -> (B, N, C): a vector of each patch, with its position, row by row of the image. No class token is among them.
    Tensor patches(Inputs inputs) {
        Tensor pixels = config.image().read(inputs, weights.get(PATCHES + ".weight").scalar_type());
        Tensor map = Convolution.apply(weights, PATCHES, pixels, config.patch(), 0); // (B, C, H/p, W/p)
        return map.flatten(2, 3).transpose(1, 2).add(weights.get(POSITIONS).narrow(1, 1, config.patches()));
    }

    /// (B, N, C) -> (B, K, C): those patches of each image that are kept, for an encoder that sees no others (He et al., 2022,
    /// "Masked autoencoders are scalable vision learners", section 3).
    ///
    /// @param kept int64 (B, K): numbers of patches, each at most once in a row
    static Tensor kept(Tensor patches, Tensor kept) {
        long rows = patches.size(0);
        long each = patches.size(1);
        Tensor before = torch.arange(new Scalar(rows), kept.options()).mul(new Scalar(each)).unsqueeze(1); // (B, 1)
        Tensor numbers = kept.add(before).flatten(); // (B K)
        return torch.index_select(patches.reshape(rows * each, patches.size(2)), 0, numbers).view(rows, kept.size(1), patches.size(2));
    }

    /// (B, K, C) -> (B, 1 + K, C): what the first block reads, the class token before the patches.
    Tensor behindClass(Tensor patches, Mode mode) {
        Tensor first = weights.get(CLASS).add(weights.get(POSITIONS).narrow(1, 0, 1)).expand(patches.size(0), -1, -1); // (B, 1, C)
        return Layers.dropout(torch.cat(new TensorVector(first, patches), 1), config.dropout(), mode, 0);
    }

    /// (B, T, C) -> (B, T, C): all blocks over whatever tokens are given, each cut kept.
    Hidden blocks(Tensor tokens, Mode mode) {
        return Cuts.forward(tokens, 0, layers(), mode, (depth, x) -> blocks.block(depth, x, false, mode));
    }

    @Override
    public Optional<PatchEncoder> patchEncoder() {
        return Optional.of(this);
    }

    @Override
    public int patch() {
        return config.patch();
    }

    @Override
    public Tensor visible(Inputs inputs, Tensor kept, Mode mode) {
        return normed(blocks(behindClass(kept(patches(inputs), kept), mode), mode).states());
    }

    /// (..., C) -> (..., C): what the last layer gives, normed.
    Tensor normed(Tensor states) {
        return Layers.norm(weights, NORM, states, config.normEpsilon());
    }

    VitConfig settings() {
        return config;
    }

    /// (B, T, C) -> (B, C): the class token, normed.
    @Override
    public Tensor pooled(Hidden hidden, Inputs inputs, Mode mode) {
        return normed(hidden.states().select(1, 0));
    }

    @Override
    public boolean poolsFirstToken() {
        return true;
    }

    @Override
    public Architecture architecture(Set<String> networks) {
        return networks.equals(Set.of(LinearHead.CLASSIFIER))
                ? new Architecture("ViTForImageClassification", PREFIX, networks)
                : new Architecture("ViTModel", PREFIX, Set.of());
    }

    @Override
    public ImageShape image() {
        return config.image();
    }

    @Override
    public String output() {
        return LinearHead.CLASSIFIER;
    }

    @Override
    public int width() {
        return config.width();
    }

    @Override
    public int layers() {
        return config.layers();
    }

    /// A pooler that a file may hold lies above the layers; nothing here reads it.
    @Override
    public int depth(String parameter) {
        int block = blocks.depth(parameter);
        if (block > 0) {
            return block;
        }
        return parameter.startsWith(EMBEDDINGS) ? 0
                : parameter.startsWith(NORM + ".") ? layers()
                : parameter.startsWith(PREFIX) ? layers() + 1
                : -1;
    }

    @Override
    public Map<String, Object> config() {
        return config.json();
    }

    @Override
    public double forwardFlops(int length) {
        return config.forwardFlops();
    }
}

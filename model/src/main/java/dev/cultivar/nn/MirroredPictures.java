package dev.cultivar.nn;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// Draws a picture from the last map of a [ConvEncoder] by the same layers the other way round: transposed convolutions (3x3, stride 2, padding
/// 1), with ReLU between, `NAME.0`, `NAME.2` and so on.
///
/// A map of an odd size was rounded up when it was halved, so each layer grows to the very size that the encoder's layer had before it.
final class MirroredPictures implements PictureDecoder {
    private static final int KERNEL = 3;

    private final Weights weights;
    private final String name;
    private final ConvEncoderConfig config;

    MirroredPictures(Weights weights, String name, ConvEncoderConfig config) {
        this.weights = weights;
        this.name = name;
        this.config = config;
        for (int layer = config.layers(); layer > 0; layer--) {
            TransposedConvolution.declare(weights, name(layer), config.channels(layer), config.channels(layer - 1), KERNEL);
        }
    }

    /// Of the layer that undoes the encoder's layer.
    private String name(int layer) {
        return name + "." + 2 * (config.layers() - layer);
    }

    @Override
    public double flops() {
        double flops = 0;
        for (int layer = config.layers(); layer > 0; layer--) { // each value of the smaller map meets each of the kernel
            flops += Convolution.flops(config.channels(layer), config.channels(layer - 1), KERNEL, config.rows(layer), config.columns(layer));
        }
        return flops;
    }

    @Override
    public Tensor logits(Tensor code, Mode mode) {
        int last = config.layers();
        Tensor x = code.reshape(-1, config.channels(last), config.rows(last), config.columns(last)); // (B, c h w) -> (B, c, h, w)
        for (int layer = last; layer > 0; layer--) {
            int moreRows = config.rows(layer - 1) - (2 * config.rows(layer) - 1); // 1 where the size was even, 0 where it was odd
            int moreColumns = config.columns(layer - 1) - (2 * config.columns(layer) - 1);
            x = TransposedConvolution.apply(weights, name(layer), layer == last ? x : torch.relu(x), 2, 1, moreRows, moreColumns);
        }
        return x; // (B, C, H, W)
    }
}

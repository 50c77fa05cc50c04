package dev.cultivar.nn;

import dev.cultivar.batch.PictureShape;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// Draws a picture from a map of a quarter of its height and width: a linear layer makes the map (`NAME.0`), two transposed convolutions
/// double it (`NAME.2`, `NAME.4`), with ReLU between; what is too much of it is cut off at the lower and the right edge.
final class GrowingPictures implements PictureDecoder {
    private static final int WIDE = 64; // channels of the map
    private static final int NARROW = 32; // and of that of twice its size
    private static final int KERNEL = 3;

    private final Weights weights;
    private final String name;
    private final PictureShape shape;
    private final int rows;
    private final int columns;

    GrowingPictures(Weights weights, String name, int code, PictureShape shape) {
        this.weights = weights;
        this.name = name;
        this.shape = shape;
        rows = Math.ceilDiv(shape.height(), 4);
        columns = Math.ceilDiv(shape.width(), 4);
        Layers.declareUniformLinear(weights, name + ".0", code, (long) WIDE * rows * columns);
        TransposedConvolution.declare(weights, name + ".2", WIDE, NARROW, KERNEL);
        TransposedConvolution.declare(weights, name + ".4", NARROW, shape.channels(), KERNEL);
    }

    @Override
    public double flops() {
        return 2.0 * weights.master(name + ".0.weight").numel()
                + Convolution.flops(WIDE, NARROW, KERNEL, rows, columns)
                + Convolution.flops(NARROW, shape.channels(), KERNEL, 2 * rows, 2 * columns);
    }

    @Override
    public Tensor logits(Tensor code, Mode mode) {
        Tensor x = Layers.linear(weights, name + ".0", code.to(weights.get(name + ".0.weight").scalar_type()));
        x = torch.relu(x).reshape(-1, WIDE, rows, columns); // (B, 64 h w) -> (B, 64, h, w)
        x = torch.relu(TransposedConvolution.apply(weights, name + ".2", x, 2, 1, 1, 1)); // (B, 32, 2h, 2w)
        x = TransposedConvolution.apply(weights, name + ".4", x, 2, 1, 1, 1); // (B, C, 4h, 4w)
        return x.narrow(2, 0, shape.height()).narrow(3, 0, shape.width()); // (B, C, H, W)
    }
}

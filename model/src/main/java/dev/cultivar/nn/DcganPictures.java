package dev.cultivar.nn;

import dev.cultivar.batch.PictureShape;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// DCGAN's generator (Radford et al., 2016, section 3 and figure 1): a point becomes a small map, and each transposed convolution after
/// that doubles it, with batch norm and ReLU before each but the first.
///
/// Layers are counted as in a sequence of PyTorch's: `NAME.0` and its norm `NAME.1`, `NAME.3` and `NAME.4`, and so on; the last has no norm
/// but a bias. What is too much of the largest map is cut off at the lower and the right edge.
final class DcganPictures implements PictureDecoder {
    private static final Initial INITIAL = new Initial.Normal(0.02); // section 3.1 of the paper
    private static final int KERNEL = 4;

    private final Weights weights;
    private final String name;
    private final int blocks;
    private final PictureShape shape;

    DcganPictures(Weights weights, String name, int code, List<Integer> channels, PictureShape shape) {
        this.weights = weights;
        this.name = name;
        this.blocks = channels.size();
        this.shape = shape;
        int rows = Math.ceilDiv(shape.height(), 1 << blocks);
        int columns = Math.ceilDiv(shape.width(), 1 << blocks);
        TransposedConvolution.declare(weights, layer(0), INITIAL, false, code, channels.getFirst(), rows, columns);
        for (int block = 0; block < blocks; block++) {
            BatchNorm.declare(weights, norm(block), channels.get(block));
            boolean last = block + 1 == blocks;
            int out = last ? shape.channels() : channels.get(block + 1);
            TransposedConvolution.declare(weights, layer(block + 1), INITIAL, last, channels.get(block), out, KERNEL, KERNEL);
        }
    }

    private String layer(int block) {
        return name + "." + 3 * block;
    }

    private String norm(int block) {
        return name + "." + (3 * block + 1);
    }

    @Override
    public Tensor logits(Tensor code, Mode mode) {
        Tensor point = code.to(weights.get(layer(0) + ".weight").scalar_type()).unsqueeze(2).unsqueeze(3); // (B, F) -> (B, F, 1, 1)
        Tensor x = TransposedConvolution.apply(weights, layer(0), point, 1, 0, 0, 0); // (B, F, 1, 1) -> (B, c, h, w)
        for (int block = 0; block < blocks; block++) {
            x = torch.relu(BatchNorm.apply(weights, norm(block), x, mode.training()));
            x = TransposedConvolution.apply(weights, layer(block + 1), x, 2, 1, 0, 0); // (B, c, h, w) -> (B, c', 2h, 2w)
        }
        return x.narrow(2, 0, shape.height()).narrow(3, 0, shape.width()); // (B, C, H, W)
    }

    @Override
    public double flops() {
        double flops = 2.0 * weights.master(layer(0) + ".weight").numel();
        double places = Math.ceilDiv(shape.height(), 1 << blocks) * (double) Math.ceilDiv(shape.width(), 1 << blocks);
        for (int block = 1; block <= blocks; block++, places *= 4) { // each value of the smaller map meets each of the kernel
            flops += 2.0 * places * weights.master(layer(block) + ".weight").numel();
        }
        return flops;
    }

    @Override
    public boolean dependsOnBatch() {
        return true;
    }
}

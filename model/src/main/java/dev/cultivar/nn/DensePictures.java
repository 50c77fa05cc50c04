package dev.cultivar.nn;

import dev.cultivar.batch.PictureShape;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// Draws a picture by linear layers, `NAME.0`, `NAME.2` and so on, with an activation between them.
final class DensePictures implements PictureDecoder {
    private final Weights weights;
    private final PictureDrawing.Dense drawing;
    private final PictureShape shape;
    private final List<String> layers = new ArrayList<>();

    DensePictures(Weights weights, String name, int code, PictureDrawing.Dense drawing, PictureShape shape) {
        this.weights = weights;
        this.drawing = drawing;
        this.shape = shape;
        List<Integer> sizes = new ArrayList<>(drawing.hidden());
        sizes.add(shape.values());
        int in = code;
        for (int out : sizes) {
            String layer = name + "." + 2 * layers.size();
            Layers.declareUniformLinear(weights, layer, in, out);
            layers.add(layer);
            in = out;
        }
    }

    @Override
    public double flops() {
        return layers.stream().mapToDouble(layer -> 2.0 * weights.master(layer + ".weight").numel()).sum();
    }

    @Override
    public Tensor logits(Tensor code, Mode mode) {
        Tensor x = code.to(weights.get(layers.getFirst() + ".weight").scalar_type());
        for (String layer : layers) {
            x = Layers.linear(weights, layer, layer.equals(layers.getFirst()) ? x : torch.leaky_relu(x, new Scalar(drawing.leak())));
        }
        return x.reshape(-1, shape.channels(), shape.height(), shape.width()); // (B, C H W) -> (B, C, H, W)
    }
}

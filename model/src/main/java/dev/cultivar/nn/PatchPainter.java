package dev.cultivar.nn;

import dev.cultivar.torch.Tensors;
import java.util.Arrays;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/// Draws the hidden patches of a picture from the states of the others (MAE; He et al., 2022, section 3): a small transformer over all places of the
/// picture, of which the hidden ones begin with one learned vector. Names are those of Hugging Face's ViTMAE.
///
/// Legend: N patches of a picture, K shown and M hidden ones, D the painter's width, P numbers of a patch.
public final class PatchPainter {
    public static final String NAME = "decoder";
    private static final String EMBED = NAME + ".decoder_embed";
    private static final String MASK = NAME + ".mask_token";
    private static final String NORM = NAME + ".decoder_norm";
    private static final String OUT = NAME + ".decoder_pred";
    private static final double DEVIATION = 0.02;
    private static final double EPSILON = 1e-12;
    private static final double PERIOD = 10_000; // of the slowest wave

    private final Weights weights;
    private final PatchEncoder encoder;
    private final int width;
    private final VitBlocks blocks;
    private final int layers;
    private final float[] positions;
    private final double flops;

    /// @param width D, a multiple of 4
    private PatchPainter(Weights weights, PatchEncoder encoder, int states, int layers, int width, int heads) {
        this.weights = weights;
        this.encoder = encoder;
        this.width = width;
        this.layers = layers;
        ImageShape image = encoder.image();
        int patch = encoder.patch();
        Layers.declareLinear(weights, EMBED, DEVIATION, states, width);
        weights.parameter(MASK, new Initial.Normal(DEVIATION), 1, 1, width);
        var config = new VitConfig(image, patch, width, layers, heads, 4 * width, "gelu", 0, 0, EPSILON, DEVIATION, true);
        blocks = new VitBlocks(weights, config, NAME + ".decoder_layers.");
        flops = config.forwardFlops();
        Layers.declareNorm(weights, NORM, width);
        Layers.declareLinear(weights, OUT, DEVIATION, width, (long) patch * patch * image.channels());
        positions = positions(image.height() / patch, image.width() / patch, width);
    }

    /// The network of the model, built on first use.
    ///
    /// @param encoder the model's backbone
    /// @param width   D, a multiple of 4
    public static PatchPainter of(Model model, PatchEncoder encoder, int layers, int width, int heads) {
        return model.network(
                NAME, PatchPainter.class, weights -> new PatchPainter(weights, encoder, model.backbone().width(), layers, width, heads));
    }

    /// Waves of the place's column, then of its row, a sine and a cosine of each length; (N D), row by row.
    private static float[] positions(int rows, int columns, int width) {
        int waves = width / 4;
        float[] positions = new float[rows * columns * width];
        for (int place = 0; place < rows * columns; place++) {
            for (int w = 0; w < waves; w++) {
                double frequency = Math.pow(PERIOD, -(double) w / waves);
                int at = place * width + w;
                double column = place % columns * frequency;
                double row = place / columns * frequency;
                positions[at] = (float) Math.sin(column);
                positions[at + waves] = (float) Math.cos(column);
                positions[at + 2 * waves] = (float) Math.sin(row);
                positions[at + 3 * waves] = (float) Math.cos(row);
            }
        }
        return positions;
    }

    /// Which patches are hidden, one batch.
    ///
    /// @param rows   B
    /// @param kept   numbers of those that are shown, (B K)
    /// @param hidden numbers of those that are not, (B M)
    /// @param places where each patch lies among the shown ones and then the hidden ones of its picture, (B N)
    public record Split(int rows, int[] kept, int[] hidden, int[] places) {

        /// @param masked ones where a patch is hidden, the same count in each row; (B N)
        public static Split of(int[] masked, int rows) {
            int patches = masked.length / rows;
            int away = Arrays.stream(masked, 0, patches).sum();
            int[] kept = new int[rows * (patches - away)];
            int[] hidden = new int[rows * away];
            int[] places = new int[masked.length];
            for (int row = 0; row < rows; row++) {
                int shown = 0;
                int gone = 0;
                for (int i = 0; i < patches; i++) {
                    int at = row * patches + i;
                    if (masked[at] == 0 && shown < patches - away) {
                        kept[row * (patches - away) + shown] = i;
                        places[at] = shown++;
                    } else if (masked[at] == 1 && gone < away) {
                        hidden[row * away + gone] = i;
                        places[at] = patches - away + gone++;
                    } else {
                        throw new IllegalArgumentException("masked must hold zeros and ones, " + away + " ones in each row as in the first; row " + row
                                + " has others");
                    }
                }
            }
            return new Split(rows, kept, hidden, places);
        }
    }

    /// Floating point operations for one picture: those of a ViT of its size, where patches come out instead of going in.
    public double flops() {
        return flops;
    }

    /// What is drawn of the hidden patches: (B, M, P), in float32.
    public Tensor paint(Inputs inputs, Split split, Mode mode) {
        Tensor kept = numbers(split.kept(), split);
        Tensor seen = Layers.linear(weights, EMBED, encoder.visible(inputs, kept, mode)); // (B, 1 + K, C) -> (B, 1 + K, D)
        Tensor shown = seen.narrow(1, 1, kept.size(1)); // (B, K, D)
        long away = split.hidden().length / split.rows();
        Tensor masks = weights.get(MASK).expand(split.rows(), away, width); // (1, 1, D) -> (B, M, D)
        Tensor all = Vit.kept(torch.cat(new TensorVector(shown, masks), 1), numbers(split.places(), split)); // (B, N, D), each at its place
        Tensor placed = all.add(Tensors.ofFloats(positions, 1, all.size(1), width).to(all.scalar_type()));
        Tensor x = torch.cat(new TensorVector(seen.narrow(1, 0, 1), placed), 1); // (B, 1 + N, D)
        for (int depth = 1; depth <= layers; depth++) {
            x = blocks.block(depth, x, false, mode);
        }
        Tensor hidden = Vit.kept(x.narrow(1, 1, all.size(1)), numbers(split.hidden(), split)); // (B, M, D)
        return Layers.linear(weights, OUT, Layers.norm(weights, NORM, hidden, EPSILON)).to(torch.ScalarType.Float);
    }

    /// (B, ...) of whole numbers
    private static Tensor numbers(int[] values, Split split) {
        return Tensors.ofInts(values, split.rows(), values.length / split.rows());
    }

    /// What the hidden patches are: (B, M, P), the numbers of a patch row by row, the channels of a point side by side.
    ///
    /// @param normalized whether each patch is given less its own mean, in its own deviations (He et al., 2022, section 3, "reconstruction target")
    public Tensor hidden(Inputs inputs, Split split, boolean normalized) {
        ImageShape image = encoder.image();
        int patch = encoder.patch();
        Tensor pictures = inputs.tensor(ImageShape.PIXELS).to(torch.ScalarType.Float);
        Tensor cut = pictures.reshape(-1, image.channels(), image.height() / patch, patch, image.width() / patch, patch); // (B, C, h, p, w, p)
        Tensor patches = cut.permute(0, 2, 4, 3, 5, 1).flatten(3, 5).flatten(1, 2); // (B, h, w, p, p, C) -> (B, N, P)
        Tensor hidden = Vit.kept(patches, numbers(split.hidden(), split));
        if (!normalized) {
            return hidden;
        }
        Tensor off = hidden.sub(hidden.mean(new long[] {-1}, true, new org.bytedeco.pytorch.ScalarTypeOptional()));
        Tensor variance = off.square().sum(2).unsqueeze(2).div(new Scalar(hidden.size(2) - 1)); // (B, M, 1)
        return off.div(variance.add(new Scalar(1e-6)).sqrt());
    }
}

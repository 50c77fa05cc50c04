package dev.cultivar.objective;

import dev.cultivar.batch.Batch;
import dev.cultivar.evaluate.Metric;
import dev.cultivar.nn.Backbone;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.Mode;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.PictureDecoder;
import dev.cultivar.nn.PictureDrawing;
import dev.cultivar.recipe.PictureObjectiveRecipe;
import dev.cultivar.recipe.PictureObjectiveRecipe.Corruption;
import dev.cultivar.recipe.PictureObjectiveRecipe.Reconstruction;
import dev.cultivar.torch.Tensors;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/// An autoencoder (Hinton and Salakhutdinov, 2006): a picture is drawn again from the vector that the backbone makes of it. With corruption the
/// backbone sees the picture spoilt, and it is to be drawn as it was (Vincent et al., 2008).
///
/// Batches: `pixel_values` and `pixels` (B, C, H, W); with corruption also `corruption` (B, C, H, W): standard normal numbers to be scaled and
/// added, or ones where a value is to become 0.
final class Autoencoder implements Objective {
    private static final String DECODER = "decoder";
    private static final String TERM = "reconstruction";
    /// PyTorch's code for a sum.
    private static final long SUM = 2;

    private final Backbone backbone;
    private final PictureDecoder decoder;
    private final Normalizing normalizing;
    private final PictureObjectiveRecipe.Autoencoder recipe;

    Autoencoder(Model model, Normalizing normalizing, PictureObjectiveRecipe.Autoencoder recipe) {
        this.backbone = model.backbone();
        this.normalizing = normalizing;
        this.recipe = recipe;
        this.decoder = model.network(DECODER, PictureDecoder.class, weights -> backbone.mirror(weights, DECODER)
                .orElseGet(() -> drawing(backbone).declare(weights, DECODER, backbone.width(), normalizing.facts().shape())));
    }

    /// What draws pictures from the vectors of a backbone, or from something smaller: as the backbone reads them.
    static PictureDrawing drawing(Backbone backbone) {
        return backbone.flattens() ? new PictureDrawing.Dense(List.of(backbone.width()), 0) : new PictureDrawing.Growing();
    }

    /// What the backbone sees.
    private Inputs seen(Inputs inputs) {
        return switch (recipe.corruption()) {
            case Corruption.None _ -> inputs;
            case Corruption.Gaussian(double deviation) -> normalizing.inputs(
                    inputs, inputs.tensor(Normalizing.PIXELS).add(inputs.tensor("corruption").mul(new Scalar(deviation))));
            case Corruption.Mask _ -> normalizing.inputs(
                    inputs, inputs.tensor(Normalizing.PIXELS).mul(inputs.tensor("corruption").neg().add(new Scalar(1))));
        };
    }

    /// (B, C, H, W) before values are brought into [0, 1]
    private Tensor logits(Inputs inputs, Mode mode) {
        Inputs seen = seen(inputs);
        Tensor code = backbone.pooled(backbone.forward(seen, mode), seen, mode); // (B, F)
        return decoder.logits(code, mode).to(torch.ScalarType.Float);
    }

    /// The pictures as they are drawn again, in [0, 1].
    Tensor reconstruction(Inputs inputs, Mode mode) {
        return torch.sigmoid(logits(inputs, mode));
    }

    @Override
    public Denominators denominators(Batch batch) {
        return Denominators.of(TERM, (double) batch.rows() * normalizing.facts().shape().values());
    }

    @Override
    public Loss loss(Model model, Inputs inputs, Mode mode) {
        Tensor logits = logits(inputs, mode);
        Tensor pixels = inputs.tensor(Normalizing.PIXELS);
        return Loss.of(new Loss.Term(TERM, switch (recipe.loss()) {
            case MSE -> torch.mse_loss(torch.sigmoid(logits), pixels, SUM);
            case BCE -> torch.binary_cross_entropy_with_logits(logits, pixels, new TensorOptional(), new TensorOptional(), SUM);
        }, 1));
    }

    @Override
    public double headFlops(Model model) {
        return decoder.flops();
    }

    @Override
    public boolean concurrent() {
        return true;
    }

    @Override
    public Measurement measurement(Model model) {
        return new Errors();
    }

    /// How far pictures are from what is drawn of them: the mean squared difference of a value, whatever the loss is; and the loss.
    private final class Errors implements Measurement {
        private final RowLosses errors = new RowLosses("reconstruction_error");
        private final RowLosses losses = new RowLosses("reconstruction_loss");

        @Override
        public void add(Inputs inputs) {
            Tensor logits = logits(inputs, Mode.INFERENCE);
            Tensor pixels = inputs.tensor(Normalizing.PIXELS);
            add(errors, torch.sigmoid(logits).sub(pixels).square(), inputs.batch().rows());
            if (recipe.loss() == Reconstruction.BCE) {
                add(losses, torch.binary_cross_entropy_with_logits(logits, pixels, new TensorOptional(), new TensorOptional(), 0),
                        inputs.batch().rows());
            }
        }

        /// @param each (B, C, H, W)
        private static void add(RowLosses to, Tensor each, int rows) {
            float[] means = Tensors.floats(each.flatten(1, -1).mean(1));
            for (int row = 0; row < rows; row++) {
                to.add(means[row], 1);
            }
        }

        @Override
        public List<Metric> metrics() {
            return recipe.loss() == Reconstruction.BCE
                    ? List.of(errors.scores().loss(), losses.scores().loss())
                    : List.of(errors.scores().loss());
        }
    }
}

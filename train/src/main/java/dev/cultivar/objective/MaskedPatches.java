package dev.cultivar.objective;

import dev.cultivar.batch.Batch;
import dev.cultivar.evaluate.Metric;
import dev.cultivar.nn.ImageShape;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.Mode;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.PatchEncoder;
import dev.cultivar.nn.PatchPainter;
import dev.cultivar.recipe.PictureObjectiveRecipe;
import dev.cultivar.recipe.RecipeException;
import dev.cultivar.torch.Tensors;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/// Masked patches (MAE; He et al., 2022): the backbone sees a few patches of a picture, and a small transformer draws the others from what it makes of
/// them. Only what was hidden counts.
///
/// Batches: `pixel_values` (B, C, H, W) and `masked` (B, N), ones where a patch is hidden, the same count in each row.
final class MaskedPatches implements Objective {
    private static final String TERM = "masked_patches";
    private static final String MASKED = "masked";

    private final PatchPainter painter;
    private final boolean normalized;
    private final double probability;

    MaskedPatches(Model model, PictureObjectiveRecipe.MaskedPatches recipe) {
        PatchEncoder encoder = model.backbone().patchEncoder().orElseThrow(() -> new RecipeException(
                "objective masked_patches needs a backbone that cuts pictures into patches, as one of kind vit does, got "
                        + model.backbone().config().get("model_type")));
        ImageShape image = encoder.image();
        if (image.height() % encoder.patch() != 0 || image.width() % encoder.patch() != 0) {
            throw new RecipeException("objective masked_patches needs pictures that are cut into whole patches, got " + image.height() + " x "
                    + image.width() + " and patches of " + encoder.patch() + " x " + encoder.patch());
        }
        normalized = recipe.normalize();
        probability = recipe.probability();
        var decoder = recipe.decoder();
        painter = PatchPainter.of(model, encoder, decoder.layers(), decoder.width(), decoder.heads());
    }

    @Override
    public Denominators denominators(Batch batch) {
        return Denominators.of(TERM, Arrays.stream(batch.ints(MASKED).values()).sum());
    }

    /// The mean squared difference of each hidden patch: (B, M)
    private Tensor each(Inputs inputs, Mode mode) {
        var split = split(inputs.batch());
        return painter.paint(inputs, split, mode).sub(painter.hidden(inputs, split, normalized)).square().mean(2);
    }

    /// Filler rows of a canonical batch are hidden as the first row is, so that all rows show as many patches.
    private static PatchPainter.Split split(Batch batch) {
        Batch.Field.Ints field = batch.ints(MASKED);
        int rows = Math.toIntExact(field.shape()[0]);
        int patches = field.values().length / rows;
        int[] masked = field.values().clone();
        for (int row = batch.rows(); row < rows; row++) {
            System.arraycopy(masked, 0, masked, row * patches, patches);
        }
        return PatchPainter.Split.of(masked, rows);
    }

    @Override
    public Loss loss(Model model, Inputs inputs, Mode mode) {
        return Loss.of(new Loss.Term(TERM, each(inputs, mode).sum(), 1));
    }

    /// Hidden patches do not go through the backbone.
    @Override
    public double headFlops(Model model) {
        return painter.flops() - probability * model.backbone().forwardFlops(0);
    }

    @Override
    public boolean concurrent() {
        return true;
    }

    @Override
    public Measurement measurement(Model model) {
        return new Errors();
    }

    /// How far hidden patches are from what is drawn of them, a picture.
    private final class Errors implements Measurement {
        private final RowLosses losses = new RowLosses("masked_patch_loss");

        @Override
        public void add(Inputs inputs) {
            Tensor each = each(inputs, Mode.INFERENCE);
            int hidden = Math.toIntExact(each.size(1));
            float[] values = Tensors.floats(each);
            for (int row = 0; row < inputs.batch().rows(); row++) {
                double sum = 0;
                for (int i = row * hidden; i < (row + 1) * hidden; i++) {
                    sum += values[i];
                }
                losses.add(sum, hidden);
            }
        }

        @Override
        public List<Metric> metrics() {
            return List.of(losses.scores().loss());
        }
    }
}

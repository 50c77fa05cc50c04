package dev.cultivar.objective;

import dev.cultivar.batch.Batch;
import dev.cultivar.nn.Inputs;
import dev.cultivar.nn.Mode;
import dev.cultivar.nn.Model;
import dev.cultivar.nn.NoGradient;
import dev.cultivar.nn.RowClassifier;
import dev.cultivar.recipe.PictureObjectiveRecipe;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/// FixMatch (Sohn et al., 2020, equations 3 and 4): classification of pictures with labels, and of pictures without: what is said surely of one
/// that was changed a little is taken for its label where it was changed much.
///
/// Batches: `pixel_values` (B, C, H, W) and `labels` (B); `weak` and `strong` (U, C, H, W), the pictures without labels changed a little and much.
final class FixMatch implements OverRows {
    static final String LABELLED = "classification";
    static final String CONSISTENT = "consistency";
    private static final String WEAK = "weak";
    private static final String STRONG = "strong";

    private final Classification classification;
    private final double threshold;
    private final double weight;
    private final int ratio;

    FixMatch(RowClassifier network, PictureObjectiveRecipe.FixMatch recipe, List<String> labels) {
        this.classification = new Classification(network, 0, new float[0], 0, labels);
        this.threshold = recipe.threshold();
        this.weight = recipe.weight();
        this.ratio = recipe.ratio();
    }

    @Override
    public RowClassifier network() {
        return classification.network();
    }

    /// Pictures that nothing is sure of count as well: few sure ones among many are a small loss, not a mean over few.
    @Override
    public Denominators denominators(Batch batch) {
        long labelled = IntStream.of(batch.ints("labels").values()).filter(label -> label != CrossEntropy.IGNORED).count();
        return Denominators.of(LABELLED, labelled).plus(Denominators.of(CONSISTENT, batch.field(STRONG).shape()[0]));
    }

    @Override
    public Loss loss(Model model, Inputs inputs, Mode mode) {
        Tensor said;
        try (var without = new NoGradient()) {
            said = torch.softmax(network().logits(inputs.with(Normalizing.VALUES, inputs.tensor(WEAK)), mode).to(torch.ScalarType.Float), 1); // (U, K)
        }
        Tensor pictures = inputs.tensor(Normalizing.VALUES);
        Tensor both = torch.cat(new TensorVector(pictures, inputs.tensor(STRONG)), 0); // (B + U, C, H, W)
        Tensor logits = network().logits(inputs.with(Normalizing.VALUES, both), mode); // (B + U, K)
        Tensor labelled = logits.narrow(0, 0, pictures.size(0));
        Tensor strong = logits.narrow(0, pictures.size(0), said.size(0));
        return Loss.of(
                new Loss.Term(LABELLED, CrossEntropy.sum(labelled, inputs.tensor("labels"), 0), 1),
                new Loss.Term(CONSISTENT, consistency(said, strong).sum(), weight));
    }

    /// What each picture without a label costs, nothing where nothing is sure: (U)
    ///
    /// @param said   of it changed a little, chances (U, K)
    /// @param strong of it changed much, scores (U, K)
    Tensor consistency(Tensor said, Tensor strong) {
        Tensor label = said.argmax(new LongOptional(1), false); // (U)
        Tensor sure = said.amax(new long[] {1}, false).ge(new Scalar(threshold)).to(torch.ScalarType.Float);
        return CrossEntropy.each(strong, label).mul(sure);
    }

    /// Pictures without labels go through the backbone changed much, and once more changed a little, but that time not back.
    @Override
    public double headFlops(Model model) {
        return ratio * (1 + 1 / 3.0) * model.backbone().forwardFlops(0);
    }

    @Override
    public Measurement measurement(Model model) {
        return classification.measurement(model);
    }
}
